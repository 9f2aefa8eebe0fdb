"""Where the words of a document stand in published transcripts, whatever labels, times and white space is between them.

A text is compared by its visible characters alone, in the normal form of what is stored. Each utterance that stands in
the document, in order, maps a stretch of it to itself; so every position that is found is of the very same words.
"""

import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice

from app.research.exchange.visible import Visible
from app.text import Span

LEAST_COVERED = 0.5
SHORT = 15
NEAR = 300
"""How far ahead, in visible characters, a short utterance is looked for: "Yes." stands everywhere."""
PROBES = 3
LEAST_PIECE = 3


@dataclass(frozen=True)
class Spoken:
    """An utterance of a published transcript; only what `may_be_tagged` is a participant's and may be quoted."""

    id: uuid.UUID
    may_be_tagged: bool
    text: Visible
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True)
class Talk:
    """A published transcript, in order."""

    interview: str
    utterances: tuple[Spoken, ...]

    @cached_property
    def longest(self) -> tuple[Spoken, ...]:
        """The longest utterances, by which it is known."""
        return tuple(sorted(self.utterances, key=lambda utterance: -len(utterance.text.characters))[:PROBES])

    @cached_property
    def quotable(self) -> tuple[Spoken, ...]:
        """What may be tagged."""
        return tuple(utterance for utterance in self.utterances if utterance.may_be_tagged)

    @cached_property
    def lines(self) -> str:
        """The visible characters of what may be tagged, an utterance a line."""
        return "".join(f"{utterance.text.characters}\n" for utterance in self.quotable)

    @cached_property
    def line_starts(self) -> list[int]:
        """Where each line begins."""
        return list(accumulate((len(each.text.characters) + 1 for each in self.quotable), initial=0))


@dataclass(frozen=True)
class Stretch:
    """Where an utterance stands among the visible characters of a document."""

    start: int
    utterance: Spoken

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.utterance.text.characters)


@dataclass(frozen=True)
class Aligned:
    """A document that holds a transcript, or none."""

    talk: Talk | None
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Piece:
    """Words of a participant that a selection is about."""

    utterance_id: uuid.UUID
    span: Span


@dataclass(frozen=True)
class Placed:
    """Where a selection stands; without a piece `reason` says why it stands nowhere."""

    pieces: tuple[Piece, ...] = ()
    reason: str = ""


def align(document: Visible, talks: Sequence[Talk], name: str) -> Aligned:
    """Find the transcript that a document holds: the one of which most stands in it, in order, but at least half.

    Of several of which as much stands in it, it is the one that the document has the name of, else the first.
    """
    best, covered = Aligned(None), LEAST_COVERED
    for talk in sorted(talks, key=lambda talk: talk.interview != name):
        if covered == 1:
            break
        if not _is_likely(document, talk):
            continue
        stretches = tuple(_stretches(document, talk))
        said = sum(len(utterance.text.characters) for utterance in talk.utterances)
        share = sum(stretch.end - stretch.start for stretch in stretches) / max(1, said)
        if share > covered:
            best, covered = Aligned(talk, stretches), share
    return best


def place(document: Visible, selected: Span, aligned: Aligned, talks: Sequence[Talk]) -> Placed:
    """Find the words of participants that a selection of a document is about.

    Args:
        document: what is selected in.
        selected: a span of its text.
        aligned: the transcript that it holds.
        talks: all transcripts, in which words are looked for that are not in that one.
    """
    start, end = bisect_left(document.starts, selected.start), bisect_left(document.starts, selected.end)
    if start >= end:
        return Placed(reason="it selects no words")
    touched = [
        (max(start, stretch.start), min(end, stretch.end), stretch)
        for stretch in aligned.stretches
        if stretch.start < end and stretch.end > start
    ]
    if not touched:
        return find_words(document.characters[start:end], aligned.talk, talks)
    least = min(LEAST_PIECE, max(last - first for first, last, _ in touched))
    pieces = tuple(
        Piece(stretch.utterance.id, stretch.utterance.text.span(first - stretch.start, last - stretch.start))
        for first, last, stretch in touched
        if stretch.utterance.may_be_tagged and last - first >= least
    )
    return Placed(pieces) if pieces else Placed(reason="no participant who may be quoted says that")


def find_words(characters: str, talk: Talk | None, talks: Sequence[Talk]) -> Placed:
    """Find words that only one utterance of a participant has, first in one transcript, then in all."""
    for searched in ([talk] if talk else [], talks):
        found = tuple(islice((piece for each in searched for piece in _pieces(characters, each)), 2))
        if len(found) == 1:
            return Placed(found)
        if found:
            return Placed(reason="participants say that more than once")
    return Placed(reason="no published participant says that")


def _is_likely(document: Visible, talk: Talk) -> bool:
    """Whether one of the longest utterances stands in the document."""
    return any(utterance.text.characters in document.characters for utterance in talk.longest)


def _stretches(document: Visible, talk: Talk) -> Iterator[Stretch]:
    position = 0
    for utterance in talk.utterances:
        said = utterance.text.characters
        most = len(document.characters) if len(said) >= SHORT else position + NEAR
        found = document.characters.find(said, position, most) if said else -1
        if found >= 0:
            yield Stretch(found, utterance)
            position = found + len(said)


def _pieces(characters: str, talk: Talk) -> Iterator[Piece]:
    found = talk.lines.find(characters)
    while found >= 0:
        line = bisect_right(talk.line_starts, found) - 1
        start = found - talk.line_starts[line]
        utterance = talk.quotable[line]
        yield Piece(utterance.id, utterance.text.span(start, start + len(characters)))
        found = talk.lines.find(characters, found + 1)
