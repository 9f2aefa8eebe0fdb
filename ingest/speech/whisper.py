"""Speech models: a small protocol, and Whisper behind it by faster-whisper, from weights that are on this machine."""

import hashlib
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.speech.refusal import SpeechModelError, model_refusal
from ingest.speech.task import SAMPLE_HZ, SpeechTask
from ingest.speech.transcription import ModelIdentity, Word

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment

Sound = NDArray[np.float32]
"""Sound at 16 kHz in [-1, 1], shape (n,)."""

_MOST_COMPRESSION = 2.4
_LEAST_LOG_PROBABILITY = -1.0
_MOST_NO_SPEECH = 0.6

OPTIONS: dict[str, str | int | float | bool] = {
    "task": "transcribe",
    "beam_size": 5,
    "condition_on_previous_text": False,
    "word_timestamps": True,
    "without_timestamps": False,
    "compression_ratio_threshold": _MOST_COMPRESSION,
    "log_prob_threshold": _LEAST_LOG_PROBABILITY,
    "no_speech_threshold": _MOST_NO_SPEECH,
}
"""How Whisper is asked; stored with what it answers."""

_WINDOW_S = 30
_WINDOW_SAMPLES = _WINDOW_S * SAMPLE_HZ
_WINDOW_FRAMES = _WINDOW_S * 100
_BATCH_SIZES = {"cuda": 16, "cpu": 4}
_MOST_THREADS = 8
_WEIGHTS = "model.bin"
_COMPUTE_TYPES = {"cuda": ("float16", "int8_float16", "float32"), "cpu": ("int8", "float32")}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a model wrote of one stretch; `words` have times from the start of the sound that it was given."""

    words: tuple[Word, ...]
    compression_ratio: float
    no_speech: float
    likelihood: float
    """Mean probability of its tokens."""


class SpeechModel(Protocol):
    """Tells languages, and writes down what was said in one of them."""

    @property
    def identity(self) -> ModelIdentity:
        """Which weights these are."""

    def hear_languages(self, sound: Sound) -> dict[str, float]:
        """Tell how probable each language is in at most 30 s of sound."""

    @property
    def batch_size(self) -> int:
        """How many sounds it takes at once at most."""

    def transcribe(self, sounds: Sequence[Sound], language: str) -> tuple[tuple[Heard, ...], ...]:
        """Write down what is said in each of some sounds of at most 30 s, in the language that it is said in."""


def load_whisper(task: SpeechTask) -> SpeechModel:
    """Load the Whisper model that a task names, by path or by a name that was fetched before.

    Raises:
        SpeechModelError: the weights are not on this machine, or cannot be used on its device.
    """
    folder = find_weights(task.model)
    try:
        return FasterWhisper(folder, task)
    except (RuntimeError, ValueError, OSError) as error:
        problem = f"{task.model} cannot be loaded on {task.device} as {task.compute_type} ({_first_line(error)})"
        raise model_refusal(problem, "correct VERBATIM_WHISPER_MODEL, _DEVICE or _COMPUTE_TYPE") from error


def find_weights(model: str) -> Path:
    """Find the folder of a model: a path, or a name in the cache of the model hub; nothing is fetched.

    Raises:
        SpeechModelError: it is not there; the message says how to get it.
    """
    folder = Path(model)
    if folder.is_dir():
        if not (folder / _WEIGHTS).is_file():
            raise model_refusal(f"no {_WEIGHTS} in {folder.name}", "give the folder of a CTranslate2 Whisper model")
        return folder
    from faster_whisper.utils import download_model

    try:
        return Path(download_model(model, local_files_only=True))
    except (OSError, ValueError) as error:
        raise _missing(model) from error


def _missing(model: str) -> SpeechModelError:
    name = "large-v3" if "/" in model else model
    remedy = (
        f"run `verbatim models fetch {name} --to DIR` on a connected machine, "
        "copy DIR here and set VERBATIM_WHISPER_MODEL to its path"
    )
    return model_refusal(f"the weights of {model} are not on this machine", remedy)


class FasterWhisper:
    """Whisper by CTranslate2, loaded once; each call hears one piece of sound."""

    def __init__(self, folder: Path, task: SpeechTask) -> None:
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        device = choose_device(task.device)
        compute_type = choose_compute_type(task.compute_type, device)
        self._model = WhisperModel(
            str(folder),
            device=device,
            compute_type=compute_type,
            cpu_threads=task.threads or default_threads(),
            local_files_only=True,
        )
        self._batched = BatchedInferencePipeline(self._model)
        self.batch_size = _BATCH_SIZES.get(device, 1)
        self.identity = ModelIdentity(_public_name(task.model), _revision(folder), device, compute_type)

    def hear_languages(self, sound: Sound) -> dict[str, float]:
        """Tell how probable each language is; a model of English alone is sure of it."""
        if not self._model.model.is_multilingual:
            return {"en": 1.0}
        return dict(self._model.detect_language(sound)[2])

    def transcribe(self, sounds: Sequence[Sound], language: str) -> tuple[tuple[Heard, ...], ...]:
        """Write down what is said in each sound; one that comes out doubtful in company is heard again alone.

        Alone, Whisper makes attempts of its own at what is doubtful. Where the memory is too small for so many sounds
        at once, it is fewer from then on.
        """
        if len(sounds) == 1:
            return (self._hear_alone(sounds[0], language),)
        try:
            together = self._hear_together(sounds, language)
        except (MemoryError, RuntimeError):  # the latter where the memory of a GPU is full
            self.batch_size = len(sounds) // 2
            halves = sounds[: self.batch_size], sounds[self.batch_size :]
            return tuple(heard for half in halves for heard in self.transcribe(half, language))
        return tuple(
            self._hear_alone(sound, language) if any(map(is_doubtful, heard)) else heard
            for sound, heard in zip(sounds, together, strict=True)
        )

    def _hear_alone(self, sound: Sound, language: str) -> tuple[Heard, ...]:
        segments, _ = self._model.transcribe(sound, language=language, **OPTIONS)
        return tuple(_heard(segment) for segment in segments)

    def _hear_together(self, sounds: Sequence[Sound], language: str) -> list[tuple[Heard, ...]]:
        """Lay sounds 30 s apart on one tape, so that each segment and its words tell which one they are of."""
        tape = np.zeros((len(sounds), _WINDOW_SAMPLES), np.float32)
        for row, sound in zip(tape, sounds, strict=True):
            row[: len(sound)] = sound
        clips = [
            {"start": place * _WINDOW_S, "end": place * _WINDOW_S + len(sound) / SAMPLE_HZ}
            for place, sound in enumerate(sounds)
        ]
        segments, _ = self._batched.transcribe(
            tape.reshape(-1), language=language, clip_timestamps=clips, batch_size=len(sounds), **OPTIONS
        )
        heard: list[tuple[Heard, ...]] = [()] * len(sounds)
        for segment in segments:
            place = segment.seek // _WINDOW_FRAMES
            heard[place] += (_heard(segment, place * _WINDOW_S),)
        return heard


def is_doubtful(heard: Heard) -> bool:
    """Whether Whisper itself would have a second thought: what was heard repeats itself, or is improbable."""
    return heard.compression_ratio > _MOST_COMPRESSION or heard.likelihood < math.exp(_LEAST_LOG_PROBABILITY)


def choose_device(device: str) -> str:
    """Take the GPU that CTranslate2 can use, else the processor, unless told which."""
    import ctranslate2

    if device != "auto":
        return device
    return "cuda" if ctranslate2.get_cuda_device_count() else "cpu"


def choose_compute_type(compute_type: str, device: str) -> str:
    """Take the fastest arithmetic that a device has and that keeps Whisper's accuracy, unless told which."""
    import ctranslate2

    if compute_type != "auto":
        return compute_type
    supported = ctranslate2.get_supported_compute_types(device)
    return next((each for each in _COMPUTE_TYPES.get(device, ()) if each in supported), "default")


def _heard(segment: "Segment", started_at_s: int = 0) -> Heard:
    words = tuple(
        Word(word.word, _ms(word.start - started_at_s), _ms(word.end - started_at_s), _share(word.probability))
        for word in segment.words or ()
    )
    return Heard(words, segment.compression_ratio, segment.no_speech_prob, _share(math.exp(segment.avg_logprob)))


def _ms(time_s: float) -> int:
    return round(time_s * 1000)


def _share(probability: float) -> float:
    return min(1.0, max(0.0, probability))


def default_threads() -> int:
    """Half of the cores, so that whoever asks meanwhile is answered."""
    return max(1, min(_MOST_THREADS, (os.cpu_count() or 1) // 2))


def _public_name(model: str) -> str:
    """Name a model without telling where its folder lies."""
    return Path(model).name if Path(model).is_dir() else model


def _revision(folder: Path) -> str:
    """The start of the SHA-256 of the weights."""
    with (folder / _WEIGHTS).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:200]
