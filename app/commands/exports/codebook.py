"""`verbatim export codebook`: codes as a REFI-QDA codebook, or as CSV."""

from typing import Annotated

import typer

from app.commands import options
from app.commands.files import deliver
from app.commands.opening import opened_database
from app.commands.studies import choose_study
from app.research.exchange.codebook_table import export_codebook_table
from app.research.exchange.exports import export_codebook

app = typer.Typer()


@app.command()
def codebook(
    output: options.Output = None,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV.")] = False,
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Export the codes of a study as a REFI-QDA codebook (.qdc) or as CSV."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            content = export_codebook_table(session, slug) if csv else export_codebook(session, slug).decode()
    deliver(content, output, as_json=as_json)
