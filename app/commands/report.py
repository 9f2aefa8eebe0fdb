"""`verbatim report`: what a study comes to, as one HTML file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.commands import options
from app.commands.files import deliver
from app.commands.opening import local_url, opened_database, start
from app.commands.studies import choose_study
from app.research.report.read import Wanted, read_report
from app.research.report.render import render_report

app = typer.Typer()


@app.command()
def report(
    study: options.StudyName = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; without it, report.html goes to stdout.")
    ] = None,
    language: Annotated[Literal["en", "de", "es"], typer.Option(help="Of the report; quotes stay as they are.")] = "en",
) -> None:
    """Write what a study comes to as one HTML file, which needs nothing else and fetches nothing."""
    settings = start()
    host = local_url(settings.host, settings.port)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_report(session, slug, Wanted(language, host, datetime.now(UTC).date()))
    deliver(render_report(found, language), output)
