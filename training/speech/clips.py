"""Lines spoken by many voices, kept as spectra on disk."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from pathlib import Path

import numpy as np
from faster_whisper.audio import decode_audio

from training.speech.espeak import Samples, Speech, SpokenWord, Voice, speak
from training.speech.opus import encode_opus
from training.speech.spectra import MEL_BANDS, Spectrum, measure_spectrum
from training.speech.texts import Line

ACCENTS = {"de": ("de",), "es": ("es", "es-419"), "en": ("en", "en-us", "en-GB-x-rp")}
TRAINING_VARIANTS = ("", "+m1", "+m2", "+m3", "+m4", "+m6", "+m7", "+f1", "+f2", "+f4")
HELD_OUT_VARIANTS = ("+m5", "+m8", "+f3", "+f5")
"""The voices of the sample recordings and of the measurements; training never hears them."""
TRAINING_SPEEDS = range(136, 190, 4)
HELD_OUT_SPEEDS = range(147, 179, 4)
PITCHES = range(30, 71)
OPUS_SHARE = 0.5
OPUS_BITS_PER_SECOND = (16_000, 24_000, 32_000)


@dataclass(frozen=True)
class Clip:
    """A line as one voice speaks it."""

    line: Line
    words: tuple[SpokenWord, ...]
    spectrum: Spectrum


@dataclass(frozen=True)
class Pool:
    """Clips of one language to draw from: each as often as it has words, so that every word is heard as often."""

    clips: tuple[Clip, ...]
    words_so_far: tuple[int, ...]

    @classmethod
    def of(cls, clips: Sequence[Clip]) -> "Pool":
        """Pool some clips."""
        return cls(tuple(clips), tuple(accumulate(len(clip.words) for clip in clips)))

    def draw(self, draw: random.Random) -> Clip:
        """Draw a clip."""
        return draw.choices(self.clips, cum_weights=self.words_so_far)[0]


def draw_voice(language: str, draw: random.Random) -> Voice:
    """Draw a voice, speed and pitch to train on."""
    name = draw.choice(ACCENTS[language]) + draw.choice(TRAINING_VARIANTS)
    return Voice(name, draw.choice(TRAINING_SPEEDS), draw.choice(PITCHES))


def draw_held_out_voice(language: str, draw: random.Random) -> Voice:
    """Draw a voice that training never hears, at a speed that it never hears."""
    name = draw.choice(ACCENTS[language]) + draw.choice(HELD_OUT_VARIANTS)
    return Voice(name, draw.choice(HELD_OUT_SPEEDS), draw.choice(PITCHES))


def write_clips(lines: Sequence[Line], voices_per_line: int, folder: Path, seed: int) -> None:
    """Speak every line with several voices; half of the clips go through Opus, as recordings do."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [(line, f"{seed} {number} {line.text}") for number in range(voices_per_line) for line in lines]
    described = []
    with (folder / "spectra.f16").open("wb") as spectra, ProcessPoolExecutor(2) as pool:
        for clip in pool.map(_speak_clip, *zip(*jobs, strict=True), chunksize=16):
            spectra.write(clip.spectrum.tobytes())
            words = [(word.text, word.start_ms, word.end_ms) for word in clip.words]
            described.append([clip.line.language, clip.line.text, len(clip.spectrum), words])
    (folder / "clips.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")


def read_clips(folder: Path) -> list[Clip]:
    """Read what `write_clips` wrote; the spectra stay on disk until they are used."""
    spectra = np.memmap(folder / "spectra.f16", np.float16, "r").reshape(-1, MEL_BANDS)
    return list(_described_clips(json.loads((folder / "clips.json").read_text(encoding="utf-8")), spectra))


def _described_clips(described: Iterable[tuple[str, str, int, list[list[str]]]], spectra: Spectrum) -> Iterator[Clip]:
    first = 0
    for language, text, frames, words in described:
        spoken = tuple(SpokenWord(word, int(start), int(end)) for word, start, end in words)
        yield Clip(Line(language, text), spoken, spectra[first : first + frames])
        first += frames


def _speak_clip(line: Line, seed: str) -> Clip:
    draw = random.Random(seed)  # noqa: S311
    speech = speak(line.text, draw_voice(line.language, draw))
    if draw.random() < OPUS_SHARE:
        speech = Speech(_through_opus(speech.samples, draw.choice(OPUS_BITS_PER_SECOND)), speech.words)
    return Clip(line, speech.words, measure_spectrum(speech.samples))


def _through_opus(samples: Samples, bits_per_second: int) -> Samples:
    decoded = decode_audio(BytesIO(encode_opus(samples[None], bits_per_second)))
    heard: Samples = (decoded[: len(samples)] * 32_768).clip(-32_768, 32_767).astype(np.int16)
    return heard
