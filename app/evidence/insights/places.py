"""Where the evidence of an insight stands: quotes, or references to utterances, found in what participants said."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.evidence.insights.given import GivenEvidence
from app.text import Span, find_quote, normalise, plain_marks

_REFERENCE = re.compile(r"(?:\S*#)?(?:u-)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)

_SAID = """
SELECT utterance.id, utterance.text, utterance.role = 'participant' AS by_participant
FROM interview JOIN utterance ON utterance.transcript_id = interview.transcript_id
  LEFT JOIN quotable AS passage ON passage.utterance_id = utterance.id
WHERE interview.study_id = :study_id AND utterance.study_id = :study_id
  AND (utterance.role <> 'participant' OR passage.utterance_id IS NOT NULL)
ORDER BY interview.code, utterance.index
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a participant: a span of an utterance."""

    utterance_id: uuid.UUID
    span: Span


@dataclass(frozen=True, slots=True)
class NoPlace:
    """Why evidence has no place, and what to do about it."""

    problem: str
    remedy: str


NOBODY = NoPlace("no participant says that", "copy the words exactly from the transcript; they lie in one utterance")
NOT_A_PARTICIPANT = NoPlace("that is not said by a participant", "only what participants say is evidence")
SEVERAL = NoPlace("several utterances have these words", "add words around them, or refer to the utterance by its id")


@dataclass(frozen=True)
class Said:
    """What is said in the published interviews of a study: by participants, as far as it may be quoted, and by others.

    Each text stands under the id of its utterance.
    """

    quotable: Mapping[uuid.UUID, str]
    others: Mapping[uuid.UUID, str]


def read_said(session: Session, study_id: uuid.UUID) -> Said:
    """Read what is said in the published interviews of a study."""
    rows = session.execute(text(_SAID), {"study_id": study_id}).all()
    quotable = {row.id: row.text for row in rows if row.by_participant}
    return Said(quotable, {row.id: row.text for row in rows if not row.by_participant})


def locate(evidence: Sequence[GivenEvidence], said: Said) -> list[Place | NoPlace]:
    """Find the place of each piece of evidence, or why it has none; words that stand at several places have none."""
    plain = {id_: plain_words(text) for id_, text in said.quotable.items()}
    other = {id_: plain_words(text) for id_, text in said.others.items()}
    return [_locate(normalise(given.words), said, plain, other) for given in evidence]


def plain_words(text: str) -> str:
    """Words with single spaces and plain marks between them, to be compared."""
    return " ".join(plain_marks(text).split())


def _locate(words: str, said: Said, plain: Mapping[uuid.UUID, str], other: Mapping[uuid.UUID, str]) -> Place | NoPlace:
    reference = _REFERENCE.fullmatch(words.strip())
    if reference:
        return _referred(uuid.UUID(reference[1]), said)
    wanted = plain_words(words)
    if not wanted:
        return NOBODY
    holding = [id_ for id_, text in plain.items() if wanted in text]
    places = [Place(id_, span) for id_ in holding if (span := find_quote(words, said.quotable[id_]))]
    if len(places) == 1:
        return places[0]
    if places:
        return SEVERAL
    return NOT_A_PARTICIPANT if any(wanted in text for text in other.values()) else NOBODY


def _referred(utterance_id: uuid.UUID, said: Said) -> Place | NoPlace:
    if utterance_id in said.quotable:
        return Place(utterance_id, Span(0, len(said.quotable[utterance_id])))
    return NOT_A_PARTICIPANT if utterance_id in said.others else NOBODY
