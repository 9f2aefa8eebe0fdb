"""Where a person puts a code: words of one utterance that a participant said, and that are published."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from app.research.codebook.tagging_schemas import NewTagging, Place
from app.text import Span, find_words, normalise
from app.vocabulary import Role

# The interview is held, so that no new version is published before the tagging is in place.
_UTTERANCE = """
SELECT utterance.id, utterance.role, utterance.text, utterance.transcript_id = interview.transcript_id AS is_current,
  EXISTS (SELECT FROM quotable AS passage WHERE utterance_id = utterance.id) AS is_quotable
FROM utterance JOIN interview ON interview.id = utterance.interview_id
WHERE utterance.study_id = :study_id AND utterance.id = :utterance_id FOR SHARE OF interview
"""

_TALK = """
SELECT utterance.id, utterance.text
FROM interview JOIN quotable AS passage ON passage.interview_id = interview.id
  JOIN utterance ON utterance.id = passage.utterance_id
WHERE interview.study_id = :study_id AND interview.code = :interview
ORDER BY utterance.index FOR SHARE OF interview
"""


@dataclass(frozen=True)
class Words:
    """A span of an utterance, with its text."""

    utterance_id: uuid.UUID
    text: str
    span: Span


def find_place(session: Session, study_id: uuid.UUID, new: NewTagging) -> Words:
    """Find the words that a tagging is about.

    Raises:
        NotFoundError: there is no such utterance or published interview.
        ConflictError: the transcript of the utterance was replaced.
        InvalidInputError: they are not a participant's, may not be quoted, do not exist or are not unique.
    """
    if new.utterance is None:
        return _find_quote(session, study_id, str(new.interview), str(new.quote))
    parameters = {"study_id": study_id, "utterance_id": new.utterance}
    row = session.execute(text(_UTTERANCE), parameters).one_or_none()
    if row is None:
        raise NotFoundError("there is no such utterance in this study")
    _check_quotable(row)
    return Words(row.id, row.text, find_span(row.text, new))


def find_span(words: str, place: Place, path: str = "") -> Span:
    """Find the span of an utterance that is meant; `path` is what the place is called by who gave it.

    Raises:
        InvalidInputError: it does not exist, holds no words, or a quote stands there more than once.
    """
    if place.quote is not None:
        return _sole(list(find_words(normalise(place.quote), words)), f"{path}quote")
    start, end = int(place.start or 0), int(place.end or 0)
    if start >= end or end > len(words):
        problem = f"[{start}, {end}) is no span of an utterance of {len(words)} characters"
        raise _wrong(f"{path}end", problem, "let end be after start, and not after the last character")
    if not words[start:end].strip():
        raise _wrong(f"{path}start", "there are no words", "choose words")
    return Span(start, end)


def _find_quote(session: Session, study_id: uuid.UUID, interview: str, quote: str) -> Words:
    rows = session.execute(text(_TALK), {"study_id": study_id, "interview": interview}).all()
    if not rows:
        raise NotFoundError(f"there is no published interview {interview!r} in this study")
    places = [Words(row.id, row.text, span) for row in rows for span in find_words(normalise(quote), row.text)]
    _sole([words.span for words in places], "quote")
    return places[0]


def _sole(spans: Sequence[Span], path: str) -> Span:
    if not spans:
        remedy = "copy the words exactly; a quote lies in one utterance of the participant"
        raise _wrong(path, "nobody says that there", remedy)
    if len(spans) > 1:
        raise _wrong(path, f"that is said {len(spans)} times", "quote more, or name utterance, start and end")
    return spans[0]


def _check_quotable(row: Row[Any]) -> None:
    if row.role != Role.PARTICIPANT:
        raise _wrong("utterance", f"it is said by the {row.role}", "choose an utterance of a participant")
    if not row.is_current:
        raise ConflictError("its transcript was replaced: tag the utterance of the published version")
    if not row.is_quotable:
        raise _wrong("utterance", "the participant may not be quoted", "choose an utterance that may be quoted")


def _wrong(place: str, problem: str, remedy: str) -> InvalidInputError:
    return InvalidInputError("these words cannot be tagged", (Fault(place, problem, remedy),))
