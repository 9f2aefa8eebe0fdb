"""The story of a job in an interview, as a chat model told it: every entry with the participant's own words."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.answering.quotable import cite_spans
from app.answering.schemas import Citation
from app.library.interviews import read_interview
from app.library.queries import find_study
from app.library.schemas import Entry
from app.text import Span
from app.vocabulary import JobField

_RECORD = """
SELECT job_record.id, chat_model, prompt FROM job_record
  JOIN interview ON interview.transcript_id = job_record.transcript_id
WHERE interview.study_id = :study_id AND interview.code = :interview
"""

_ENTRIES = """
SELECT field, statement, utterance_id, start, "end" FROM job_record_entry WHERE record_id = :record_id ORDER BY place
"""


class StoryEntry(Entry):
    """One thing in the story: `statement` is a machine's wording, `quote` the words of the participant that say it."""

    statement: str
    generated: bool = True
    quote: Citation


class JobStory(Entry):
    """How a participant came to switch: the four forces, the timeline, who was hired, fired and considered.

    A field without entries was not told. Without a chat model at ingest nobody told the story: `chat_model` is null.
    """

    study: str
    interview: str
    participants: tuple[str, ...]
    chat_model: str | None
    prompt: str | None
    story: dict[JobField, tuple[StoryEntry, ...]]


def read_job_story(session: Session, study: str, interview: str) -> JobStory:
    """Read the story of an interview's job, with what may be quoted of it.

    Raises:
        NotFoundError: there is no such study or interview.
    """
    known = read_interview(session, study, interview)
    study_id = find_study(session, study)
    found = {"study_id": study_id, "interview": interview}
    record = session.execute(text(_RECORD), found).one_or_none()
    rows = session.execute(text(_ENTRIES), {"record_id": record.id}).all() if record else []
    return JobStory(
        study=study,
        interview=interview,
        participants=known.participants,
        chat_model=record.chat_model if record else None,
        prompt=record.prompt if record else None,
        story=_by_field(session, study, study_id, rows),
    )


def _by_field(
    session: Session, study: str, study_id: uuid.UUID, rows: Sequence[Row[Any]]
) -> dict[JobField, tuple[StoryEntry, ...]]:
    quotes = cite_spans(session, study, study_id, [(row.utterance_id, Span(row.start, row.end)) for row in rows])
    told = [(row, quote) for row, quote in zip(rows, quotes, strict=True) if quote]
    return {
        field: tuple(StoryEntry(statement=row.statement, quote=quote) for row, quote in told if row.field == field)
        for field in JobField
    }
