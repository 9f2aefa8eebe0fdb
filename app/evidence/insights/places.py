"""Where the evidence of an insight stands: quotes, or references to utterances, found in what participants said."""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.evidence.insights.given import GivenEvidence
from app.pseudonyms.replace import Replaced
from app.pseudonyms.store import marks_of
from app.text import Span, find_quote, normalise, plain_marks
from app.vault import Vault

_REFERENCE = re.compile(r"(?:\S*#)?(?:u-)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)

_PLACEHOLDER = "["
_MOST_AT_ONCE = 10_000

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

    Each text stands under the id of its utterance. `replaced` are quotable ones with what their placeholders stand for,
    where whoever gives the evidence may know it.
    """

    quotable: Mapping[uuid.UUID, str]
    others: Mapping[uuid.UUID, str]
    replaced: Mapping[uuid.UUID, Replaced] = field(default_factory=dict)


def read_said(session: Session, study_id: uuid.UUID, vault: Vault | None = None) -> Said:
    """Read what is said in the published interviews of a study; with a vault, also in its original words."""
    rows = session.execute(text(_SAID), {"study_id": study_id}).all()
    quotable = {row.id: row.text for row in rows if row.by_participant}
    replaced = _replaced(session, vault, quotable) if vault else {}
    return Said(quotable, {row.id: row.text for row in rows if not row.by_participant}, replaced)


def _replaced(session: Session, vault: Vault, quotable: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, Replaced]:
    marked = [id_ for id_, said in quotable.items() if _PLACEHOLDER in said]
    found: dict[uuid.UUID, Replaced] = {}
    for begin in range(0, len(marked), _MOST_AT_ONCE):
        marks = marks_of(session, vault, marked[begin : begin + _MOST_AT_ONCE])
        found |= {id_: Replaced(quotable[id_], stood) for id_, stood in marks.items()}
    return found


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
    if not places:
        places = list(_in_originals(words, said))
    if len(places) == 1:
        return places[0]
    if places:
        return SEVERAL
    return NOT_A_PARTICIPANT if any(wanted in text for text in other.values()) else NOBODY


def _in_originals(words: str, said: Said) -> Iterator[Place]:
    for id_, replaced in said.replaced.items():
        if span := find_quote(words, replaced.original):
            yield Place(id_, Span(*replaced.moved(span.start, span.end)))


def _referred(utterance_id: uuid.UUID, said: Said) -> Place | NoPlace:
    if utterance_id in said.quotable:
        return Place(utterance_id, Span(0, len(said.quotable[utterance_id])))
    return NOT_A_PARTICIPANT if utterance_id in said.others else NOBODY
