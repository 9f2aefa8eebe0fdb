"""The turns of a transcript at the times of its recording: words of the one are found among the words heard there.

Text and speakers stay as the transcript has them. Its own times are not trusted: they help where nothing was heard.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.speech.transcription import Transcription
from ingest.speech.unheard import estimate_others
from ingest.speech.word_matching import Match, find_words, match_words
from ingest.speech.word_times import Extent, fill_turn
from ingest.transcript import CueSpan, Turn

LEAST_SHARE = 0.1
"""Least share of the words of the shorter account that come in common runs of three; by chance it is 0.02."""

_RUN_WORDS = 3
_SLOWEST_WORD_MS = 1_200
_FASTEST_WORD_MS = 80
_SLACK_MS = 5_000
_SLACK_WORDS = 12
_OVERLAP_MS = 2_000
_LEAST_LETTERS = 14
"""A match far from all others needs this many letters, or must be a whole turn."""
_MOST_UNLIKE = 3
"""So many words in a row may have been misheard beyond likeness."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """Turns at the times of the recordings, and the share of their words that were heard there.

    `is_same` tells whether the recordings are of this conversation; the turns keep their own times where they are not.
    """

    turns: tuple[Turn, ...]
    share: float
    is_same: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the transcript: the place of its turn, and its half-open offsets there."""

    turn: int
    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class _Heard:
    """A word of the recordings."""

    key: str
    extent: Extent


def align(turns: Sequence[Turn], heard: Transcription) -> Aligned:
    """Find when each word of each turn was said.

    The cues of a turn that is found become its single words, so that whatever is quoted of it knows when it starts.
    """
    words = [_Word(place, *found) for place, turn in enumerate(turns) for found in find_words(turn.text)]
    sounds = list(_sounds(heard))
    matches = match_words([word.key for word in words], [sound.key for sound in sounds])
    if not _is_same(matches, len(words), len(sounds)):
        share = _in_runs(matches) / max(len(words), 1)
        problem = (
            f"the recording and the transcript do not match: {share:.0%} of the words of the transcript were heard"
        )
        return Aligned(tuple(turns), share, is_same=False, warnings=(f"{problem}; its own times stay",))
    kept = _believed(_plausible(matches, words, sounds), matches)
    found = _placed_turns(turns, words, sounds, kept)
    placed = estimate_others(turns, found, heard.duration_ms)
    share = sum(match.is_alike for match in kept) / len(words)
    return Aligned(tuple(placed), share, is_same=True, warnings=_warnings(placed, found))


def _sounds(heard: Transcription) -> Iterator[_Heard]:
    """The words heard; what was heard as one word and is written as several shares its time by letters."""
    for cue in heard.cues:
        for word in cue.words:
            length = max(len(word.text), 1)
            span_ms = word.end_ms - word.start_ms
            for start, end, key in find_words(word.text):
                begins_ms = word.start_ms + (span_ms * start // length if start else 0)
                yield _Heard(key, Extent(begins_ms, word.start_ms + span_ms * end // length))


def _is_same(matches: Sequence[Match], given: int, heard: int) -> bool:
    return _in_runs(matches) >= max(LEAST_SHARE * min(given, heard), 1)


def _in_runs(matches: Sequence[Match]) -> int:
    """Count the words that are alike in runs of three, which hardly come by chance."""
    diagonals = groupby(
        ((match, match.given - place, match.heard - match.given) for place, match in enumerate(_alike(matches))),
        key=lambda entry: entry[1:],
    )
    lengths = [sum(1 for _ in run) for _, run in diagonals]
    return sum(length for length in lengths if length >= _RUN_WORDS)


def _alike(matches: Sequence[Match]) -> list[Match]:
    return [match for match in matches if match.is_alike]


def _plausible(matches: Sequence[Match], words: Sequence[_Word], sounds: Sequence[_Heard]) -> list[Match]:
    """Drop matches that stand alone, where nobody could have spoken so fast, or been silent for so long, between."""
    chains: list[list[Match]] = []
    for match in _alike(matches):
        if not chains or not _can_follow(chains[-1][-1], match, sounds):
            chains.append([])
        chains[-1].append(match)
    sizes = [0] * (words[-1].turn + 1)
    for word in words:
        sizes[word.turn] += 1
    return [match for chain in chains if _has_weight(chain, words, sizes) for match in chain]


def _can_follow(first: Match, second: Match, sounds: Sequence[_Heard]) -> bool:
    said = second.given - first.given
    passed_ms = sounds[second.heard].extent.start_ms - sounds[first.heard].extent.start_ms
    slowest_ms, fastest_ms = said * _SLOWEST_WORD_MS + _SLACK_MS, (said - _SLACK_WORDS) * _FASTEST_WORD_MS
    return max(-_OVERLAP_MS, fastest_ms - _OVERLAP_MS) <= passed_ms <= slowest_ms


def _has_weight(chain: Sequence[Match], words: Sequence[_Word], sizes: Sequence[int]) -> bool:
    letters = sum(len(words[match.given].key) for match in chain)
    turns = {words[match.given].turn for match in chain}
    return letters >= _LEAST_LETTERS or (len(turns) == 1 and len(chain) == sizes[next(iter(turns))])


def _believed(plausible: Sequence[Match], matches: Sequence[Match]) -> list[Match]:
    """Add the words that were misheard right beside words that were heard."""
    chosen = {match.given: match for match in plausible}
    at = {match.given: match.heard for match in matches if not match.is_alike}
    for match in plausible:
        for direction in (-1, 1):
            for step in range(direction, direction * (_MOST_UNLIKE + 1), direction):
                if at.get(match.given + step) != match.heard + step:
                    break
                chosen[match.given + step] = Match(match.given + step, match.heard + step, is_alike=False)
    return [chosen[place] for place in sorted(chosen)]


def _placed_turns(
    turns: Sequence[Turn], words: Sequence[_Word], sounds: Sequence[_Heard], kept: Sequence[Match]
) -> dict[int, Turn]:
    """The turns of which something was heard, each word at its time."""
    heard_at = {match.given: match.heard for match in kept}
    used = sorted(heard_at.values())
    extents = [sound.extent for sound in sounds]
    letters = [len(sound.key) for sound in sounds]
    placed: dict[int, Turn] = {}
    for place, entries in groupby(enumerate(words), key=lambda entry: entry[1].turn):
        own = list(entries)
        known = {number: heard_at[at] for number, (at, _) in enumerate(own) if at in heard_at}
        if known:
            spoken = [word for _, word in own]
            times = fill_turn([len(word.key) for word in spoken], known, extents, letters, used)
            placed[place] = _with_words(turns[place], spoken, times)
    return placed


def _with_words(turn: Turn, words: Sequence[_Word], times: Sequence[Extent]) -> Turn:
    cues = [
        CueSpan(_cue_at(turn, word.start), word.start, word.end, time.start_ms, time.end_ms)
        for word, time in zip(words, times, strict=True)
    ]
    return replace(turn, start_ms=times[0].start_ms, end_ms=max(time.end_ms for time in times), cues=tuple(cues))


def _cue_at(turn: Turn, offset: int) -> int:
    return next((cue.cue for cue in reversed(turn.cues) if cue.start <= offset), turn.cues[0].cue)


def _warnings(placed: Sequence[Turn], found: Collection[int]) -> tuple[str, ...]:
    """Say of how many turns nothing was heard."""
    missing = [turn for place, turn in enumerate(placed) if place not in found and any(map(str.isalnum, turn.text))]
    if not missing:
        return ()
    untimed = sum(turn.start_ms is None for turn in missing)
    estimated = f"{len(missing)} of {len(placed)} utterances were not found in the recording: their times are estimates"
    return (f"{estimated}, and {untimed} have none" if untimed else estimated,)
