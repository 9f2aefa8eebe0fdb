"""What a speech model invents: text on silence, loops, text too fast to be said; and speech that it left out.

Everything here is pure, over words that already have the times of the recording.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from ingest.speech.regions import Stretch
from ingest.speech.transcription import Word

MARGIN_MS = 400
"""How far a word's time may be off."""

MAX_CHARACTERS_PER_S = 35
"""Fast speech has 20 to 25."""

LOOP_REPEATS = 4
LOOP_WORDS = 8
"""A loop says the same at least four times, and at least eight words with it; people do say no four times."""

LEAST_REPEATED_WORDS = 3
MAX_NO_SPEECH = 0.6
MIN_LIKELIHOOD = 0.25
MAX_COMPRESSION = 2.4
_LONGEST_UNIT = 30
_FEW_CHARACTERS = 4


def is_invented(no_speech: float, likelihood: float) -> bool:
    """Whether a model, by its own numbers, wrote where nobody speaks."""
    return no_speech > MAX_NO_SPEECH and likelihood < MIN_LIKELIHOOD


def drop_outside_speech(words: Sequence[Word], stretches: Sequence[Stretch]) -> tuple[Word, ...]:
    """Keep the words that touch speech, give or take 0.4 s."""
    return tuple(
        word
        for word in words
        if any(
            word.start_ms < stretch.end_ms + MARGIN_MS and word.end_ms > stretch.start_ms - MARGIN_MS
            for stretch in stretches
        )
    )


def drop_hurried(words: Sequence[Word], speech_ms: int) -> tuple[Word, ...]:
    """Drop everything when it is more than anybody can say in the time that speech takes."""
    characters = sum(len(word.text.strip()) for word in words)
    is_hurried = characters > _FEW_CHARACTERS and characters * 1000 >= MAX_CHARACTERS_PER_S * max(1, speech_ms)
    return () if is_hurried else tuple(words)


def cut_loops(words: Sequence[Word], compression_ratio: float = 0.0) -> tuple[Word, ...]:
    """Keep the first round of what is said over and over.

    Text that compresses well (above 2.4) is suspicious already, and three rounds are a loop.
    """
    repeats = LOOP_REPEATS - (compression_ratio > MAX_COMPRESSION)
    keys = [_key(word) for word in words]
    kept: list[Word] = []
    position = 0
    while position < len(words):
        unit, rounds = _loop_at(keys, position, repeats)
        kept.extend(words[position : position + unit])
        position += unit * rounds
    return tuple(kept)


def repeats(words: Sequence[Word], again: Sequence[Word]) -> bool:
    """Whether a model asked again says what it said already: three words in a row, and more than half of all."""
    said, keys = [_key(word) for word in words], [_key(word) for word in again]
    same = SequenceMatcher(None, said, keys, autojunk=False).find_longest_match().size
    return same >= LEAST_REPEATED_WORDS and same * 2 > len(keys)


def start_at_onsets(words: Sequence[Word], stretches: Sequence[Stretch]) -> Iterator[Word]:
    """Let no word start in the silence before speech: models place the first word where the sound begins that they get.

    Args:
        words: in order of time.
        stretches: in order of time.
    """
    for word in words:
        at = [each for each in stretches if each.start_ms < word.end_ms and each.end_ms > word.start_ms]
        if not at or word.start_ms >= at[0].onset_ms:
            yield word
        else:
            yield replace(word, start_ms=at[0].onset_ms, end_ms=max(word.end_ms, at[0].onset_ms))


def uncovered(stretches: Sequence[Stretch], words: Sequence[Word], least_ms: int) -> tuple[Stretch, ...]:
    """Find speech of at least `least_ms` without a word within 0.4 s: the gaps that words leave in stretches."""
    gaps: list[Stretch] = []
    for stretch in stretches:
        position = stretch.start_ms
        for word in words:
            if word.end_ms + MARGIN_MS <= position or word.start_ms - MARGIN_MS >= stretch.end_ms:
                continue
            gaps.append(Stretch(position, max(position, word.start_ms - MARGIN_MS)))
            position = max(position, word.end_ms + MARGIN_MS)
        gaps.append(Stretch(position, max(position, stretch.end_ms)))
    return tuple(gap for gap in gaps if gap.duration_ms >= least_ms)


def _loop_at(keys: Sequence[str], position: int, repeats: int) -> tuple[int, int]:
    """Length of the unit that is looped from here on, and how often; one word, once, where there is no loop."""
    longest = min(_LONGEST_UNIT, (len(keys) - position) // repeats)
    for unit in range(1, longest + 1):
        rounds = 1
        while _same(keys, position, position + unit * rounds, unit):
            rounds += 1
        if rounds >= repeats and rounds * unit >= LOOP_WORDS:
            return unit, rounds
    return 1, 1


def _same(keys: Sequence[str], first: int, second: int, length: int) -> bool:
    return second + length <= len(keys) and keys[first : first + length] == keys[second : second + length]


def _key(word: Word) -> str:
    return "".join(filter(str.isalnum, word.text.casefold()))
