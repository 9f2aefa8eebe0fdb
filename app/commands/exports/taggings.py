"""`verbatim export taggings`: taggings as CSV."""

from typing import Annotated

import typer

from app.commands import options
from app.commands.files import deliver
from app.commands.opening import opened_database
from app.commands.studies import choose_study
from app.research.exchange.taggings_table import export_taggings_table

app = typer.Typer()

WithModels = Annotated[bool, typer.Option("--with-models", help="Also what models and rules tagged.")]


@app.command()
def taggings(
    output: options.Output = None,
    with_models: WithModels = False,
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Export the taggings of a study as CSV."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            table = export_taggings_table(session, slug, with_models=with_models)
    deliver(table, output, as_json=as_json)
