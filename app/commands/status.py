"""`verbatim status`: what became of each interview."""

from collections.abc import Iterator

import typer

from app.commands import options
from app.commands.opening import opened_database
from app.commands.output import Line, line, write, write_json
from app.library.pages import MOST_LIMIT, PageRequest
from app.library.studies import list_studies
from ingest.status import InterviewStatus, interview_statuses

app = typer.Typer()

_STYLES = {"published": "green", "failed": "bold red"}


@app.command()
def status(study: options.StudyName = None, as_json: options.AsJson = False) -> None:
    """Show what became of each interview."""
    with opened_database() as database, database.sessions() as session:
        slugs = [study] if study else [entry.slug for entry in list_studies(session, PageRequest(MOST_LIMIT)).studies]
        interviews = {slug: interview_statuses(session, slug) for slug in slugs}
    if as_json:
        write_json(interviews)
        return
    if not interviews:
        write([line("There is no study yet; run `verbatim ingest FOLDER`, or `verbatim demo` for the sample.")])
    for slug, statuses in interviews.items():
        published = sum(interview.status == "published" for interview in statuses)
        write([line((slug, "bold"), f": {published} of {len(statuses)} interviews published")])
        write(entry for interview in statuses for entry in _lines(interview))


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
