"""Clips: the few seconds of a recording in which something is said, as a small file."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from app.errors import Fault, InvalidInputError, UnavailableError

MEDIA_TYPE = "audio/ogg"
MARGIN_MS = 500
"""What a clip holds before and after, so that no word is cut."""
MOST_CLIP_MS = 300_000
MOST_TIME_MS = 172_800_000
"""No recording is longer than two days."""

NOTHING_THERE = 3
NOT_DECODABLE = 4
"""What the cutting process ends with, if not with 0."""

_LONGEST_WORK_S = 60
_LONGEST_WAIT_S = 20
_CUTTING = BoundedSemaphore(2)
_PROGRAM = ("-P", "-m", "app.library.cutting")
_ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Extent:
    """From when to when, in milliseconds of the recording."""

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        """Refuse what is no extent, or too long for a clip."""
        if self.end_ms <= self.start_ms:
            fault = Fault("query.end_ms", "the clip ends before it begins", "name a time after start_ms")
            raise InvalidInputError("the clip cannot be cut", (fault,))
        if self.end_ms - self.start_ms > MOST_CLIP_MS:
            fault = Fault("query.end_ms", f"longer than {MOST_CLIP_MS // 1000} seconds", "ask for a shorter clip")
            raise InvalidInputError("the clip cannot be cut", (fault,))


def cut_clip(recording: Path, extent: Extent) -> bytes:
    """Cut a clip with its margins, as Opus in Ogg; the same request always gives the same bytes.

    Raises:
        InvalidInputError: the recording ends before the clip begins, or cannot be decoded.
        UnavailableError: too many clips are being cut.
    """
    start_ms, end_ms = max(0, extent.start_ms - MARGIN_MS), extent.end_ms + MARGIN_MS
    if not _CUTTING.acquire(timeout=_LONGEST_WAIT_S):
        raise UnavailableError("too many clips are being cut: try again in a moment")
    try:
        cut = subprocess.run(  # noqa: S603 - our own program and arguments
            [sys.executable, *_PROGRAM, str(recording), str(start_ms), str(end_ms)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_ENVIRONMENT,
            timeout=_LONGEST_WORK_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidInputError("the recording takes too long to decode here: play it whole") from error
    finally:
        _CUTTING.release()
    if cut.returncode == NOTHING_THERE:
        fault = Fault("query.start_ms", "the recording has no sound there", "name a time before its end")
        raise InvalidInputError("the clip cannot be cut", (fault,))
    if cut.returncode != 0:
        raise InvalidInputError("the recording cannot be decoded: get it whole, without start_ms and end_ms")
    return cut.stdout
