"""The worker beside `verbatim serve`: a process of its own, started anew when it dies, ended with the service."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from app.queue import GRACE_S

LOOK_EVERY_S = 0.5
START_AGAIN_S = 5.0
_COMMAND = [sys.executable, "-c", "from app.cli import main; main()", "worker", "--until-input-ends"]

log = structlog.get_logger()


@contextmanager
def child_worker() -> Iterator[None]:
    """Run a worker for as long as the context lasts; it ends also when this process is killed, with its input."""
    ending = threading.Event()
    keeper = threading.Thread(target=_keep_alive, args=(ending,), name="worker keeper")
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def _keep_alive(ending: threading.Event) -> None:
    while not ending.is_set():
        # In a session of its own, so that Ctrl-C in the terminal reaches the service alone, which then ends the worker.
        process = subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 our own command
        while process.poll() is None and not ending.wait(LOOK_EVERY_S):
            pass
        _end(process)
        if not ending.is_set():
            log.warning("the worker ended; it is started again", code=process.returncode, in_s=START_AGAIN_S)
            ending.wait(START_AGAIN_S)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let a worker end in order, or kill it when that takes too long: then another one goes on with its work."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(GRACE_S + 2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
