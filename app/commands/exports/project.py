"""`verbatim export project`: a study as a REFI-QDA project."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.exports.taggings import WithModels
from app.commands.files import deliver
from app.commands.opening import opened_database
from app.commands.studies import choose_study
from app.research.exchange.exports import export_project

app = typer.Typer()


@app.command()
def project(
    output: Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="The file, nido.qdpx.")],
    with_models: WithModels = False,
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Export transcripts, codes and taggings as a REFI-QDA project (.qdpx)."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            content = export_project(session, slug, with_models=with_models)
    deliver(content, output, as_json=as_json)
