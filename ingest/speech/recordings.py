"""Recordings to a transcription, from outside: everything that touches them happens in a confined child process."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import IO, Self

from ingest.speech.messages import MAX_LINE_BYTES, Order, Progress, read_answer, write_order
from ingest.speech.refusal import TranscriberError, unavailable
from ingest.speech.task import MediaLimits, SpeechTask, Track
from ingest.speech.transcription import Transcription

CHILD = "ingest.speech.child"
HEARTBEAT_S = 2.0
"""Progress is told at least this often, so that leases are kept and cancellations noticed."""

MOST_OFTEN_S = 0.5
"""Progress is told no more often than this, but for its end."""

_ENVIRONMENT = (
    "CUDA_VISIBLE_DEVICES HF_HOME HF_HUB_CACHE HOME LANG LD_LIBRARY_PATH LOCALAPPDATA PATH SYSTEMROOT TEMP TMP TMPDIR "
    "USERPROFILE XDG_CACHE_HOME"
).split()
_DIED = "the recording brought the decoder down"


class SpeechProcess:
    """The process that hears recordings, for as long as a worker lives."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def transcribe(
        self, tracks: Sequence[Track], task: SpeechTask, progress: Callable[[int, int], None]
    ) -> Transcription:
        """Transcribe the recordings of one interview; see `transcribe_recordings`."""
        return transcribe_recordings(tracks, task, progress)

    def close(self) -> None:
        """End the process, if one runs."""


def transcribe_recordings(
    tracks: Sequence[Track], task: SpeechTask, progress: Callable[[int, int], None], child: str = CHILD
) -> Transcription:
    """Transcribe the recordings of one interview in a child process, which dies with this call.

    Args:
        tracks: one recording, or one for each speaker, on the same clock.
        task: what is known about them, and the limits.
        progress: called with the milliseconds of sound that are done and of all (0 until all is decoded), also when
            there is no news; the child is killed when it raises.
        child: the module that the child runs.

    Raises:
        RecordingError: a recording cannot be used, however often it is tried.
        SpeechModelError: the speech model is not there; the named remedy helps.
        TranscriberError: the child died or stalled; another attempt may help.
    """
    order = Order(tuple(replace(track, path=track.path.resolve()) for track in tracks), task)
    with _running(child) as process:
        latest, told_at = Progress(0, 0), 0.0
        for line in _lines(process, order, task.limits):
            answer = read_answer(line) if line else latest
            if isinstance(answer, Transcription):
                progress(latest.done_ms, latest.total_ms)
                return answer
            latest = answer
            if time.monotonic() - told_at >= MOST_OFTEN_S:
                progress(latest.done_ms, latest.total_ms)
                told_at = time.monotonic()
        raise _death(process.wait(), task.limits)


@contextmanager
def _running(module: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a Python process without our secrets, and leave none behind."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "HF_HUB_OFFLINE": "1"}
    environment["OPENBLAS_NUM_THREADS"] = "1"  # threads would keep users without privileges from leaving the network
    command = [sys.executable, "-P", "-m", module]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.kill()


def _lines(process: "subprocess.Popen[bytes]", order: Order, limits: MediaLimits) -> Iterator[bytes]:
    """Give the order and yield the lines of the child as they come, and an empty one whenever none came for a while."""
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    _give(process.stdin, order)
    heard_at = time.monotonic()
    while time.monotonic() - heard_at < limits.stall_s:
        try:
            line = lines.get(timeout=HEARTBEAT_S)
        except queue.Empty:
            yield b""
            continue
        if line is None:
            return
        heard_at = time.monotonic()
        yield line
    raise unavailable(f"no progress for {limits.stall_s} seconds", "try it again")


def _read(stream: IO[bytes] | None, lines: "queue.SimpleQueue[bytes | None]") -> None:
    """Read lines until the end, which is told as `None`."""
    while stream and (line := stream.readline(MAX_LINE_BYTES)):
        lines.put(line)
    lines.put(None)


def _give(stream: IO[bytes] | None, order: Order) -> None:
    """Write the order; a child that is dead already tells why by its end."""
    if stream:
        with suppress(BrokenPipeError):
            stream.write(write_order(order))
            stream.flush()


def _death(code: int, limits: MediaLimits) -> TranscriberError:
    """Say what a child died of that could not say it itself."""
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        return unavailable("more processor time than allowed was needed", "split the recording")
    cause = signal.Signals(-code).name if code < 0 else f"exit status {code}"
    remedy = f"export it again, or allow more than {limits.memory_bytes:,} bytes of memory"
    return unavailable(f"{_DIED} ({cause})", remedy)
