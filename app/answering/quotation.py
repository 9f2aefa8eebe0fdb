"""Quotation marks in prose: what a reader takes for somebody's words, in the styles of many languages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.text import Span

# Which marks close a quotation. A mark that opens none here, or that is met alone, makes its sentence doubtful.
_CLOSERS = {"„": "“”", "“": "”", '"': '"', "«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』", "《": "》"}
_MARK = re.compile('["„“”‟«»‹›「」『』《》〈〉〝〞〟＂❝❞❮❯″‶ʺˮ״]')
_SINGLE = re.compile(r"(?<!\w)[‘‚‛'´′‵❛＇](?=\S)(?P<words>.*?)(?<=\S)[’‘'´′❜＇](?!\w)", re.DOTALL)
_WORD = re.compile(r"\w+")
_APART = frozenset("«‹")
"""French sets these apart from the words, by one space on each side."""
_SPACES = re.compile("[ \u00a0\u202f]?(?P<words>.*?)[ \u00a0\u202f]?", re.DOTALL)

LEAST_RUN_WORDS = 2
NEARLY = 0.5
_MOST_COMPARED_WORDS = 400


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of a text that stands in quotation marks, and its words; no words where the marks do not pair."""

    span: Span
    words: str | None


def quotations(text: str) -> tuple[Quotation, ...]:
    """Find all that stands in quotation marks; of quotations in quotations, the outer one."""
    double = tuple(_paired(text))
    single = (
        Quotation(Span(*match.span()), match["words"])
        for match in _SINGLE.finditer(text)
        if not any(outer.span.start <= match.start() and match.end() <= outer.span.end for outer in double)
    )
    return (*double, *single)


def is_verbatim(quotation: Quotation, quotes: Sequence[str]) -> bool:
    """Whether the quoted words are whole words of one of the quotes, character by character."""
    words = quotation.words
    if not words or not words.strip():
        return False
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    return any(pattern.search(quote) for quote in quotes)


def is_nearly_verbatim(quotation: Quotation, quotes: Sequence[str]) -> bool:
    """Whether half of the quoted words or more stand in the quotes in the same order, two in a row at least."""
    words = _words(quotation.words or "")
    if not words:
        return False
    blocks = SequenceMatcher(None, _words(" ".join(quotes)), words, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= LEAST_RUN_WORDS) >= NEARLY * len(words)


def _paired(text: str) -> Iterator[Quotation]:
    """Pair the marks in order: each opens at the beginning of a word and closes at the end of one."""
    marks = [match.start() for match in _MARK.finditer(text)]
    place = 0
    while place < len(marks):
        start = marks[place]
        end = marks[place + 1] if place + 1 < len(marks) else None
        words = None if end is None else _words_between(text, start, end)
        if end is not None and words is not None:
            yield Quotation(Span(start, end + 1), words)
            place += 2
        else:
            yield Quotation(Span(start, start + 1), None)
            place += 1


def _words_between(text: str, start: int, end: int) -> str | None:
    """The words that a pair of marks stands around, apart from the words outside; `None` where it is no such pair."""
    if text[end] not in _CLOSERS.get(text[start], ""):
        return None
    words = text[start + 1 : end]
    if text[start] in _APART and (spaced := _SPACES.fullmatch(words)):
        words = spaced["words"]
    outside = text[max(start - 1, 0) : start] + text[end + 1 : end + 2]
    hugs = bool(words) and not (words[0].isspace() or words[-1].isspace() or re.search(r"\w", outside))
    return words if hugs else None


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())[:_MOST_COMPARED_WORDS]
