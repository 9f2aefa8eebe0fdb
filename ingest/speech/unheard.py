"""When turns were said of which nothing was heard, told by the turns around them; of some of them nobody can tell."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.transcript import CueSpan, Turn

REGULAR_MS = 1_500
"""Where the own times of two turns are off by the same, give or take this, those between are trusted to be so too."""

_LETTER_MS = 70
_SLACK_MS = 5_000


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A turn that was heard: its place, its own time, and from when to when it was heard."""

    place: int
    own_ms: int | None
    start_ms: int
    end_ms: int

    @property
    def off_ms(self) -> int | None:
        """By how much its own time is off."""
        return None if self.own_ms is None else self.start_ms - self.own_ms


def estimate_others(turns: Sequence[Turn], heard: Mapping[int, Turn], duration_ms: int) -> list[Turn]:
    """All turns, those that were not heard at estimated times: their own, corrected, or between others, or none.

    Args:
        turns: the turns with their own times, which may be wrong or absent.
        heard: those that were heard, by place, at the times of the recording.
        duration_ms: length of the recording.
    """
    fixed = [_Fixed(at, turns[at].start_ms, heard[at].start_ms or 0, heard[at].end_ms or 0) for at in sorted(heard)]
    placed = dict(heard)
    for before, after in pairwise([None, *fixed, None]):
        first, last = before.place + 1 if before else 0, after.place if after else len(turns)
        for place in range(first, last):
            turn = _corrected(turns[place], place, fixed) or _between(place, before, after, turns)
            low_ms, high_ms = before.start_ms if before else 0, after.start_ms if after else duration_ms
            is_possible = turn is not None and low_ms <= (turn.start_ms or 0) <= high_ms
            placed[place] = turn if turn is not None and is_possible else _untimed(turns[place])
    return [placed[place] for place in range(len(turns))]


def _corrected(turn: Turn, place: int, fixed: Sequence[_Fixed]) -> Turn | None:
    """A turn by its own times, corrected by what the two nearest others that were heard are off."""
    at = min(max(bisect_left(fixed, place, key=lambda one: one.place), 1), max(len(fixed) - 1, 1))
    offs = [(one.own_ms, one.off_ms) for one in fixed[at - 1 : at + 1]]
    known = [(own_ms, off_ms) for own_ms, off_ms in offs if own_ms is not None and off_ms is not None]
    if turn.start_ms is None or len(known) < len(offs):
        return None
    (first_ms, first_off), (last_ms, last_off) = known[0], known[-1]
    if abs(last_off - first_off) > REGULAR_MS:
        return None
    share = (turn.start_ms - first_ms) / (last_ms - first_ms) if last_ms > first_ms else 0.0
    return _moved(turn, round(first_off + min(max(share, 0.0), 1.0) * (last_off - first_off)))


def _moved(turn: Turn, by_ms: int) -> Turn:
    def move(time_ms: int | None) -> int | None:
        return None if time_ms is None else max(time_ms + by_ms, 0)

    cues = tuple(replace(cue, start_ms=move(cue.start_ms), end_ms=move(cue.end_ms)) for cue in turn.cues)
    return replace(turn, start_ms=move(turn.start_ms), end_ms=move(turn.end_ms), cues=cues)


def _between(place: int, before: _Fixed | None, after: _Fixed | None, turns: Sequence[Turn]) -> Turn | None:
    """Lay turns one after the other between two that were heard, if they can fill the time between."""
    if before is None or after is None:
        return None
    lengths = [len(turn.text) for turn in turns[before.place + 1 : after.place]]
    free_ms = after.start_ms - before.end_ms
    if not 0 <= free_ms <= 2 * sum(lengths) * _LETTER_MS + _SLACK_MS:
        return None
    at = place - before.place - 1
    start_ms = before.end_ms + free_ms * sum(lengths[:at]) // max(sum(lengths), 1)
    end_ms = before.end_ms + free_ms * sum(lengths[: at + 1]) // max(sum(lengths), 1)
    turn = turns[place]
    cues = (CueSpan(turn.cues[0].cue, 0, len(turn.text), start_ms, end_ms),)
    return replace(turn, start_ms=start_ms, end_ms=end_ms, cues=cues)


def _untimed(turn: Turn) -> Turn:
    cues = tuple(replace(cue, start_ms=None, end_ms=None) for cue in turn.cues)
    return replace(turn, start_ms=None, end_ms=None, cues=cues)
