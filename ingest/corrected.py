"""Turns whose words a person put right: where words stayed, so do their times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from ingest.transcript import Turn


@dataclass(frozen=True)
class _Stretch:
    """A stretch of the former text, and the one that stands in its place; half-open code-point offsets."""

    before: tuple[int, int]
    after: tuple[int, int]


def with_words(turns: Sequence[Turn], words: Mapping[int, str]) -> tuple[Turn, ...]:
    """The turns of a transcript with the words that a person put in the place of theirs, by the index of the turn."""
    return tuple(_corrected(turn, words[turn.index]) if turn.index in words else turn for turn in turns)


def _corrected(turn: Turn, text: str) -> Turn:
    stretches = _stretches(turn.text, text)
    cues = tuple(replace(cue, start=_moved(cue.start, stretches), end=_moved(cue.end, stretches)) for cue in turn.cues)
    kept = tuple(cue for cue in cues if cue.start < cue.end)
    return replace(turn, text=text, cues=kept, confidence=None if turn.confidence is None else 1.0)


def _stretches(before: str, after: str) -> list[_Stretch]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [_Stretch((i1, i2), (j1, j2)) for _, i1, i2, j1, j2 in matcher.get_opcodes()]


def _moved(offset: int, stretches: Sequence[_Stretch]) -> int:
    """Where a place of the former text is: within a stretch as far as it was, in proportion to its length."""
    for each in stretches:
        (start, end), (first, last) = each.before, each.after
        if start <= offset < end:
            return first + round((offset - start) * (last - first) / (end - start))
    return stretches[-1].after[1] if stretches else 0
