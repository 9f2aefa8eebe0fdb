"""Sticky notes to insights: what is a conclusion, and what is a quote that it rests on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.answering.quotation import quotations
from app.vocabulary import Stance

LEAST_QUOTED_WORDS = 3
"""Fewer words in quotation marks are a way of speaking, no quote."""
LEAST_STATEMENT_WORDS = 4
"""A theme of so many words says something by itself: it is what the quotes under it come to."""

_WORD = re.compile(r"\w+")
_AGAINST = r"\s*\b(?:against|contradicted by|dagegen|en contra)\s*:\s*"
_BEGINS_AGAINST = re.compile(_AGAINST, re.IGNORECASE)
_ENDS_AGAINST = re.compile(f"{_AGAINST}$", re.IGNORECASE)
_ATTRIBUTION = re.compile(r"\s*(?:[—–-]{1,2}\s*)?\(?\b(?:P\d{1,4}|I\d{1,4})(?:\s*[,/·]\s*\S{1,20}){0,3}\)?[.,;:]?\s*$")
_EDGES = " \t\n-–—:;,|>"


@dataclass(frozen=True, slots=True)
class GivenWords:
    """Words that are said to be a participant's, and the line that they stand in."""

    words: str
    line: int
    stance: Stance = Stance.FOR


@dataclass(frozen=True, slots=True)
class Sticky:
    """A note of a board, or a line of a list, as it was found; `labels` may name segments."""

    line: int
    text: str
    theme: str | None = None
    code: str | None = None
    author: str | None = None
    date: str | None = None
    labels: tuple[str, ...] = ()
    evidence: tuple[GivenWords, ...] = ()


@dataclass(frozen=True, slots=True)
class Assembled:
    """Notes that are insights, each with its evidence, and the lines of quotes that no conclusion goes with."""

    insights: tuple[Sticky, ...]
    alone: tuple[int, ...]


def assemble(stickies: Sequence[Sticky]) -> Assembled:
    """Tell conclusions from quotes.

    What stands in quotation marks in a note is evidence of the rest of the note. A note that is a quote as a whole is
    evidence of the conclusion before it under the same theme, else of the one after it; where a theme has quotes alone,
    it is their conclusion if it says something.
    """
    insights: list[Sticky] = []
    alone: list[int] = []
    for theme, notes in groupby(_by_theme(stickies), lambda sticky: sticky.theme):
        made, left = _assemble_theme(theme, [_taken_apart(sticky) for sticky in notes])
        insights += made
        alone += left
    return Assembled(tuple(sorted(insights, key=lambda sticky: sticky.line)), tuple(sorted(alone)))


def _by_theme(stickies: Sequence[Sticky]) -> list[Sticky]:
    """Notes of one theme together, in their order; what has no theme stays where it is."""
    places = {theme: place for place, theme in enumerate(dict.fromkeys(sticky.theme for sticky in stickies))}
    return sorted(stickies, key=lambda sticky: places[sticky.theme])


def _taken_apart(sticky: Sticky) -> Sticky:
    """Take the quotes out of the text of a note."""
    rest, found = sticky.text, []
    for quotation in sorted(quotations(sticky.text), key=lambda each: each.span.start, reverse=True):
        is_whole = quotation.words == sticky.text.strip()[1:-1].strip()
        if quotation.words and (is_whole or len(_WORD.findall(quotation.words)) >= LEAST_QUOTED_WORDS):
            before, after = rest[: quotation.span.start], rest[quotation.span.end :]
            stance = Stance.AGAINST if _ENDS_AGAINST.search(before) else Stance.FOR
            found.append(GivenWords(quotation.words.strip(), sticky.line, stance))
            rest = f"{_ENDS_AGAINST.sub('', before)} {after}"
    if not found:
        return sticky
    statement = _ATTRIBUTION.sub("", " ".join(rest.split())).strip(_EDGES)
    return replace(sticky, text=statement, evidence=(*reversed(found), *sticky.evidence))


def _assemble_theme(theme: str | None, notes: Sequence[Sticky]) -> tuple[list[Sticky], list[int]]:
    """The insights of one theme, and the lines of quotes that nothing goes with."""
    insights = [note for note in notes if _WORD.search(note.text)]
    quotes = [note for note in notes if not _WORD.search(note.text)]
    if not insights and theme is not None and len(_WORD.findall(theme)) >= LEAST_STATEMENT_WORDS and quotes:
        insights = [replace(quotes[0], text=theme, evidence=())]
    if not insights:
        return [], [note.line for note in quotes]
    for note in quotes:
        place = max((number for number, each in enumerate(insights) if each.line <= note.line), default=0)
        insights[place] = replace(insights[place], evidence=(*insights[place].evidence, *note.evidence))
    return insights, []


def given_words(text: str, line: int) -> Iterator[GivenWords]:
    """The pieces of evidence of a text: those in quotation marks, if it begins with one, else between bars or lines."""
    stance = Stance.AGAINST if _BEGINS_AGAINST.match(text) else Stance.FOR
    bare = _BEGINS_AGAINST.sub("", text, count=1).strip() if stance is Stance.AGAINST else text.strip()
    quoted = quotations(bare)
    if any(each.words and each.span.start == 0 for each in quoted):
        pieces = [each.words.strip() for each in quoted if each.words]
    else:
        pieces = [_ATTRIBUTION.sub("", piece).strip(_EDGES) for piece in re.split(r"[|\n]", bare)]
    yield from (GivenWords(piece, line, stance) for piece in pieces if _WORD.search(piece))
