"""The SQL that changes taggings: put by persons, taken away, and put back."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Result, RowMapping, delete, func, insert, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.models import Tagging, TaggingReview
from app.text import Span

_KEY = ("utterance_id", "code_id", "author", "start", "end")

# What waits for a retagging, or for a new version, waits for the verdict, and the other way round.
_HELD = """
SELECT tagging.id, tagging.utterance_id, tagging.code_id, tagging.start, tagging."end", tagging.polarity,
  tagging.author AS tagger, tagging.basis, tagging.confidence, utterance.text
FROM tagging JOIN quotable AS passage ON passage.utterance_id = tagging.utterance_id
  JOIN utterance ON utterance.id = passage.utterance_id JOIN interview ON interview.id = passage.interview_id
WHERE tagging.study_id = :study_id AND tagging.id = ANY(:ids)
ORDER BY interview.id, tagging.id FOR SHARE OF interview FOR UPDATE OF tagging
"""


@dataclass(frozen=True)
class Put:
    """A person's tagging to put in place."""

    utterance_id: uuid.UUID
    code_id: uuid.UUID
    span: Span
    polarity: str


@dataclass(frozen=True)
class Placed:
    """A person's tagging in place; not `is_new` where that person had said so before."""

    id: uuid.UUID
    is_new: bool


def hold_taggings(session: Session, study_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, RowMapping]:
    """Taggings of published interviews by their ids, which nobody else changes until the transaction ends."""
    rows = session.execute(text(_HELD), {"study_id": study_id, "ids": list(ids)}).mappings()
    return {row["id"]: row for row in rows}


def put_taggings(session: Session, study_id: uuid.UUID, author: str, taggings: Sequence[Put]) -> dict[Put, Placed]:
    """Put a person's taggings in place; the last one counts of several on the same words with the same code."""
    rows = {(put.utterance_id, put.code_id, put.span.start, put.span.end): put for put in taggings}
    if not rows:
        return {}
    values = [
        {"study_id": study_id, "author": author, "basis": "person", "confidence": 1.0, "polarity": put.polarity}
        | dict(zip(("utterance_id", "code_id", "start", "end"), key, strict=True))
        for key, put in rows.items()
    ]
    statement = upsert(Tagging).values(values)
    changed = {name: statement.excluded[name] for name in ("polarity", "basis", "confidence")}
    columns = (Tagging.id, Tagging.utterance_id, Tagging.code_id, Tagging.start, Tagging.end)
    placed: Result[Any] = session.execute(
        statement.on_conflict_do_update(index_elements=list(_KEY), set_=changed).returning(
            *columns, literal_column("tagging.xmax = 0").label("is_new")
        )
    )
    by_key = {tuple(row)[1:5]: Placed(row.id, row.is_new) for row in placed}
    return {put: by_key[put.utterance_id, put.code_id, put.span.start, put.span.end] for put in taggings}


def delete_taggings(session: Session, study_id: uuid.UUID, ids: Collection[uuid.UUID]) -> None:
    """Delete taggings of a study."""
    session.execute(delete(Tagging).where(Tagging.study_id == study_id, Tagging.id.in_(ids)))


def note_reviews(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[uuid.UUID]:
    """Note verdicts, in their order; the ids that they got."""
    noted = [{"id": uuid.uuid4(), **row} for row in rows]
    for row in noted:
        session.execute(insert(TaggingReview).values(**row, created_at=func.clock_timestamp()))
    return [row["id"] for row in noted]


def take_back_rejections(session: Session, utterance_id: uuid.UUID, code_id: uuid.UUID, author: str) -> None:
    """Take back that a suggestion of a model was rejected, now that a person says the same."""
    session.execute(
        update(TaggingReview)
        .where(
            TaggingReview.utterance_id == utterance_id,
            TaggingReview.code_id == code_id,
            TaggingReview.basis != "person",
            TaggingReview.verdict == "rejected",
            TaggingReview.undone_at.is_(None),
        )
        .values(undone_at=func.now(), undone_by=author)
    )


def hold_review(session: Session, study_id: uuid.UUID, review_id: uuid.UUID) -> TaggingReview | None:
    """A verdict, which nobody else takes back until the transaction ends."""
    found = select(TaggingReview).where(TaggingReview.study_id == study_id, TaggingReview.id == review_id)
    return session.scalar(found.with_for_update())


def put_back(session: Session, review: TaggingReview, code_id: uuid.UUID) -> None:
    """Put back the tagging that a verdict was about, unless it is there."""
    values = {
        "study_id": review.study_id,
        "utterance_id": review.utterance_id,
        "code_id": code_id,
        "start": review.start,
        "end": review.end,
        "polarity": review.polarity,
        "author": review.tagger,
        "basis": review.basis,
        "confidence": review.confidence,
    }
    session.execute(upsert(Tagging).values(**values).on_conflict_do_nothing())
