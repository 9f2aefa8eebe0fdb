"""What faster-whisper makes of speech whose words and times are known."""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

from training.speech.clips import draw_held_out_voice
from training.speech.espeak import Samples, speak
from training.speech.texts import Line

REGION_VAD = VadOptions(min_silence_duration_ms=400, speech_pad_ms=150, max_speech_duration_s=29)


@dataclass(frozen=True)
class Score:
    """Word errors and right languages over some lines."""

    words: int
    errors: int
    regions: int
    right_languages: int

    @property
    def word_error_rate(self) -> float:
        """Errors per word spoken."""
        return self.errors / self.words


@dataclass(frozen=True)
class Heard:
    """What was recognised of one line."""

    line: Line
    text: str
    languages: tuple[str, ...]
    """As detected, one for each region of speech."""


def load_model(folder: Path) -> WhisperModel:
    """Load the fixture as the service loads it."""
    return WhisperModel(str(folder), device="cpu", compute_type="int8")


def hear_lines(model: WhisperModel, lines: Sequence[Line], seed: int) -> list[Heard]:
    """Speak each line with a voice and speed that training never heard, and transcribe it region by region."""
    draw = random.Random(seed)  # noqa: S311
    return [hear(model, line, speak(line.text, draw_held_out_voice(line.language, draw)).samples) for line in lines]


def hear(model: WhisperModel, line: Line, samples: Samples) -> Heard:
    """Transcribe the regions of speech in the line's language, and detect the language of each."""
    silence = np.zeros(8_000, np.float32)
    audio = np.concatenate([silence, samples.astype(np.float32) / 32_768, silence])
    regions = [audio[region["start"] : region["end"]] for region in get_speech_timestamps(audio, REGION_VAD)]
    languages = tuple(model.detect_language(region)[0] for region in regions)
    return Heard(line, " ".join(_transcribe(model, region, line.language) for region in regions), languages)


def score(heard: Iterable[Heard]) -> Score:
    """Count word errors, whatever the case and punctuation."""
    heard = list(heard)
    return Score(
        words=sum(len(plain_words(each.line.text)) for each in heard),
        errors=sum(count_errors(plain_words(each.line.text), plain_words(each.text)) for each in heard),
        regions=sum(len(each.languages) for each in heard),
        right_languages=sum(each.languages.count(each.line.language) for each in heard),
    )


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return re.findall(r"\w+", text.lower())


def count_errors(spoken: Sequence[str], heard: Sequence[str]) -> int:
    """The fewest words to put in, leave out or replace so that one becomes the other."""
    costs = list(range(len(heard) + 1))
    for number, word in enumerate(spoken, start=1):
        diagonal, costs[0] = costs[0], number
        for place, other in enumerate(heard, start=1):
            replaced = diagonal + (word != other)
            diagonal, costs[place] = costs[place], min(replaced, costs[place] + 1, costs[place - 1] + 1)
    return costs[-1]


def _transcribe(model: WhisperModel, region: NDArray[np.float32], language: str) -> str:
    segments, _ = model.transcribe(
        region, language=language, word_timestamps=True, condition_on_previous_text=False, vad_filter=False
    )
    return " ".join(segment.text.strip() for segment in segments)
