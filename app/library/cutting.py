"""Cuts a clip out of a recording: `python -m app.library.cutting PATH START_MS END_MS` writes it to stdout.

It runs as a process of its own, with little memory and time, because a recording may be made to harm its decoder.
"""

import io
import math
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, dropwhile, takewhile
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from app.confinement import confine
from app.library.clips import NOT_DECODABLE, NOTHING_THERE
from app.media import OPEN_OPTIONS

_MOST_MEMORY_BYTES = 1024**3
_MOST_CPU_S = 60
_OUTPUT_HZ = 48_000
_OUTPUT_BITS_PER_S = 32_000
# Decoders of lossy formats are right only some frames after the place where they begin.
_RUN_UP_S = 1.0
_LARGEST_DRIFT_S = 0.05

Sound = NDArray[np.int16]
"""One channel at 48 kHz, shape (n,)."""

TimedFrame = tuple[float, AudioFrame]
"""A frame, and the second that it plays at."""


class NothingThereError(Exception):
    """The recording ends before the clip begins."""


def cut(file: BinaryIO, start_s: float, end_s: float) -> bytes:
    """Cut the sound between two times of a recording, and write it as Opus in Ogg.

    Raises:
        NothingThereError: the recording ends before, or has no sound.
        FFmpegError: it cannot be decoded.
    """
    sound = _read(file, start_s, end_s, seek=True)
    if sound is None:
        sound = _read(file, start_s, end_s, seek=False)
    if sound is None or not len(sound):
        raise NothingThereError
    return _encode(sound)


def _read(file: BinaryIO, start_s: float, end_s: float, *, seek: bool) -> Sound | None:
    """Decode the sound between two times; `None` where seeking did not lead to them."""
    file.seek(0)
    with av.open(file, "r", options=OPEN_OPTIONS, metadata_errors="replace") as media:
        if not media.streams.audio:
            raise NothingThereError
        if seek and not _seek(media, max(0.0, start_s - _RUN_UP_S)):
            return None
        frames = _frames(media, media.streams.audio[0], math.inf if seek else 0.0)
        first = next(frames, None)
        if first is None or (seek and first[0] > start_s):
            return None
        return _render(chain([first], frames), start_s, end_s)


def _seek(media: InputContainer, time_s: float) -> bool:
    try:
        media.seek((media.start_time or 0) + round(time_s * av.time_base))
    except FFmpegError:
        return False
    return True


def _frames(media: InputContainer, stream: AudioStream, time_s: float) -> Iterator[TimedFrame]:
    """Decode on from here; `time_s` holds until a frame says when it plays. Damaged places are left out."""
    origin_s = (media.start_time or 0) / av.time_base
    for packet in media.demux(stream):
        try:
            frames = packet.decode()
        except FFmpegError:
            continue
        for frame in frames:
            if frame.time is not None:
                time_s = frame.time - origin_s
            yield time_s, frame
            time_s += frame.samples / frame.sample_rate


def _render(frames: Iterable[TimedFrame], start_s: float, end_s: float) -> Sound:
    """Lay the frames out at their times; gaps between them are silence, and where they end the sound ends."""
    canvas = np.zeros(round((end_s - start_s) * _OUTPUT_HZ), np.int16)
    filled = 0
    heard = dropwhile(lambda timed: _end_s(*timed) <= start_s, takewhile(lambda timed: timed[0] < end_s, frames))
    for run in _runs(heard):
        sound = run.sound()
        at = round((run.start_s - start_s) * _OUTPUT_HZ)
        sound = sound[max(0, -at) : len(canvas) - at]
        canvas[max(0, at) : max(0, at) + len(sound)] = sound
        filled = max(0, at) + len(sound)
    return canvas[:filled]


def _end_s(time_s: float, frame: AudioFrame) -> float:
    return time_s + frame.samples / frame.sample_rate


def _runs(frames: Iterable[TimedFrame]) -> Iterator["_Run"]:
    """Join frames that follow each other without a break, and have the same form."""
    run = None
    for time_s, frame in frames:
        if run is None or not run.continues(time_s, frame):
            if run is not None:
                yield run
            run = _Run(time_s, frame)
        run.add(frame)
    if run is not None:
        yield run


class _Run:
    """Sound without a break, resampled as it comes."""

    def __init__(self, start_s: float, frame: AudioFrame) -> None:
        self.start_s = start_s
        self._end_s = start_s
        self._form = _form(frame)
        self._resampler = AudioResampler(format="s16", layout="mono", rate=_OUTPUT_HZ)
        self._pieces: list[Sound] = []

    def continues(self, time_s: float, frame: AudioFrame) -> bool:
        """Whether a frame follows."""
        return abs(time_s - self._end_s) <= _LARGEST_DRIFT_S and _form(frame) == self._form

    def add(self, frame: AudioFrame) -> None:
        """Add a frame that follows."""
        self._end_s += frame.samples / frame.sample_rate
        frame.pts = None
        self._take(self._resampler.resample(frame))

    def sound(self) -> Sound:
        """All of it."""
        self._take(self._resampler.resample(None))
        return np.concatenate(self._pieces)

    def _take(self, frames: list[AudioFrame]) -> None:
        self._pieces += [frame.to_ndarray().reshape(-1).astype(np.int16, copy=False) for frame in frames]


def _form(frame: AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


def _encode(sound: Sound) -> bytes:
    """Write sound as Opus in Ogg; the same sound always gives the same bytes."""
    target = io.BytesIO()
    with av.open(target, "w", format="ogg", options={"fflags": "+bitexact"}) as media:
        stream = media.add_stream("libopus", rate=_OUTPUT_HZ, layout="mono")
        stream.bit_rate = _OUTPUT_BITS_PER_S
        frame = AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = _OUTPUT_HZ
        media.mux(stream.encode(frame))
        media.mux(stream.encode(None))
    return target.getvalue()


def main(path: str, start_ms: str, end_ms: str) -> int:
    """Cut within limits; the exit code says what was wrong."""
    confine(_MOST_MEMORY_BYTES, _MOST_CPU_S)
    try:
        with Path(path).open("rb") as file:
            clip = cut(file, int(start_ms) / 1000, int(end_ms) / 1000)
    except NothingThereError:
        return NOTHING_THERE
    except FFmpegError:
        return NOT_DECODABLE
    sys.stdout.buffer.write(clip)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
