"""Decoded frames to sound at 16 kHz: resampled as they come, kept within a limit."""

import os
from collections.abc import Callable, Iterator
from typing import BinaryIO

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from ingest.speech.sound import Samples
from ingest.speech.task import SAMPLE_HZ

_MAX_DRIFT_SAMPLES = SAMPLE_HZ // 20
_REPORT_SAMPLES = 60 * SAMPLE_HZ


class TooLongError(Exception):
    """More sound than the limit."""


class Spool:
    """Sound as it comes in, written at the times it plays at; two bytes for each sample and channel."""

    def __init__(self, file: BinaryIO, channel_count: int, most_s: int, progress: Callable[[int], None]) -> None:
        self._resample = _Resampling("mono" if channel_count == 1 else "stereo")
        self._file = file
        self._channel_count = channel_count
        self._most_samples = most_s * SAMPLE_HZ
        self._progress = progress
        self._length = 0

    @property
    def duration_s(self) -> float:
        """How much sound there is."""
        return self._length / SAMPLE_HZ

    def append(self, frame: AudioFrame, plays_at_s: float | None) -> None:
        """Add a frame; what the recording leaves out before it is silence.

        Raises:
            TooLongError: this is more sound than the limit.
        """
        if plays_at_s is not None:
            missing = round(plays_at_s * SAMPLE_HZ) - self._length - self._resample.delay
            if missing > _MAX_DRIFT_SAMPLES:
                self._grow(missing)
                self._file.seek(2 * missing * self._channel_count, os.SEEK_CUR)
        self._extend(self._resample(frame))

    def finish(self) -> None:
        """Write what is left inside; nothing can be added any more."""
        self._extend(self._resample.flush())

    def _extend(self, sounds: Iterator[Samples]) -> None:
        for sound in sounds:
            self._grow(len(sound) // self._channel_count)
            self._file.write(sound.tobytes())

    def _grow(self, samples: int) -> None:
        before, self._length = self._length, self._length + samples
        if self._length > self._most_samples:
            raise TooLongError
        if before // _REPORT_SAMPLES != self._length // _REPORT_SAMPLES:
            self._progress(self._length * 1000 // SAMPLE_HZ)


class _Resampling:
    """Any frames to 16-bit sound at 16 kHz, channels interleaved, also where frames change their form on the way."""

    def __init__(self, layout: str) -> None:
        self._layout = layout
        self._form: tuple[str, str, int] | None = None
        self._resampler = self._new()
        self._given_s = 0.0
        self._taken = 0

    @property
    def delay(self) -> int:
        """Samples that were given and not returned yet."""
        return round(self._given_s * SAMPLE_HZ) - self._taken

    def __call__(self, frame: AudioFrame) -> Iterator[Samples]:
        """Resample a frame."""
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._form not in (None, form):
            yield from self.flush()
            self._resampler = self._new()
        self._form = form
        self._given_s += frame.samples / frame.sample_rate
        frame.pts = None
        yield from self._sounds(self._resampler.resample(frame))

    def flush(self) -> Iterator[Samples]:
        """Give what is left inside."""
        if self._form is not None:
            yield from self._sounds(self._resampler.resample(None))

    def _new(self) -> AudioResampler:
        return AudioResampler(format="s16", layout=self._layout, rate=SAMPLE_HZ)

    def _sounds(self, frames: list[AudioFrame]) -> Iterator[Samples]:
        for frame in frames:
            self._taken += frame.samples
            yield frame.to_ndarray().astype(np.int16, copy=False).reshape(-1)
