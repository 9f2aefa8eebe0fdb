"""Times as transcript files write them: `00:01:02.345`, `01:02,5`, `1:02`, and `00:01 --> 00:04` above a cue."""

import re

MAX_TIME_MS = 48 * 3_600_000
"""No recording is longer than two days; a later time is a fault of the file."""

TIME = r"(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{1,2}(?:[.,][0-9]{1,3})?(?![0-9])"
"""Pattern of one time, without groups, to be part of larger patterns."""

_PARTS = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{1,2})(?:[.,]([0-9]{1,3}))?")
_TIMING = re.compile(rf"[ \t]*({TIME})[ \t]*-->[ \t]*({TIME})")
_TIMING_CHARACTERS = frozenset("0123456789:.,;-> \t")


def parse_time(text: str) -> int | None:
    """Read a time in milliseconds: hours optional, `.` or `,` before the fraction; `None` when it is none."""
    match = _PARTS.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        return None
    whole_s = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    time_ms = whole_s * 1000 + int((fraction or "").ljust(3, "0"))
    return time_ms if time_ms < MAX_TIME_MS else None


def parse_timing(line: str) -> tuple[int, int] | None:
    """Read the line above a cue as start and end in milliseconds; cue settings behind the times are overlooked."""
    match = _TIMING.match(line)
    start_ms, end_ms = (parse_time(match[1]), parse_time(match[2])) if match else (None, None)
    return None if start_ms is None or end_ms is None else (start_ms, end_ms)


def is_broken_timing(line: str) -> bool:
    """Whether a line was meant as times above a cue, yet `parse_timing` cannot read it."""
    return (
        "-->" in line
        and _TIMING_CHARACTERS.issuperset(line)
        and any(character.isdigit() for character in line)
        and parse_timing(line) is None
    )
