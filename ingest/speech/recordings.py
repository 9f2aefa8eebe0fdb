"""Recordings to a transcription, from outside: what touches them happens in confined child processes.

A fresh one decodes the recordings of an interview, which a hostile file may bring down; one that lives on listens to
their sound, so that its model is loaded once.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from ingest.speech.children import Child
from ingest.speech.messages import (
    DecodeOrder,
    ListenOrder,
    Progress,
    Result,
    read_answer,
    unreadable_answer,
    write_order,
)
from ingest.speech.sound import Decoded
from ingest.speech.task import SpeechTask, Track
from ingest.speech.transcription import Transcription
from ingest.speech.workspace import sound_folder

DECODER = "ingest.speech.decoder"
LISTENER = "ingest.speech.listener"

MOST_OFTEN_S = 0.5
"""Progress is told no more often than this, but for its end."""

_DECODER_DEATH = (
    "the recording brought the decoder down",
    "export it again, or allow more memory by VERBATIM_RECORDING_MEMORY_MB",
)
_LISTENER_DEATH = (
    "the process that listens died",
    "try it again; where memory is short, set a smaller VERBATIM_WHISPER_MODEL",
)

ProgressTold = Callable[[int, int], None]


class SpeechProcess:
    """What hears recordings, one interview at a time; it keeps the process that listens until it is closed."""

    def __init__(self, decoder: str = DECODER, listener: str = LISTENER) -> None:
        self._decoder_module = decoder
        self._listener_module = listener
        self._listener: Child | None = None
        self._models: tuple[object, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def transcribe(self, tracks: Sequence[Track], task: SpeechTask, progress: ProgressTold) -> Transcription:
        """Transcribe the recordings of one interview.

        Args:
            tracks: one recording, or one for each speaker, on the same clock.
            task: what is known about them, and the limits.
            progress: called with the milliseconds of sound that are done and of all (0 until all is decoded), also
                when there is no news; the work is broken off when it raises.

        Raises:
            RecordingError: a recording cannot be used, however often it is tried.
            SpeechModelError: the speech model is not there; the named remedy helps.
            InsufficientStorageError: there is no room for the decoded sound.
            TranscriberError: a child died or stalled; another attempt may help.
        """
        with sound_folder() as folder:
            decoded = self._decode(tracks, task, Path(folder), progress)
            labels = tuple(track.label for track in tracks)
            return self._listen(ListenOrder(Path(folder), decoded, labels, task), progress)

    def close(self) -> None:
        """End the process that listens, if one runs; the next work starts another."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.end()

    def _decode(
        self, tracks: Sequence[Track], task: SpeechTask, folder: Path, progress: ProgressTold
    ) -> tuple[Decoded, ...]:
        recordings = tuple(track.path.resolve() for track in tracks)
        order = DecodeOrder(recordings, folder, task.split_channels and len(tracks) == 1, task.limits)
        with Child(self._decoder_module, *_DECODER_DEATH) as decoder:
            decoded = _await(decoder, write_order(order), task.limits.stall_s, progress)
        if not isinstance(decoded, tuple) or len(decoded) != len(tracks):
            raise unreadable_answer()
        return decoded

    def _listen(self, order: ListenOrder, progress: ProgressTold) -> Transcription:
        try:
            heard = _await(self._ready(order.task), write_order(order), order.task.limits.stall_s, progress)
            if not isinstance(heard, Transcription):
                raise unreadable_answer()
        except BaseException:
            self.close()
            raise
        return heard

    def _ready(self, task: SpeechTask) -> Child:
        """A process that listens with the models of a task."""
        if self._listener is None or not self._listener.is_alive or self._models != task.models:
            self.close()
            self._listener, self._models = Child(self._listener_module, *_LISTENER_DEATH), task.models
        return self._listener


def _await(child: Child, order: bytes, stall_s: int, progress: ProgressTold) -> Result:
    """What an order comes to; tells of the progress meanwhile."""
    latest, told_at = Progress(0, 0), 0.0
    for line in child.ask(order, stall_s):
        answer = read_answer(line) if line else latest
        if not isinstance(answer, Progress):
            progress(latest.done_ms, latest.total_ms)
            return answer
        latest = answer
        if time.monotonic() - told_at >= MOST_OFTEN_S:
            progress(latest.done_ms, latest.total_ms)
            told_at = time.monotonic()
    raise unreadable_answer()
