"""The SQL that reads taggings and verdicts on them; only what may be quoted is read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

_PLACE = """
  JOIN quotable AS passage ON passage.utterance_id = {table}.utterance_id
  JOIN utterance ON utterance.id = passage.utterance_id AND utterance.role = 'participant'
  JOIN interview ON interview.id = passage.interview_id JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
"""

WORDS = """utterance.id AS utterance, utterance.language, utterance.text, utterance.start_ms, utterance.end_ms,
  utterance.cues, participant.code AS participant, segment.slug AS segment, interview.code AS interview,
  question.text AS question_before"""
"""What `quote_words` needs of an utterance."""

_TAGGINGS = """
SELECT tagging.id, code.code, code.kind, tagging.polarity, tagging.basis, tagging.author, tagging.confidence,
  tagging.created_at, tagging.start, tagging."end", {words}
FROM tagging JOIN code ON code.id = tagging.code_id {place}
  LEFT JOIN utterance AS question ON question.id = passage.question_id
WHERE tagging.study_id = :study_id {conditions}
ORDER BY tagging.confidence {direction}, tagging.id {direction} LIMIT :limit
""".replace("{words}", WORDS).replace("{place}", _PLACE.format(table="tagging"))

_CONDITIONS = {
    "codes": "code.id = ANY(:codes)",
    "kinds": "code.kind = ANY(:kinds)",
    "participants": "participant.code = ANY(:participants)",
    "interviews": "interview.code = ANY(:interviews)",
    "bases": "tagging.basis = ANY(:bases)",
    "authors": "tagging.author = ANY(:authors)",
    "polarities": "tagging.polarity = ANY(:polarities)",
    "ids": "tagging.id = ANY(:ids)",
    "at_least": "tagging.confidence >= :at_least",
    "at_most": "tagging.confidence <= :at_most",
}
_LIVE = "code.retired_at IS NULL"

_NAMES = """
SELECT ARRAY(SELECT code FROM participant WHERE study_id = :study_id ORDER BY code) AS participants,
  ARRAY(SELECT code FROM interview WHERE study_id = :study_id ORDER BY code) AS interviews
"""

_IS_QUOTABLE = """
SELECT EXISTS (SELECT FROM quotable AS passage JOIN utterance ON utterance.id = passage.utterance_id
  WHERE passage.utterance_id = :utterance_id AND utterance.role = 'participant')
"""

_REVIEWS = """
SELECT tagging_review.id, verdict, tagging_review.author, tagging_review.created_at, undone_at, undone_by,
  code.code, polarity, tagger, basis, tagging_review.confidence, start, "end", utterance.text,
  participant.code AS participant, interview.code AS interview, utterance.id AS utterance, tagging_id AS tagging
FROM tagging_review JOIN code ON code.id = tagging_review.code_id {place}
WHERE tagging_review.study_id = :study_id AND {condition}
ORDER BY tagging_review.created_at DESC, tagging_review.id DESC LIMIT :limit
""".replace("{place}", _PLACE.format(table="tagging_review"))


@dataclass(frozen=True)
class TaggingFilters:
    """Which taggings are meant: values of one field widen, fields narrow.

    `codes` are ids; without them, and without ids of taggings, those of retired codes are left out. `at_least` and
    `at_most` are confidences.
    """

    codes: tuple[uuid.UUID, ...] | None = None
    kinds: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    interviews: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    polarities: tuple[str, ...] = ()
    ids: tuple[uuid.UUID, ...] = ()
    at_least: float | None = None
    at_most: float | None = None


def taggings_after(
    session: Session,
    study_id: uuid.UUID,
    filters: TaggingFilters,
    after: tuple[float, uuid.UUID] | None,
    limit: int,
    *,
    descending: bool,
) -> Sequence[RowMapping]:
    """Up to `limit` taggings after a confidence and id; the most confident first when it is descending."""
    given = {field.name: getattr(filters, field.name) for field in fields(filters)}
    given = {name: value for name, value in given.items() if value not in (None, ())}
    conditions = [_CONDITIONS[name] for name in given]
    if filters.codes is None and not filters.ids:
        conditions.append(_LIVE)
    if after is not None:
        conditions.append(f"(tagging.confidence, tagging.id) {'<' if descending else '>'} (:confidence, :id)")
    statement = _TAGGINGS.format(
        conditions="".join(f" AND {condition}" for condition in conditions),
        direction="DESC" if descending else "",
    )
    parameters: dict[str, Any] = {"study_id": study_id, "limit": limit}
    parameters |= {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    if after is not None:
        parameters["confidence"], parameters["id"] = after
    return session.execute(text(statement), parameters).mappings().all()


@dataclass(frozen=True)
class KnownNames:
    """The participants and interviews of a study, by code."""

    participants: tuple[str, ...]
    interviews: tuple[str, ...]


def known_names(session: Session, study_id: uuid.UUID) -> KnownNames:
    """Read which participants and interviews a study has."""
    row = session.execute(text(_NAMES), {"study_id": study_id}).one()
    return KnownNames(tuple(row.participants), tuple(row.interviews))


def is_quotable(session: Session, utterance_id: uuid.UUID) -> bool:
    """Whether an utterance is a participant's, published and may be quoted."""
    return bool(session.scalar(text(_IS_QUOTABLE), {"utterance_id": utterance_id}))


def reviews_before(
    session: Session, study_id: uuid.UUID, before: tuple[datetime, uuid.UUID], limit: int
) -> Sequence[RowMapping]:
    """Up to `limit` verdicts before a time and id, the newest first."""
    condition = "(tagging_review.created_at, tagging_review.id) < (:at, :id)"
    at, identifier = before
    parameters = {"study_id": study_id, "at": at, "id": identifier, "limit": limit}
    return session.execute(text(_REVIEWS.format(condition=condition)), parameters).mappings().all()


def reviews_by_id(session: Session, study_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, RowMapping]:
    """Verdicts of a study by their ids."""
    statement = text(_REVIEWS.format(condition="tagging_review.id = ANY(:ids)"))
    rows = session.execute(statement, {"study_id": study_id, "ids": list(ids), "limit": len(ids)}).mappings()
    return {row["id"]: row for row in rows}
