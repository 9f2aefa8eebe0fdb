"""Speakers told apart by pyannote.audio: a pipeline in a folder of the user's; nothing is fetched, nothing is told."""

import hashlib
import importlib.metadata
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from ingest.speech.refusal import model_refusal
from ingest.speech.sound import Samples
from ingest.speech.speaker_turns import SpeakerTurn
from ingest.speech.task import SAMPLE_HZ, SpeechTask
from ingest.speech.voice import to_float
from ingest.speech.whisper import choose_device

INSTALL = "pip install 'verbatim[pyannote]'"

_PIPELINE = "config.yaml"
_WHERE = (
    "set VERBATIM_DIARIZER_MODELS to a copy of huggingface.co/pyannote/speaker-diarization-community-1, "
    "whose conditions somebody has to accept there"
)


def load_pyannote(task: SpeechTask) -> "PyannoteDiarizer":
    """Load the pipeline in the folder that a task names.

    Raises:
        SpeechModelError: pyannote.audio or the pipeline is not there, or it cannot be loaded.
    """
    if not _is_installed():
        raise model_refusal("pyannote.audio is not installed", INSTALL)
    folder = task.diarizer_models
    if folder is None:
        raise model_refusal("pyannote.audio needs a pipeline", _WHERE)
    if not (folder / _PIPELINE).is_file():
        raise model_refusal(f"no {_PIPELINE} in {folder.name}", _WHERE)
    try:
        return PyannoteDiarizer(folder, choose_device(task.device))
    except Exception as error:  # whatever its many parts raise
        raise model_refusal(f"pyannote.audio cannot load {folder.name} ({error})", _WHERE) from error


class PyannoteDiarizer:
    """A pipeline of pyannote.audio, loaded once."""

    def __init__(self, folder: Path, device: str) -> None:
        os.environ |= {"PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_OFFLINE": "1"}  # read while they are imported
        import torch
        from pyannote.audio import Pipeline
        from pyannote.audio.telemetry import set_telemetry_metrics

        set_telemetry_metrics(False)
        self._pipeline = Pipeline.from_pretrained(folder)
        self._pipeline.to(torch.device(device))
        version = importlib.metadata.version("pyannote-audio")
        self.identity = f"pyannote.audio/{version} {folder.name} {_revision(folder)}"

    def diarize(
        self, samples: Samples, speakers: int | None, alive: Callable[[], None] = lambda: None
    ) -> tuple[SpeakerTurn, ...]:
        """Find the turns of each speaker, none at the same time; see `Diarizer`."""
        import torch

        sound = {"waveform": torch.from_numpy(to_float(samples))[None], "sample_rate": SAMPLE_HZ}
        heard = self._pipeline(sound, num_speakers=speakers, hook=lambda *_, **__: alive())
        numbers: dict[str, int] = {}
        return tuple(
            SpeakerTurn(round(turn.start * 1000), round(turn.end * 1000), numbers.setdefault(label, len(numbers)))
            for turn, _, label in heard.exclusive_speaker_diarization.itertracks(yield_label=True)
        )


def _is_installed() -> bool:
    return find_spec("pyannote") is not None and find_spec("pyannote.audio") is not None


def _revision(folder: Path) -> str:
    """The start of the SHA-256 of all files of a pipeline, in the order of their paths."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]
