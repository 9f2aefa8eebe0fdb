"""Where somebody speaks: the probabilities of Silero's voice activity detection, in windows of little memory."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.speech.sound import Samples

FRAME_SAMPLES = 512
"""What one probability is about: 32 ms."""

_WINDOW_FRAMES = 8_192
_WARM_UP_FRAMES = 128


class VoiceDetector(Protocol):
    """Sound of shape (n * 512,), float32 in [-1, 1], to probabilities of speech, shape (n,) or (n, 1)."""

    def __call__(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """Detect."""


def load_voice_detector() -> VoiceDetector:
    """Load the detector that faster-whisper brings along."""
    from faster_whisper.vad import get_vad_model

    detector: VoiceDetector = get_vad_model()
    return detector


def speech_probabilities(samples: Samples, detect: VoiceDetector) -> NDArray[np.float32]:
    """Tell for each 32 ms how probable speech is, shape (ceil(n / 512),).

    The detector remembers what it heard, so each window begins with four seconds of the one before.
    """
    frames = -(-len(samples) // FRAME_SAMPLES)
    parts = [_window(samples, start, detect) for start in range(0, frames, _WINDOW_FRAMES)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _window(samples: Samples, start: int, detect: VoiceDetector) -> NDArray[np.float32]:
    warm_up = min(start, _WARM_UP_FRAMES)
    first, last = (start - warm_up) * FRAME_SAMPLES, (start + _WINDOW_FRAMES) * FRAME_SAMPLES
    sound = to_float(samples[first:last])
    padded = np.pad(sound, (0, -len(sound) % FRAME_SAMPLES))
    return np.asarray(detect(padded), np.float32).reshape(-1)[warm_up:]


def to_float(samples: Samples) -> NDArray[np.float32]:
    """Bring 16-bit sound into [-1, 1]."""
    return samples.astype(np.float32) / np.float32(32_768)
