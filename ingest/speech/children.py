"""Child processes that are given orders and answer them, without our secrets, and never longer than their parent."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Self, cast

from ingest.speech.messages import MAX_LINE_BYTES
from ingest.speech.refusal import TranscriberError, unavailable

HEARTBEAT_S = 2.0
"""Whoever waits for an answer is told at least this often that there is none."""

_ENVIRONMENT = (
    "CUDA_VISIBLE_DEVICES HF_HOME HF_HUB_CACHE HOME LANG LD_LIBRARY_PATH LOCALAPPDATA PATH SYSTEMROOT TEMP TMP TMPDIR "
    "USERPROFILE XDG_CACHE_HOME"
).split()


class Child:
    """A running Python module that serves orders as `ingest.speech.child` does.

    `death` and `remedy` are what to say when it dies of an order.
    """

    def __init__(self, module: str, death: str, remedy: str) -> None:
        self._death = death
        self._remedy = remedy
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "HF_HUB_OFFLINE": "1"}
        environment["OPENBLAS_NUM_THREADS"] = (
            "1"  # threads would keep users without privileges from leaving the network
        )
        command = [sys.executable, "-P", "-m", module]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603
        self._orders = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def is_alive(self) -> bool:
        """Whether it can be given an order."""
        return self._process.poll() is None

    def ask(self, order: bytes, stall_s: int) -> Iterator[bytes]:
        """Give an order and yield the answers as they come, an empty one whenever none came for a while.

        Raises:
            TranscriberError: it died, or no answer came for `stall_s` seconds.
        """
        with suppress(BrokenPipeError):  # its end tells why
            self._orders.write(order)
            self._orders.flush()
        heard_at = time.monotonic()
        while time.monotonic() - heard_at < stall_s:
            try:
                line = self._lines.get(timeout=HEARTBEAT_S)
            except queue.Empty:
                yield b""
                continue
            if line is None:
                raise self._died()
            heard_at = time.monotonic()
            yield line
        raise unavailable(f"no progress for {stall_s} seconds", "try it again")

    def end(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        with suppress(BrokenPipeError):
            self._orders.close()
        self._answers.close()

    def _read(self) -> None:
        """Read answers until its end, which is told as `None`."""
        while line := self._answers.readline(MAX_LINE_BYTES):
            self._lines.put(line)
        self._lines.put(None)

    def _died(self) -> TranscriberError:
        """Say what it died of that it could not say itself."""
        code = self._process.wait()
        if sys.platform != "win32" and code == -signal.SIGXCPU:
            return unavailable("more processor time than allowed was needed", "split the recording")
        cause = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        return unavailable(f"{self._death} ({cause})", self._remedy)
