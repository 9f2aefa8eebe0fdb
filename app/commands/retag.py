"""`verbatim retag`: the tags of the bundled models, made anew."""

from collections.abc import Iterator
from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened
from app.commands.output import Line, line, write, write_json
from app.commands.progress import progress_bar
from ingest.enrichment.enrich import EnrichmentReport
from ingest.retag import RetagReport, retag_study

app = typer.Typer()


@app.command()
def retag(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="The study whose interviews are tagged anew.")],
    as_json: options.AsJson = False,
) -> None:
    """Tag all interviews of a study anew; what persons tagged stays.

    What persons tagged serves as example: the more of it, the better the tags elsewhere. With a chat model, it tags,
    and notes a gist of each passage and the story of each interview.
    """
    with opened() as services, progress_bar("Tagging") as advance:
        report = retag_study(services, study, advance)
    if as_json:
        write_json(report)
    else:
        write(report_lines(report))


def report_lines(report: RetagReport) -> Iterator[Line]:
    """Say what was tagged."""
    yield line((report.study, "bold"), f": {report.interviews} interviews tagged anew, {report.taggings} tags")
    yield from enrichment_lines(report.enriched)


def enrichment_lines(enriched: EnrichmentReport) -> Iterator[Line]:
    """Say what a chat model made, and what is left for later; nothing where it had nothing to do."""
    if enriched.changed:
        yield line(f"by the chat model: {enriched.passages} passages noted, {enriched.stories} stories told")
    if enriched.failed:
        yield line((f"{enriched.failed} replies could not be used; run `verbatim retag` again", "yellow"))
    if enriched.ended_by:
        yield line((f"the rest is left for later: {enriched.ended_by}", "yellow"))
