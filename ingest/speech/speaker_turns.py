"""Words to speakers: which of the voices of one recording, told apart by a diarizer, said each word. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ingest.speech.transcription import Word

TOLERANCE_MS = 500
"""A word this near to a turn belongs to it; farther from all turns, to whom the nearest word belongs."""

MAX_PAUSE_MS = 400
"""A longer pause may change the speaker within a sentence, even for one word."""

_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”“’»«)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class SpeakerTurn:
    """A stretch of one speaker, half-open, in milliseconds; turns of different speakers may overlap."""

    start_ms: int
    end_ms: int
    speaker: int


def split_by_speaker(words: Sequence[Word], turns: Sequence[SpeakerTurn]) -> Iterator[tuple[str | None, list[Word]]]:
    """Yield the words in runs of one speaker, labelled "speaker 1", … by who has the first of the turns.

    A word belongs to who speaks longest in it. One word in the middle or at an edge of a sentence, without a pause,
    belongs to who says the rest there: diarizers are late by a word, people do not share sentences. The labels depend
    on the turns alone, so that they agree wherever the same turns are given. Without turns near any word, or turns of
    only one speaker, who is perhaps everybody, no word has a label.

    Args:
        words: in order of time.
        turns: what a diarizer found, in any order.
    """
    labels = _labels(turns)
    speakers = _without_flickers(words, _fill(words, _speakers(words, turns)))
    for label, run in groupby(zip(map(labels.get, speakers), words, strict=True), key=lambda pair: pair[0]):
        yield label, [word for _, word in run]


def _labels(turns: Sequence[SpeakerTurn]) -> dict[int | None, str]:
    ordered = sorted(turns, key=lambda turn: (turn.start_ms, turn.end_ms, turn.speaker))
    speakers = dict.fromkeys(turn.speaker for turn in ordered)
    if len(speakers) < 2:
        return {}
    return {speaker: f"speaker {number}" for number, speaker in enumerate(speakers, start=1)}


def _speakers(words: Sequence[Word], turns: Sequence[SpeakerTurn]) -> list[int | None]:
    """Who speaks longest in each word, or within 500 ms of it."""
    if not turns:
        return [None] * len(words)
    names, owners = np.unique([turn.speaker for turn in turns], return_inverse=True)
    starts, ends = np.array([(turn.start_ms, turn.end_ms) for turn in turns]).T
    places = [_owner(np.minimum(ends, word.end_ms) - np.maximum(starts, word.start_ms), owners) for word in words]
    return [None if place is None else int(names[place]) for place in places]


def _owner(reach_ms: NDArray[np.int_], owners: NDArray[np.intp]) -> int | None:
    """Whose turns overlap a word most; `reach_ms` is how far each turn does, negative how far it is away."""
    overlaps = np.bincount(owners, np.maximum(reach_ms, 0))
    if overlaps.any():
        return int(overlaps.argmax())
    nearest = reach_ms.argmax()
    return int(owners[nearest]) if reach_ms[nearest] >= -TOLERANCE_MS else None


def _fill(words: Sequence[Word], speakers: Sequence[int | None]) -> list[int | None]:
    """Give words without a speaker that of the nearest word that has one, the earlier of two."""
    known = [place for place, speaker in enumerate(speakers) if speaker is not None]
    filled = list(speakers)
    for place, word in enumerate(words):
        if speakers[place] is None and known:
            after = bisect_left(known, place)
            beside = known[max(after - 1, 0) : after + 1]
            filled[place] = speakers[min(beside, key=lambda other: _gap_ms(word, words[other]))]
    return filled


def _gap_ms(one: Word, other: Word) -> int:
    return max(one.start_ms - other.end_ms, other.start_ms - one.end_ms)


def _without_flickers(words: Sequence[Word], speakers: Sequence[int | None]) -> list[int | None]:
    steady: list[int | None] = []
    for first, last in _sentences(words):
        runs = [(speaker, len(list(run))) for speaker, run in groupby(speakers[first:last])]
        for place, (speaker, length) in enumerate(runs):
            beside = max((runs[place - 1 : place] + runs[place + 1 : place + 2]), key=lambda run: run[1], default=None)
            flickers = length == 1 and beside is not None and beside[1] > 1
            steady += [beside[0] if beside and flickers else speaker] * length
    return steady


def _sentences(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Half-open spans of words up to a mark that ends a sentence or a pause."""
    first = 0
    for place, word in enumerate(words, start=1):
        pause_ms = words[place].start_ms - word.end_ms if place < len(words) else 0
        if place == len(words) or pause_ms > MAX_PAUSE_MS or _SENTENCE_END.search(word.text):
            yield first, place
            first = place
