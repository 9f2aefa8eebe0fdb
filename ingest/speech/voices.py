"""Recordings to voices: one for each track or channel, with the stretches in which it speaks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.speech.decode import Decoded, decode
from ingest.speech.regions import Stretch, find_stretches
from ingest.speech.spool import Samples
from ingest.speech.task import SAMPLE_HZ, SpeechTask, Track
from ingest.speech.voice import VoiceDetector, speech_probabilities, to_float

ECHO_RATIO = 16.0
"""Who is heard sixteen times (12 dB) fainter than the other channel at that time is its echo."""

_SAME_SOUND_RATIO = 1e-3
_BLOCK_SAMPLES = SAMPLE_HZ * 60


@dataclass(frozen=True, slots=True)
class Voice:
    """The sound of one track or channel, and where somebody speaks in it; `label` names the speaker."""

    label: str | None
    samples: Samples
    stretches: tuple[Stretch, ...]

    @property
    def duration_ms(self) -> int:
        """How long the recording is."""
        return len(self.samples) * 1000 // SAMPLE_HZ

    def sound(self, start_ms: int, end_ms: int) -> NDArray[np.float32]:
        """Cut out a part, as the model wants it."""
        return to_float(self.samples[start_ms * SAMPLE_HZ // 1000 : end_ms * SAMPLE_HZ // 1000])


def read_voices(
    tracks: Sequence[Track], task: SpeechTask, detect: VoiceDetector, progress: Callable[[int], None]
) -> tuple[tuple[Voice, ...], tuple[str, ...]]:
    """Decode the tracks of an interview and find out where somebody speaks; also returns what to warn of.

    Raises:
        RecordingError: one of them cannot be used.
    """
    voices: list[Voice] = []
    warnings: list[str] = []
    for number, track in enumerate(tracks, start=1):
        decoded = decode(track.path, task.limits, stereo=task.split_channels and len(tracks) == 1, progress=progress)
        label = track.label or (f"track {number}" if len(tracks) > 1 else None)
        warnings += decoded.warnings
        if len(decoded.channels) == 2 and is_same_sound(*decoded.channels):
            warnings.append("left and right are the same sound: the speakers cannot be told apart by them")
            decoded = Decoded(decoded.channels[:1])
        voices += _voices(decoded, label, detect)
    return tuple(voices), tuple(warnings)


def is_same_sound(left: Samples, right: Samples) -> bool:
    """Whether two channels differ by less than a thousandth of their energy."""
    difference = sum(_energy(one.astype(np.int32) - other) for one, other in _blocks(left, right))
    return difference <= _SAME_SOUND_RATIO * sum(_energy(one) + _energy(other) for one, other in _blocks(left, right))


def without_echoes(stretches: Sequence[Stretch], own: Samples, other: Samples) -> tuple[Stretch, ...]:
    """Drop the stretches in which one channel only hears, faintly, who speaks on the other."""
    return tuple(stretch for stretch in stretches if ECHO_RATIO * _power(own, stretch) >= _power(other, stretch))


def _voices(decoded: Decoded, label: str | None, detect: VoiceDetector) -> Iterator[Voice]:
    found = [find_stretches(speech_probabilities(samples, detect), decoded.duration_ms) for samples in decoded.channels]
    if len(found) == 1:
        yield Voice(label, decoded.channels[0], found[0])
        return
    left, right = decoded.channels
    yield Voice("left", left, without_echoes(found[0], left, right))
    yield Voice("right", right, without_echoes(found[1], right, left))


def _power(samples: Samples, stretch: Stretch) -> float:
    return _energy(samples[stretch.start_ms * SAMPLE_HZ // 1000 : stretch.end_ms * SAMPLE_HZ // 1000])


def _energy(samples: NDArray[np.integer]) -> float:
    return float(np.square(samples, dtype=np.float64).sum())


def _blocks(left: Samples, right: Samples) -> Iterator[tuple[Samples, Samples]]:
    for start in range(0, len(left), _BLOCK_SAMPLES):
        yield left[start : start + _BLOCK_SAMPLES], right[start : start + _BLOCK_SAMPLES]
