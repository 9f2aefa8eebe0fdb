"""Insights from a file of a board: read, checked against the study, linked with what participants said."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.insights.intake import Missing, locate_all, save_insights
from app.evidence.insights.places import read_said
from app.evidence.insights.store import Outcome
from app.frozen import Frozen
from app.library.queries import find_study
from app.models import Insight, Segment
from app.research.insights.boards.preparing import Prepared, prepare
from app.research.insights.boards.reading import Format, read_board
from app.research.insights.boards.stickies import assemble
from app.services import Services


@dataclass(frozen=True)
class BoardFile:
    """A file of a board; `author` is who concluded it, where the file does not say."""

    name: str
    data: bytes = field(repr=False)
    author: str


class ImportedInsight(Frozen):
    """What became of a note: how many quotes it is linked with, and what is wrong with the others, by line."""

    code: str
    line: int
    statement: str
    theme: str | None
    segments: tuple[str, ...]
    outcome: Outcome | None = Field(description="null in a dry run")
    linked: int
    problems: tuple[str, ...]


class BoardReport(Frozen):
    """What was read of a file, what was taken from where, and what became of it.

    `alone` are the lines of quotes that no conclusion goes with; `gone` the insights that came with this file before
    and are not in it now: they stay, until somebody retires them.
    """

    study: str
    format: Format
    columns: dict[str, str] = Field(description="what each column was taken for, by its header")
    dry_run: bool
    insights: tuple[ImportedInsight, ...]
    alone: tuple[int, ...]
    gone: tuple[str, ...]


def import_insights(services: Services, study: str, file: BoardFile, *, dry_run: bool = False) -> BoardReport:
    """Import the insights of a file; again, it brings them up to date.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: nothing can be read from the file.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    origin = PurePath(file.name).name
    with services.database.sessions.begin() as session:
        study_id = find_study(session, study)
        segments = _segments_by_name(session, study_id)
        known = _codes_from(session, study_id, origin)
    board = read_board(file.data, file.name)
    assembled = assemble(board.stickies)
    prepared = prepare(assembled.insights, segments, file.author)
    become = _preview(services, study_id, prepared) if dry_run else _store(services, study_id, origin, prepared)
    return BoardReport(
        study=study,
        format=board.format,
        columns=dict(board.columns),
        dry_run=dry_run,
        insights=tuple(become),
        alone=assembled.alone,
        gone=tuple(sorted(known - {each.insight.code for each in prepared})),
    )


def _store(
    services: Services, study_id: uuid.UUID, origin: str, prepared: Sequence[Prepared]
) -> Iterator[ImportedInsight]:
    saved = save_insights(services, study_id, origin, [each.insight for each in prepared])
    for each, become in zip(prepared, saved, strict=True):
        yield _told(each, become.outcome, become.linked, become.missing)


def _preview(services: Services, study_id: uuid.UUID, prepared: Sequence[Prepared]) -> Iterator[ImportedInsight]:
    with services.database.sessions.begin() as session:
        said = read_said(session, study_id)
    for each, located in zip(prepared, locate_all([each.insight for each in prepared], said), strict=True):
        yield _told(each, None, len(located.places), located.missing)


def _told(each: Prepared, outcome: Outcome | None, linked: int, missing: Sequence[Missing]) -> ImportedInsight:
    lines = [words.line for words in each.sticky.evidence]
    unfound = (f"line {lines[at.number]}: {at.reason.problem} → {at.reason.remedy}" for at in missing)
    edited = ("it was edited here; the file does not change it any more",) if outcome == "kept" else ()
    return ImportedInsight(
        code=each.insight.code,
        line=each.sticky.line,
        statement=each.insight.statement,
        theme=each.insight.theme,
        segments=each.insight.segments,
        outcome=outcome,
        linked=linked,
        problems=(*each.problems, *edited, *unfound),
    )


def _segments_by_name(session: Session, study_id: uuid.UUID) -> dict[str, str]:
    """The slugs of the segments of a study by slug, label and alias, in small letters."""
    segments = session.scalars(select(Segment).where(Segment.study_id == study_id).order_by(Segment.slug))
    return {
        str(name).casefold(): segment.slug
        for segment in segments
        for name in (*segment.aliases, *segment.labels.values(), segment.slug)
    }


def _codes_from(session: Session, study_id: uuid.UUID, origin: str) -> set[str]:
    """The codes of the insights of a study that came with a file."""
    return set(session.scalars(select(Insight.code).where(Insight.study_id == study_id, Insight.origin == origin)))
