"""Models that say what a test wants, for what a real model may do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ingest.speech.transcription import ModelIdentity, Word
from ingest.speech.whisper import Heard, Sound

IDENTITY = ModelIdentity("scripted", "0", "cpu", "none")

Say = Callable[[int, str], tuple[Heard, ...]]
"""Milliseconds of sound and their language to what is heard."""


def heard(text: str, start_ms: int, end_ms: int, *, no_speech: float = 0.0, likelihood: float = 0.9) -> Heard:
    """A sentence, its words evenly over its time."""
    texts = text.split()
    step_ms = (end_ms - start_ms) // len(texts)
    words = tuple(
        Word(f" {word}", start_ms + index * step_ms, start_ms + (index + 1) * step_ms, likelihood)
        for index, word in enumerate(texts)
    )
    return Heard(words, 1.0, no_speech, likelihood)


def fill(sound_ms: int, language: str) -> tuple[Heard, ...]:
    """Name the language all the time."""
    return (heard(f"{language} {sound_ms // 2}.", 400, sound_ms - 400),) if sound_ms > 1000 else ()


@dataclass
class ScriptedModel:
    """Hears languages and words as told; keeps what it was asked."""

    languages: Callable[[Sound], dict[str, float]]
    say: Say = fill
    asked: list[tuple[int, str]] = field(default_factory=list)
    at_once: list[int] = field(default_factory=list)
    identity: ModelIdentity = IDENTITY
    batch_size: int = 4

    def hear_languages(self, sound: Sound) -> dict[str, float]:
        """Tell what the test says."""
        return self.languages(sound)

    def transcribe(self, sounds: Sequence[Sound], language: str) -> tuple[tuple[Heard, ...], ...]:
        """Say what the test says."""
        self.asked += [(len(sound) // 16, language) for sound in sounds]
        self.at_once.append(len(sounds))
        return tuple(self.say(len(sound) // 16, language) for sound in sounds)
