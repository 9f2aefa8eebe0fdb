"""Recordings made for tests: written from samples, or spoken by espeak-ng once and kept beside this file."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from ingest.speech.decode import decode
from ingest.speech.sound import Samples, TrackSound, open_sound, sound_path
from ingest.speech.task import SAMPLE_HZ, MediaLimits

SPOKEN = Path(__file__).parent / "de_en_es.ogg"
"""A German, an English and a Spanish sentence by espeak-ng."""

SPOKEN_MS = ((1000, 5488), (6488, 10758), (11758, 15948))
"""Where they lie."""


def tone(seconds: float, rate: int = SAMPLE_HZ, amplitude: int = 8000) -> Samples:
    """A pure tone."""
    wave = amplitude * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)
    return wave.astype(np.int16)


def write_sound(
    path: Path, *channels: Samples, codec: str, rate: int = SAMPLE_HZ, options: dict[str, str] | None = None
) -> Path:
    """Write channels to a file, its format told by its name."""
    layout = "mono" if len(channels) == 1 else "stereo"
    sound = np.stack(channels)
    with av.open(str(path), "w", options=options or {}) as media:
        stream = cast("AudioStream", media.add_stream(codec, rate=rate, layout=layout))
        for start in range(0, sound.shape[1], rate):
            second = np.ascontiguousarray(sound[:, start : start + rate])
            frame = av.AudioFrame.from_ndarray(second, format="s16p", layout=layout)
            frame.sample_rate = rate
            media.mux(stream.encode(frame))
        media.mux(stream.encode(None))
    return path


def read_sound(path: Path, limits: MediaLimits | None = None, *, stereo: bool = False) -> TrackSound:
    """Decode a file without caring for its progress."""
    with TemporaryDirectory() as folder:
        target = sound_path(Path(folder), 0)
        decoded = decode(path, target, limits or MediaLimits(), stereo=stereo, progress=lambda _: None)
        channels = tuple(np.array(channel) for channel in open_sound(target, decoded.channel_count))
    return TrackSound(None, channels, decoded.warnings)


def spoken(part: int) -> Samples:
    """One of the sentences, with half a second of silence around it."""
    start_ms, end_ms = SPOKEN_MS[part]
    samples: NDArray[np.int16] = read_sound(SPOKEN).channels[0]
    return samples[(start_ms - 500) * SAMPLE_HZ // 1000 : (end_ms + 500) * SAMPLE_HZ // 1000]
