"""The process that reads foreign recordings: confined, without secrets, and gone when its parent is.

Run as `python -m ingest.speech.child`: an order on standard input, answers on standard output.
"""

import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from app.confinement import confine, limit_cpu, limit_memory
from ingest.speech.messages import MAX_LINE_BYTES, Answer, Progress, read_order, write_answer
from ingest.speech.refusal import RecordingError, SpeechModelError, refusal
from ingest.speech.task import SpeechTask
from ingest.speech.transcriber import transcribe_tracks
from ingest.speech.whisper import SpeechModel, load_whisper


def serve(load: Callable[[SpeechTask], SpeechModel]) -> None:
    """Carry out the one order that the parent gives, and answer."""
    tell = partial(_tell, _own_output())
    order = read_order(sys.stdin.buffer.readline(MAX_LINE_BYTES))
    limits = order.task.limits
    confine(limits.memory_bytes, limits.decode_cpu_s)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        transcription = transcribe_tracks(
            order.tracks,
            order.task,
            partial(_load_beside_limits, load),
            lambda done_ms, total_ms: tell(Progress(done_ms, total_ms)),
        )
        tell(transcription)
    except (RecordingError, SpeechModelError) as error:
        tell(error)
    except MemoryError:
        limit_memory(None)
        tell(refusal(f"more than {limits.memory_bytes:,} bytes of memory are needed to read it", "split it"))


def _load_beside_limits(load: Callable[[SpeechTask], SpeechModel], task: SpeechTask, sound_s: int) -> SpeechModel:
    """Load the model, whatever its size, and limit anew what the work may take beside it."""
    limit_memory(None)
    limit_cpu(task.limits.decode_cpu_s + sound_s * task.limits.cpu_per_audio)
    model = load(task)
    limit_memory(None if model.identity.device == "cuda" else task.limits.memory_bytes)
    return model


def _tell(answers: BinaryIO, answer: Answer) -> None:
    answers.write(write_answer(answer))
    answers.flush()


def _own_output() -> BinaryIO:
    """Keep standard output for the answers; whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _die_with_parent() -> None:
    """Wait for the end of standard input, which the parent keeps open as long as it lives."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    serve(load_whisper)
