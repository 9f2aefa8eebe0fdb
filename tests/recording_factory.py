"""Recordings whose times can be heard: each second has a tone of its own."""

import io
from fractions import Fraction

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from numpy.typing import NDArray

HZ = 48_000
LOWEST_TONE_HZ = 400
TONE_STEP_HZ = 50
WINDOW_S = Fraction(1, 10)

CODECS = {
    "wav": "pcm_s16le",
    "flac": "flac",
    "mp3": "libmp3lame",
    "ipod": "aac",
    "ogg": "libopus",
    "webm": "libopus",
}
"""What is put into each container; `ipod` is m4a."""


def tones(seconds: int) -> NDArray[np.int16]:
    """Sound at 48 kHz, shape (n,): second 0 has the lowest tone, each following one a higher."""
    times = np.arange(seconds * HZ) / HZ
    frequencies = LOWEST_TONE_HZ + TONE_STEP_HZ * np.floor(times)
    return (8_000 * np.sin(2 * np.pi * frequencies * times)).astype(np.int16)


def write_recording(sound: NDArray[np.int16], container: str = "wav") -> bytes:
    """A file with the sound, shape (n,), or (n, 2) in stereo."""
    sides = sound.reshape(len(sound), -1)
    layout = "mono" if sides.shape[1] == 1 else "stereo"
    target = io.BytesIO()
    with av.open(target, "w", format=container) as media:
        stream = media.add_stream(CODECS[container], rate=HZ, layout=layout)
        assert isinstance(stream, AudioStream)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(sides.reshape(1, -1)), format="s16", layout=layout)
        frame.sample_rate = HZ
        media.mux(stream.encode(frame))
        media.mux(stream.encode(None))
    return target.getvalue()


def read_recording(recording: bytes) -> NDArray[np.float64]:
    """The sound of a file as one channel at 48 kHz, shape (n,)."""
    resampler = AudioResampler(format="s16", layout="mono", rate=HZ)
    with av.open(io.BytesIO(recording), "r") as media:
        frames = [piece for frame in media.decode(audio=0) for piece in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames]).astype(np.float64)


def heard_seconds(sound: NDArray[np.float64]) -> list[int]:
    """Which second of the recording is heard in each tenth of a second; -1 is silence."""
    size = int(WINDOW_S * HZ)
    windows = sound[: len(sound) // size * size].reshape(-1, size)
    return [_second_of(window) for window in windows]


def _second_of(window: NDArray[np.float64]) -> int:
    if np.abs(window).mean() < 100:
        return -1
    loudest_hz = int(np.abs(np.fft.rfft(window)).argmax()) * HZ / len(window)
    return round((loudest_hz - LOWEST_TONE_HZ) / TONE_STEP_HZ)
