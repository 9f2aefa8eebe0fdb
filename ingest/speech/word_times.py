"""When each word of a turn was said, where only some of its words were heard."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_LETTER_MS = 70
_PAUSE_MS = 1_000


@dataclass(frozen=True, slots=True)
class Extent:
    """From when to when, in milliseconds of the recording."""

    start_ms: int
    end_ms: int


def fill_turn(
    lengths: Sequence[int],
    known: Mapping[int, int],
    extents: Sequence[Extent],
    letters: Sequence[int],
    used: Sequence[int],
) -> list[Extent]:
    """Give a time to every word of a turn.

    Words between two that were heard share the time of what was heard there otherwise, or the pause, by their letters.
    Words before the first take that of as many letters heard just before; after the last likewise.

    Args:
        lengths: letters of the n words of the turn.
        known: which of its words was heard as which word of the recordings; at least one.
        extents: times of the m words of the recordings.
        letters: letters of each of them.
        used: which of them some word of the transcript was heard as, sorted.
    """
    times = {place: extents[heard] for place, heard in known.items()}
    first, last = min(known), max(known)
    times |= _spread(range(first), lengths, _before(known[first], sum(lengths[:first]), extents, letters, used))
    times |= _spread(
        range(last + 1, len(lengths)), lengths, _after(known[last], sum(lengths[last + 1 :]), extents, letters, used)
    )
    for (one, heard), (other, next_heard) in pairwise(sorted(known.items())):
        times |= _spread(range(one + 1, other), lengths, _inside(heard, next_heard, extents))
    return [times[place] for place in range(len(lengths))]


def _inside(heard: int, next_heard: int, extents: Sequence[Extent]) -> Extent:
    """The time between two words that were heard: that of the words between, if any."""
    if next_heard - heard > 1:
        return Extent(extents[heard + 1].start_ms, extents[next_heard - 1].end_ms)
    return Extent(extents[heard].end_ms, extents[next_heard].start_ms)


def _before(heard: int, wanted: int, extents: Sequence[Extent], letters: Sequence[int], used: Sequence[int]) -> Extent:
    """The time just before a word, of words that nobody else was heard as; else as long as the letters take."""
    place = bisect_left(used, heard)
    least = used[place - 1] if place else -1
    free = _nearest(wanted, range(heard - 1, least, -1), extents, letters)
    end_ms = extents[heard].start_ms
    earliest_ms = min(extents[least].end_ms, end_ms) if least >= 0 else 0
    start_ms = extents[free].start_ms if free is not None else max(end_ms - wanted * _LETTER_MS, earliest_ms)
    return Extent(min(start_ms, end_ms), end_ms)


def _after(heard: int, wanted: int, extents: Sequence[Extent], letters: Sequence[int], used: Sequence[int]) -> Extent:
    """The time just after a word, likewise."""
    place = bisect_right(used, heard)
    most = used[place] if place < len(used) else len(extents)
    free = _nearest(wanted, range(heard + 1, most), extents, letters)
    start_ms = extents[heard].end_ms
    latest_ms = max(extents[most].start_ms, start_ms) if most < len(extents) else start_ms + wanted * _LETTER_MS
    end_ms = extents[free].end_ms if free is not None else min(start_ms + wanted * _LETTER_MS, latest_ms)
    return Extent(start_ms, max(end_ms, start_ms))


def _nearest(wanted: int, candidates: range, extents: Sequence[Extent], letters: Sequence[int]) -> int | None:
    """The last of the words, without a pause between them, that together have about as many letters as are wanted."""
    chosen, taken = None, 0
    previous = candidates.start - candidates.step
    for place in candidates:
        gap_ms = max(
            extents[place].start_ms - extents[previous].end_ms, extents[previous].start_ms - extents[place].end_ms
        )
        if taken + letters[place] / 2 > wanted or gap_ms > _PAUSE_MS:
            break
        chosen, taken, previous = place, taken + letters[place], place
    return chosen


def _spread(places: range, lengths: Sequence[int], over: Extent) -> Iterator[tuple[int, Extent]]:
    """Share a time among words by their letters."""
    total = sum(lengths[place] for place in places)
    passed, span_ms = 0, max(over.end_ms - over.start_ms, 0)
    for place in places:
        start_ms = over.start_ms + span_ms * passed // max(total, 1)
        passed += lengths[place]
        yield place, Extent(start_ms, over.start_ms + span_ms * passed // max(total, 1))
