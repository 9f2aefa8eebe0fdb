"""Diarizers: they tell the voices of one recording apart, where no track or channel does; all of them are optional."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.speech.pyannote import load_pyannote
from ingest.speech.refusal import model_refusal
from ingest.speech.sherpa import load_sherpa
from ingest.speech.speaker_turns import SpeakerTurn, split_by_speaker
from ingest.speech.task import SpeechTask

__all__ = ["Diarizer", "SpeakerTurn", "load_diarizer", "split_by_speaker"]


class Diarizer(Protocol):
    """Tells who speaks when."""

    @property
    def identity(self) -> str:
        """Which library and which weights these are."""

    def diarize(
        self, samples: NDArray[np.int16], speakers: int | None, alive: Callable[[], None] = lambda: None
    ) -> tuple[SpeakerTurn, ...]:
        """Find the turns of each speaker, in order of time.

        Args:
            samples: sound at 16 kHz, shape (n,).
            speakers: how many people speak; `None`: not known.
            alive: called now and then while the work goes on.
        """


def load_diarizer(task: SpeechTask) -> Diarizer | None:
    """Load the diarizer that a task names, from models that are on this machine; `None` where it names none.

    Raises:
        SpeechModelError: its library or its models are not there, or cannot be used; the message says what to do.
    """
    match task.diarizer:
        case None | "none":
            return None
        case "sherpa-onnx":
            return load_sherpa(task)
        case "pyannote":
            return load_pyannote(task)
        case unknown:
            raise model_refusal(
                f"there is no diarizer {unknown}", "set VERBATIM_DIARIZER to sherpa-onnx, pyannote or none"
            )
