"""`verbatim status`: what became of each interview, external source and insight."""

from collections.abc import Iterator

import typer

from app.commands import options
from app.commands.opening import opened_database
from app.commands.output import Line, line, write, write_json
from app.library.pages import MOST_LIMIT, PageRequest
from app.library.studies import list_studies
from ingest.status import InterviewStatus, SourceStatus, StudyStatus, study_status

app = typer.Typer()

_STYLES = {"published": "green", "failed": "bold red"}


@app.command("status")
def show(study: options.StudyName = None, as_json: options.AsJson = False) -> None:
    """Show what became of each interview, external source and insight."""
    with opened_database() as database, database.sessions() as session:
        slugs = [study] if study else [entry.slug for entry in list_studies(session, PageRequest(MOST_LIMIT)).studies]
        statuses = {slug: study_status(session, slug) for slug in slugs}
    if as_json:
        write_json(statuses)
        return
    if not statuses:
        write([line("There is no study yet; run `verbatim ingest FOLDER`, or `verbatim demo` for the sample.")])
    for slug, status in statuses.items():
        write(_study_lines(slug, status))


def _study_lines(slug: str, status: StudyStatus) -> Iterator[Line]:
    published = sum(interview.status == "published" for interview in status.interviews)
    yield line((slug, "bold"), f": {published} of {len(status.interviews)} interviews published")
    for interview in status.interviews:
        yield from _lines(interview)
    if status.sources:
        read = sum(source.status == "published" for source in status.sources)
        yield line(("external sources", "bold"), f": {read} of {len(status.sources)} can be searched")
    for source in status.sources:
        yield from _source_lines(source)
    if status.insights:
        stale = [insight for insight in status.insights if insight.stale]
        yield line(("insights", "bold"), f": {len(status.insights)}, {len(stale)} of them stale")
        for insight in stale:
            yield line(f"{insight.insight}  ", (f"stale: {', '.join(insight.stale)}", "yellow"), indent=2)


def _source_lines(source: SourceStatus) -> Iterator[Line]:
    seen = f"  version {source.version}, {source.chunks} chunks" if source.version else ""
    style = _STYLES[source.status]
    yield line(f"{source.source}  ", (source.status, style), f"{seen}  {source.title}", indent=2)
    if source.problem:
        yield line((source.problem, "red"), indent=6)


def _lines(interview: InterviewStatus) -> Iterator[Line]:
    seen = ""
    if interview.version:
        roles = ", ".join(f"{role} {count}" for role, count in interview.roles.items())
        seen = (
            f"version {interview.version}, {interview.passages} of {interview.utterances} utterances quotable ({roles})"
        )
    stage = f" at {interview.stage}" if interview.status == "running" else ""
    yield line(
        f"{interview.interview}  ",
        (f"{interview.status}{stage}", _STYLES.get(interview.status, "yellow")),
        f"  {seen}",
        indent=2,
    )
    if interview.problem:
        yield line((interview.problem, "red"), indent=6)
    for warning in interview.warnings:
        yield line((warning, "yellow"), indent=6)
