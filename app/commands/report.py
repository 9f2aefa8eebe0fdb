"""`verbatim report`: what a study comes to, as one HTML file or as Markdown."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.commands import options
from app.commands.files import deliver, format_of
from app.commands.opening import local_url, opened
from app.commands.studies import choose_study
from app.research.report.read import Wanted, read_report
from app.research.report.render import report_html, report_markdown

app = typer.Typer()


@app.command()
def report(
    study: options.StudyName = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file to write, report.html or report.md; without it, stdout."),
    ] = None,
    language: Annotated[Literal["en", "de", "es"], typer.Option(help="Of the report; quotes stay as they are.")] = "en",
    file_format: Annotated[
        Literal["html", "markdown"] | None, typer.Option("--format", help="Unset, as the file is named, else html.")
    ] = None,
) -> None:
    """Write what a study comes to as one HTML file, which needs nothing else, or as Markdown."""
    chosen = format_of(file_format, output, ("html", "markdown"))
    with opened() as services:
        host = local_url(services.settings.host, services.settings.port)
        slug = choose_study(services.database, study)
        with services.database.sessions() as session:
            wanted = Wanted(language, host, datetime.now(UTC).date())
            found = read_report(session, slug, wanted, services.embedder)
    deliver(report_markdown(found) if chosen == "markdown" else report_html(found), output)
