"""`verbatim ingest`: study folders and the files of single conversations to published interviews."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.boundary import FAILED, complain
from app.commands.opening import opened
from app.commands.output import Line, line, write, write_json
from app.commands.progress import progress_bar
from app.commands.retag import enrichment_lines
from app.errors import AppError
from app.services import Services
from app.vocabulary import Mode
from ingest.file_facts import read_facts
from ingest.insights import InsightReport
from ingest.pipeline import IngestReport, InterviewReport, ingest_study
from ingest.single_file import ingest_file
from ingest.sources import SourceReport

app = typer.Typer()

_STYLES = {
    "published": "green",
    "added": "green",
    "changed": "green",
    "kept": "yellow",
    "unchanged": "dim",
    "waiting": "yellow",
    "erased": "yellow",
    "failed": "bold red",
}


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Study folders, or the files of one interview.")],
    study: Annotated[str | None, typer.Option(help="Of a file: its study, which is made if need be.")] = None,
    participant: Annotated[str | None, typer.Option(help="Of a file: who was interviewed, P24.")] = None,
    language: Annotated[str | None, typer.Option(help="Of a file: what the participant speaks, de.")] = None,
    mode: Annotated[Mode, typer.Option(help="Of a file: how the interview was held.")] = Mode.DIRECT,
    interviewer_language: Annotated[
        str | None, typer.Option(help="Of a file: what the interviewer of an interpreted interview speaks.")
    ] = None,
    channels: Annotated[str | None, typer.Option(help="Of a stereo file: left=interviewer,right=participant.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """Ingest study folders, or a conversation: its transcript, its recording or both.

    Only what is new or changed is processed; a broken transcript fails its interview alone.
    """
    facts = {
        "study": study,
        "participant": participant,
        "language": language,
        "mode": mode,
        "interviewer_language": interviewer_language,
        "channels": channels,
    }
    files = [path for path in paths if _is_file(path)]
    if files and len(files) < len(paths):
        raise typer.BadParameter("either folders, or the files of one conversation", param_hint="PATH")
    with opened() as services:
        reports = [_ingest_files(files, facts, services)] if files else [_ingest(path, services) for path in paths]
    done = [report for report in reports if report]
    if as_json:
        write_json(done)
    else:
        write(entry for report in done for entry in report_lines(report))
    if not all(report and report.succeeded for report in reports):
        raise typer.Exit(FAILED)


def report_lines(report: IngestReport) -> Iterator[Line]:
    """Lay out what became of a study."""
    counted = _counted([entry.status for entry in report.interviews])
    yield line((report.study, "bold"), f": {counted or 'no interviews'}")
    for entry in report.interviews:
        yield from _interview_lines(entry)
    yield from _source_lines(report.sources)
    yield from _insight_lines(report.insights)
    for fault in report.faults:
        yield line((str(fault), "red"), indent=2)
    yield from enrichment_lines(report.enriched)


def _interview_lines(report: InterviewReport) -> Iterator[Line]:
    yield line(f"{report.interview}  ", (report.status, _STYLES[report.status]), indent=2)
    for told in (*filter(None, [report.problem]), *report.warnings):
        yield line(told, indent=6)


def _source_lines(reports: Sequence[SourceReport]) -> Iterator[Line]:
    if reports:
        yield line(("external sources", "bold"), f": {_counted([report.status for report in reports])}")
    for report in reports:
        yield line(f"{report.source}  ", (report.status, _STYLES[report.status]), f"  {report.file}", indent=2)
        for told in (*filter(None, [report.problem]), *report.warnings):
            yield line(told, indent=6)


def _insight_lines(reports: Sequence[InsightReport]) -> Iterator[Line]:
    """Lay out what became of insights, one by one only where there is something to say."""
    if reports:
        yield line(("insights", "bold"), f": {_counted([report.status for report in reports])}")
    for report in reports:
        if report.warnings:
            yield line(f"{report.insight}  ", (report.status, _STYLES[report.status]), indent=2)
        for told in report.warnings:
            yield line((told, "yellow"), indent=6)


def _counted(statuses: Sequence[str]) -> str:
    counts = {status: statuses.count(status) for status in _STYLES if status in statuses}
    return ", ".join(f"{count} {status}" for status, count in counts.items())


def _is_file(path: Path) -> bool:
    """Whether a file is meant, also where none is."""
    return bool(path.suffix) and not path.is_dir()


def _ingest_files(paths: Sequence[Path], facts: Mapping[str, object], services: Services) -> IngestReport | None:
    """Ingest the files of one conversation; what cannot be used is complained of."""
    try:
        return ingest_file(read_facts(paths, facts), services)
    except AppError as error:
        complain(error)
        return None


def _ingest(path: Path, services: Services) -> IngestReport | None:
    """Ingest one folder; what cannot be used is complained of, and the others go on."""
    try:
        with progress_bar(f"Ingesting {path.name}") as advance:
            return ingest_study(path, services, advance)
    except AppError as error:
        complain(error)
        return None
