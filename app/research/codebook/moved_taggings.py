"""The SQL of taggings that go from one code to another, and back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.research.codebook.schemas import Split

_DROP_DOUBLED = """
DELETE FROM tagging AS own USING tagging AS other
WHERE own.study_id = :study_id AND own.code_id = :code_id AND other.code_id = :target_id
  AND (other.utterance_id, other.author, other.start, other."end")
    = (own.utterance_id, own.author, own.start, own."end")
RETURNING other.id, own.polarity
"""

_MOVE = "UPDATE tagging SET code_id = :target_id WHERE study_id = :study_id AND code_id = :code_id RETURNING id"

_MOVE_THESE = "UPDATE tagging SET code_id = :target_id WHERE study_id = :study_id AND id = ANY(:ids) RETURNING id"

_COPY = """
INSERT INTO tagging (study_id, utterance_id, code_id, start, "end", polarity, author, basis, confidence, created_at)
SELECT study_id, utterance_id, :target_id, start, "end", copied.polarity, author, basis, confidence, created_at
FROM unnest(CAST(:ids AS uuid[]), CAST(:polarities AS text[])) AS copied(id, polarity) JOIN tagging USING (id)
WHERE study_id = :study_id ON CONFLICT DO NOTHING RETURNING tagging.id
"""

_CHOSEN = """
SELECT tagging.id FROM tagging JOIN quotable AS passage ON passage.utterance_id = tagging.utterance_id
  JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
WHERE tagging.code_id = :code_id AND tagging.study_id = :study_id AND {conditions} ORDER BY tagging.id
"""
_CONDITIONS = {
    "taggings": "tagging.id = ANY(:taggings)",
    "participants": "participant.code = ANY(:participants)",
    "segments": "segment.slug = ANY(:segments)",
}

# The file that a person's tagging came from would bring it back to its former code.
_NOTE_MOVED = """
INSERT INTO tagging_review (study_id, utterance_id, code_id, verdict, start, "end", polarity, tagger, basis, confidence,
  author, tagging_id)
SELECT study_id, utterance_id, :code_id, 'corrected', start, "end", polarity, author, basis, confidence, :author, id
FROM tagging WHERE study_id = :study_id AND id = ANY(:ids) AND basis = 'person'
"""

_UNKNOWN = """
SELECT 'participants' AS field, name FROM unnest(CAST(:participants AS text[])) AS name
WHERE NOT EXISTS (SELECT FROM participant WHERE study_id = :study_id AND code = name)
UNION ALL SELECT 'segments', name FROM unnest(CAST(:segments AS text[])) AS name
WHERE NOT EXISTS (SELECT FROM segment WHERE study_id = :study_id AND slug = name)
UNION ALL SELECT 'taggings', CAST(name AS text) FROM unnest(CAST(:taggings AS uuid[])) AS name
WHERE NOT EXISTS (SELECT FROM tagging WHERE study_id = :study_id AND code_id = :code_id AND id = name)
ORDER BY field, name
"""


@dataclass(frozen=True)
class Move:
    """Taggings that went to another code; `doubled` were there already, with the polarity that they had here."""

    moved: tuple[uuid.UUID, ...]
    doubled: Mapping[uuid.UUID, str]


def move_all(session: Session, study_id: uuid.UUID, code_id: uuid.UUID, target_id: uuid.UUID) -> Move:
    """Move all taggings of a code to another; of two by one author on the same words that of the target stays."""
    codes = {"study_id": study_id, "code_id": code_id, "target_id": target_id}
    doubled = {row.id: row.polarity for row in session.execute(text(_DROP_DOUBLED), codes)}
    return Move(tuple(session.scalars(text(_MOVE), codes)), doubled)


def move_back(session: Session, study_id: uuid.UUID, target_id: uuid.UUID, move: Move) -> int:
    """Move what is left of moved taggings back to their code; how many there are."""
    ids = {"study_id": study_id, "target_id": target_id, "ids": list(move.moved)}
    moved = session.scalars(text(_MOVE_THESE), ids).all()
    copies = {"ids": list(move.doubled), "polarities": list(move.doubled.values())}
    return len(moved) + len(session.scalars(text(_COPY), {**ids, **copies}).all())


def choose(session: Session, study_id: uuid.UUID, code_id: uuid.UUID, split: Split) -> tuple[uuid.UUID, ...]:
    """The taggings of a code that a split chooses, of published interviews."""
    conditions = " AND ".join(sql for field, sql in _CONDITIONS.items() if getattr(split, field))
    parameters = {"study_id": study_id, "code_id": code_id, **_chosen(split)}
    return tuple(session.scalars(text(_CHOSEN.format(conditions=conditions)), parameters))


def move_chosen(
    session: Session, study_id: uuid.UUID, codes: tuple[uuid.UUID, uuid.UUID], ids: Sequence[uuid.UUID], author: str
) -> None:
    """Move these taggings from one code to another."""
    code_id, target_id = codes
    parameters = {"study_id": study_id, "code_id": code_id, "target_id": target_id, "ids": list(ids), "author": author}
    session.execute(text(_MOVE_THESE), parameters)
    session.execute(text(_NOTE_MOVED), parameters)


def unknown_names(
    session: Session, study_id: uuid.UUID, code_id: uuid.UUID, split: Split
) -> tuple[tuple[str, str], ...]:
    """What a split names that does not exist, with its field: people, segments, taggings of the code."""
    parameters = {"study_id": study_id, "code_id": code_id, **_chosen(split)}
    return tuple((row.field, row.name) for row in session.execute(text(_UNKNOWN), parameters))


def _chosen(split: Split) -> dict[str, list[str] | list[uuid.UUID]]:
    return {
        "taggings": list(split.taggings),
        "participants": list(split.participants),
        "segments": list(split.segments),
    }
