"""The chunks of a document: runs of whole sentences under a heading, each long enough to say something by itself."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.text import Span, split_sentences

LEAST_WORDS = 60
MOST_WORDS = 180

_BLOCK = re.compile(r"\S(?:.|\n(?!\s*\n))*")
_HEADING = re.compile(r"#{1,6} +(?P<words>\S[^\n]*)")
_LISTED = re.compile(r"[-*+|] ?|\d{1,3}[.)] ")
_LINE = re.compile(r"\S[^\n]*")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a text, and what it stands under: the last heading at its beginning, or the page."""

    span: Span
    heading: str | None


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is not cut: a heading, a list item, a row of a table, a sentence."""

    span: Span
    words: int
    heading: str | None = None


def cut_chunks(text: str, language: str, pages: Sequence[int] = ()) -> tuple[Chunk, ...]:
    """Cut a text into chunks of about 60 to 180 words, in order, which hold every visible character once.

    Args:
        text: as `app.documents` reads it: headings, list items and table rows as in Markdown.
        language: of the sentences, a BCP 47 code.
        pages: where the pages of a paged document begin.
    """
    chunks: list[Chunk] = []
    heading: str | None = None
    for units in _grouped(list(_units(text, language))):
        own = next((unit.heading for unit in units if unit.heading), None)
        stands_under = own if units[0].heading else heading
        heading = next((unit.heading for unit in reversed(units) if unit.heading), heading)
        span = Span(units[0].span.start, units[-1].span.end)
        page = f"p. {bisect_right(pages, span.start)}" if len(pages) > 1 else None
        chunks.append(Chunk(span, page or stands_under))
    return tuple(chunks)


def sentence_spans(text: str, language: str) -> tuple[Span, ...]:
    """The sentences of a text, its headings, list items and table rows among them, in order."""
    return tuple(unit.span for unit in _units(text, language))


def _units(text: str, language: str) -> Iterator[_Unit]:
    for block in _BLOCK.finditer(text):
        start, end = block.span()
        heading = _HEADING.match(text, start, end)
        if heading:
            yield _Unit(Span(start, heading.end()), len(heading[0].split()), heading["words"])
            start = heading.end()
        if _LISTED.match(text, start, end):
            spans = [Span(*line.span()) for line in _LINE.finditer(text, start, end)]
        else:
            sentences = split_sentences(text[start:end], language)
            spans = [Span(start + sentence.start, start + sentence.end) for sentence in sentences]
        for span in spans:
            yield from _pieces(text, span)


def _pieces(text: str, span: Span) -> Iterator[_Unit]:
    """A sentence, in pieces where it is longer than a chunk may be."""
    words = [match.span() for match in _WORD.finditer(text, span.start, span.end)]
    for first in range(0, len(words), MOST_WORDS):
        piece = words[first : first + MOST_WORDS]
        yield _Unit(Span(piece[0][0], piece[-1][1]), len(piece))


def _grouped(units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
    """Group units: a heading begins a group once there are words enough, and never ends one."""
    group: list[_Unit] = []
    words = 0
    for unit in units:
        if group and (words + unit.words > MOST_WORDS or (unit.heading and words >= LEAST_WORDS)):
            kept = _without_last_headings(group)
            yield group[:kept]
            group = group[kept:]
            words = sum(each.words for each in group)
        group.append(unit)
        words += unit.words
    if group:
        yield group


def _without_last_headings(group: Sequence[_Unit]) -> int:
    """How many units are left without the headings at the end; all where there are only headings."""
    kept = len(group)
    while kept and group[kept - 1].heading:
        kept -= 1
    return kept or len(group)
