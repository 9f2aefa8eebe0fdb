"""Decoded sound, as it lies between who decodes and who listens: files of 16 bits at 16 kHz, channels interleaved."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ingest.speech.task import SAMPLE_HZ

Samples = NDArray[np.int16]
"""Sound at 16 kHz, shape (n,)."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a recording was decoded to: one channel, or left and right; with what had to be overlooked."""

    channel_count: Literal[1, 2]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackSound:
    """The sound of one recording, an array for each of its channels; `label` names who alone speaks in it."""

    label: str | None
    channels: tuple[Samples, ...]
    warnings: tuple[str, ...] = ()

    @property
    def duration_ms(self) -> int:
        """How long the recording is."""
        return len(self.channels[0]) * 1000 // SAMPLE_HZ


def sound_path(folder: Path, number: int) -> Path:
    """Where the sound of a recording lies, by its number among those of its interview."""
    return folder / f"{number}.s16"


def open_sound(path: Path, channel_count: int) -> tuple[Samples, ...]:
    """The channels of a file of sound, which stay on disk until they are read."""
    sound = np.asarray(np.memmap(path, np.int16, "r")).reshape(-1, channel_count)
    return tuple(sound[:, channel] for channel in range(channel_count))
