"""Speech models: a small protocol, and Whisper behind it by faster-whisper, from weights that are on this machine."""

import hashlib
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.speech.refusal import SpeechModelError, model_refusal
from ingest.speech.task import SpeechTask
from ingest.speech.transcription import ModelIdentity, Word

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment

Sound = NDArray[np.float32]
"""Sound at 16 kHz in [-1, 1], shape (n,)."""

OPTIONS: dict[str, str | int | float | bool] = {
    "task": "transcribe",
    "beam_size": 5,
    "condition_on_previous_text": False,
    "word_timestamps": True,
    "compression_ratio_threshold": 2.4,
    "log_prob_threshold": -1.0,
    "no_speech_threshold": 0.6,
}
"""How Whisper is asked; stored with what it answers."""

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

    def transcribe(self, sound: Sound, language: str) -> tuple[Heard, ...]:
        """Write down what is said, in the language that it is said in."""


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
        from faster_whisper import WhisperModel

        device = choose_device(task.device)
        compute_type = choose_compute_type(task.compute_type, device)
        self._model = WhisperModel(
            str(folder),
            device=device,
            compute_type=compute_type,
            cpu_threads=task.threads or _default_threads(),
            local_files_only=True,
        )
        self.identity = ModelIdentity(_public_name(task.model), _revision(folder), device, compute_type)

    def hear_languages(self, sound: Sound) -> dict[str, float]:
        """Tell how probable each language is; a model of English alone is sure of it."""
        if not self._model.model.is_multilingual:
            return {"en": 1.0}
        return dict(self._model.detect_language(sound)[2])

    def transcribe(self, sound: Sound, language: str) -> tuple[Heard, ...]:
        """Write down what is said, in the language that it is said in."""
        segments, _ = self._model.transcribe(sound, language=language, **OPTIONS)
        return tuple(_heard(segments))


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


def _heard(segments: Iterable["Segment"]) -> Iterable[Heard]:
    for segment in segments:
        words = tuple(
            Word(word.word, round(word.start * 1000), round(word.end * 1000), min(1.0, max(0.0, word.probability)))
            for word in segment.words or ()
        )
        likelihood = math.exp(min(0.0, segment.avg_logprob))
        yield Heard(words, segment.compression_ratio, segment.no_speech_prob, likelihood)


def _default_threads() -> int:
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
