"""`verbatim retag`: the tags of the bundled models, made anew."""

from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened
from app.commands.output import Line, line, write, write_json
from app.commands.progress import progress_bar
from ingest.retag import RetagReport, retag_study

app = typer.Typer()


@app.command()
def retag(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="The study whose interviews are tagged anew.")],
    as_json: options.AsJson = False,
) -> None:
    """Tag all interviews of a study anew; what persons tagged stays.

    What persons tagged serves as example: the more of it, the better the tags elsewhere.
    """
    with opened() as services, progress_bar("Tagging") as advance:
        report = retag_study(services, study, advance)
    if as_json:
        write_json(report)
    else:
        write([report_line(report)])


def report_line(report: RetagReport) -> Line:
    """Say what was tagged."""
    return line((report.study, "bold"), f": {report.interviews} interviews tagged anew, {report.taggings} tags")
