"""The SQL that several artefacts share: who may be quoted, what their words are tagged with, what they were asked."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.embedding import Embedder, Vectors
from app.index import active_model_id
from app.library.marks import Mark
from app.models import Code
from app.scope import Filters, filter_parameters, passage_conditions
from app.tagging.store import read_code_names
from app.vocabulary import Polarity

EVERYBODY = Filters()


@dataclass(frozen=True, slots=True)
class Person:
    """A participant of whom something may be quoted, and the languages of it."""

    code: str
    segment: str | None
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tagged:
    """Words of a participant that are tagged with a code."""

    person: str
    segment: str | None
    language: str
    code: str
    mark: Mark
    basis: Literal["person", "rule", "model"]
    confidence: float


@dataclass(frozen=True)
class CodeVectors:
    """The codes of a study itself, without the general codes of kinds: n names, and vectors of shape (n, dimension)."""

    names: tuple[str, ...]
    vectors: Vectors


_PEOPLE = """
SELECT participant.code, segment.slug AS segment, array_agg(DISTINCT passage.language) AS languages
FROM quotable AS passage JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
WHERE {conditions} GROUP BY participant.id, segment.id ORDER BY participant.code
"""

_TAGGED = """
SELECT participant.code AS person, segment.slug AS segment, passage.language, code.code, tagging.basis,
  tagging.confidence, utterance.id AS utterance_id, tagging.start, tagging."end", tagging.polarity
FROM quotable AS passage JOIN utterance ON utterance.id = passage.utterance_id AND utterance.role = 'participant'
  JOIN tagging ON tagging.utterance_id = utterance.id
  JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
  JOIN interview ON interview.id = passage.interview_id JOIN participant ON participant.id = passage.participant_id
  LEFT JOIN segment ON segment.id = participant.segment_id
WHERE {conditions} AND code.study_id = :study_id AND code.code = ANY(:tagged_codes)
  AND (NOT :by_persons OR tagging.basis = 'person')
ORDER BY interview.code, utterance.index, code.code, tagging.start, tagging.id
"""

_PUT = """
SELECT DISTINCT question.text, participant.code AS person
FROM quotable AS passage JOIN utterance AS question ON question.id = passage.question_id
  JOIN participant ON participant.id = passage.participant_id
WHERE {conditions} ORDER BY participant.code, question.text
"""


def read_people(session: Session, study_id: uuid.UUID, filters: Filters = EVERYBODY) -> tuple[Person, ...]:
    """Read who may be quoted at all, or under filters."""
    statement = text(_PEOPLE.format(conditions=passage_conditions(filters)))
    rows = session.execute(statement, {"study_id": study_id, **filter_parameters(filters)})
    return tuple(Person(row.code, row.segment, frozenset(row.languages)) for row in rows)


def read_tagged(
    session: Session,
    study_id: uuid.UUID,
    codes: Collection[str],
    filters: Filters = EVERYBODY,
    *,
    by_persons: bool = False,
) -> tuple[Tagged, ...]:
    """Read the words that are tagged with codes, in the order of interviews and utterances.

    Args:
        session: an open transaction.
        study_id: the study.
        codes: as they are called now.
        filters: whose words.
        by_persons: whether only taggings by persons count.
    """
    parameters = {"study_id": study_id, "tagged_codes": sorted(codes), "by_persons": by_persons}
    statement = text(_TAGGED.format(conditions=passage_conditions(filters)))
    rows = session.execute(statement, {**parameters, **filter_parameters(filters)})
    return tuple(
        Tagged(
            row.person,
            row.segment,
            row.language,
            row.code,
            Mark(row.utterance_id, row.start, row.end, Polarity(row.polarity)),
            row.basis,
            row.confidence,
        )
        for row in rows
    )


def read_put(session: Session, study_id: uuid.UUID, filters: Filters = EVERYBODY) -> tuple[tuple[str, str], ...]:
    """Read what interviewers put to people who may be quoted: their words, and to whom."""
    statement = text(_PUT.format(conditions=passage_conditions(filters)))
    rows = session.execute(statement, {"study_id": study_id, **filter_parameters(filters)})
    return tuple((row.text, row.person) for row in rows)


def current_codes(session: Session, study_id: uuid.UUID) -> dict[str, str]:
    """What each code that is in use, or was merged into one that is, is called now, by all that it was called."""
    in_use = set(session.scalars(select(Code.code).where(Code.study_id == study_id, Code.retired_at.is_(None))))
    names = read_code_names(session, study_id)
    return {called: name.code for called, name in names.items() if name.code in in_use}


def read_code_vectors(session: Session, study_id: uuid.UUID, embedder: Embedder) -> CodeVectors:
    """Read the vectors of the codes that are in use, to compare with those of an embedder.

    Raises:
        MixedIndexError: the stored vectors were made by another embedder.
    """
    active_model_id(session, embedder.identity)
    in_use = (Code.study_id == study_id, Code.retired_at.is_(None), Code.merged_into.is_(None), Code.code != Code.kind)
    rows = session.execute(select(Code.code, Code.embedding).where(*in_use).order_by(Code.code)).all()
    vectors = np.array([row.embedding for row in rows], np.float32).reshape(len(rows), embedder.identity.dimension)
    return CodeVectors(tuple(row.code for row in rows), vectors)
