"""Notes to insights that can be stored: each under a code that stays, for the segments that its labels name."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.evidence.insights.given import GivenEvidence, NewInsight
from app.research.insights.boards.stickies import Sticky
from app.research.insights.forms import CODE, LONGEST_LINE, LONGEST_STATEMENT
from app.text import normalise

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MORE_THAN_DIGITS = re.compile(r"\D")


@dataclass(frozen=True)
class Prepared:
    """An insight of a file, the note that it was, and what is to be said of it."""

    insight: NewInsight
    sticky: Sticky
    problems: tuple[str, ...]


def prepare(stickies: Sequence[Sticky], segments: Mapping[str, str], author: str) -> tuple[Prepared, ...]:
    """Make insights of notes; where two say the same, they are one with the evidence of both.

    Args:
        stickies: the notes that are insights.
        segments: the slugs of the study's segments by all their names, in small letters.
        author: who concluded it, where a note does not say.
    """
    made: dict[str, Prepared] = {}
    for sticky in stickies:
        new = _prepared(sticky, segments, author)
        code = new.insight.code
        made[code] = _joined(made[code], new) if code in made else new
    return tuple(made.values())


def _prepared(sticky: Sticky, segments: Mapping[str, str], author: str) -> Prepared:
    statement = normalise(" ".join(sticky.text.split()))[:LONGEST_STATEMENT]
    labels = [label.casefold() for label in (*sticky.labels, sticky.theme or "")]
    insight = NewInsight(
        code=_code(sticky, statement),
        author=normalise(sticky.author or author)[:LONGEST_LINE],
        statement=statement,
        date=_date(sticky.date),
        segments=tuple(dict.fromkeys(segments[label] for label in labels if label in segments)),
        theme=normalise(sticky.theme)[:LONGEST_LINE] if sticky.theme else None,
        evidence=tuple(GivenEvidence(words.words, words.stance) for words in sticky.evidence),
    )
    return Prepared(insight, sticky, () if sticky.evidence else ("nothing says what it rests on",))


def _code(sticky: Sticky, statement: str) -> str:
    """The code that the file gives, where it can be one; else one made of the statement, so that it stays the same."""
    if sticky.code and re.fullmatch(CODE, sticky.code) and _MORE_THAN_DIGITS.search(sticky.code):
        return sticky.code
    words = " ".join(re.findall(r"\w+", statement.casefold()))
    return f"B-{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def _date(text: str | None) -> dt.date | None:
    match = _DATE.search(text or "")
    try:
        return dt.date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None


def _joined(first: Prepared, again: Prepared) -> Prepared:
    return Prepared(
        replace(first.insight, evidence=(*first.insight.evidence, *again.insight.evidence)),
        replace(first.sticky, evidence=(*first.sticky.evidence, *again.sticky.evidence)),
        (*first.problems, f"line {again.sticky.line}: the same insight again"),
    )
