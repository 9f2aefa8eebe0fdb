"""Sound to voices: one for each track or channel, with the stretches in which it speaks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.speech.regions import Stretch, find_stretches
from ingest.speech.sound import Samples, TrackSound
from ingest.speech.speaker_turns import SpeakerTurn
from ingest.speech.task import SAMPLE_HZ
from ingest.speech.voice import VoiceDetector, speech_probabilities, to_float

ECHO_RATIO = 16.0
"""Who is heard sixteen times (12 dB) fainter than the other channel at that time is its echo."""

_SAME_SOUND_RATIO = 1e-3
_BLOCK_SAMPLES = SAMPLE_HZ * 60


@dataclass(frozen=True, slots=True)
class Voice:
    """The sound of one track or channel, and where somebody speaks in it.

    `label` names the speaker; where there is none, `turns` may tell several apart.
    """

    label: str | None
    samples: Samples
    stretches: tuple[Stretch, ...]
    turns: tuple[SpeakerTurn, ...] = ()

    @property
    def duration_ms(self) -> int:
        """How long the recording is."""
        return _duration_ms(self.samples)

    def sound(self, start_ms: int, end_ms: int) -> NDArray[np.float32]:
        """Cut out a part, as the model wants it."""
        return to_float(self.samples[start_ms * SAMPLE_HZ // 1000 : end_ms * SAMPLE_HZ // 1000])


def find_voices(
    sounds: Sequence[TrackSound], detect: VoiceDetector, alive: Callable[[], None]
) -> tuple[tuple[Voice, ...], tuple[str, ...]]:
    """Find out where somebody speaks in the tracks of an interview; also returns what to warn of.

    `alive` is called between one recording and the next.
    """
    voices: list[Voice] = []
    warnings: list[str] = []
    for number, sound in enumerate(sounds, start=1):
        alive()
        label = sound.label or (f"track {number}" if len(sounds) > 1 else None)
        channels = sound.channels
        warnings += sound.warnings
        if len(channels) == 2 and is_same_sound(*channels):
            warnings.append("left and right are the same sound: the speakers cannot be told apart by them")
            channels = channels[:1]
        voices += _voices(channels, label, detect)
    return tuple(voices), tuple(warnings)


def is_same_sound(left: Samples, right: Samples) -> bool:
    """Whether two channels differ by less than a thousandth of their energy."""
    difference = sum(_energy(one.astype(np.int32) - other) for one, other in _blocks(left, right))
    return difference <= _SAME_SOUND_RATIO * sum(_energy(one) + _energy(other) for one, other in _blocks(left, right))


def without_echoes(stretches: Sequence[Stretch], own: Samples, other: Samples) -> tuple[Stretch, ...]:
    """Drop the stretches in which one channel only hears, faintly, who speaks on the other."""
    return tuple(stretch for stretch in stretches if ECHO_RATIO * _power(own, stretch) >= _power(other, stretch))


def _voices(channels: tuple[Samples, ...], label: str | None, detect: VoiceDetector) -> Iterator[Voice]:
    found = [find_stretches(speech_probabilities(samples, detect), _duration_ms(samples)) for samples in channels]
    if len(found) == 1:
        yield Voice(label, channels[0], found[0])
        return
    left, right = channels
    yield Voice("left", left, without_echoes(found[0], left, right))
    yield Voice("right", right, without_echoes(found[1], right, left))


def _duration_ms(samples: Samples) -> int:
    return len(samples) * 1000 // SAMPLE_HZ


def _power(samples: Samples, stretch: Stretch) -> float:
    return _energy(samples[stretch.start_ms * SAMPLE_HZ // 1000 : stretch.end_ms * SAMPLE_HZ // 1000])


def _energy(samples: NDArray[np.integer]) -> float:
    return float(np.square(samples, dtype=np.float64).sum())


def _blocks(left: Samples, right: Samples) -> Iterator[tuple[Samples, Samples]]:
    for start in range(0, len(left), _BLOCK_SAMPLES):
        yield left[start : start + _BLOCK_SAMPLES], right[start : start + _BLOCK_SAMPLES]
