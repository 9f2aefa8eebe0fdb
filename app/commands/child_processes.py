"""Processes beside `verbatim serve`: started anew when they die, ended with the service, however that ends."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog

LOOK_EVERY_S = 0.5
START_AGAIN_S = 5.0
_VERBATIM = (sys.executable, "-c", "from app.cli import main; main()")

log = structlog.get_logger()


@contextmanager
def kept_alive(arguments: Sequence[str], grace_s: float, descriptors: Sequence[int] = ()) -> Iterator[None]:
    """Run a command of this program for as long as the context lasts.

    Args:
        arguments: what follows `verbatim`; the command has to end when its standard input does, which is also when this
            process is killed.
        grace_s: how long it may take to end before it is killed.
        descriptors: open files that it inherits.
    """
    ending = threading.Event()
    keep = (_VERBATIM + tuple(arguments), grace_s, descriptors, ending)
    keeper = threading.Thread(target=_keep_alive, args=keep, name=f"keeper of {arguments[0]}")
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def when_input_ends(action: Callable[[], object]) -> None:
    """Do something when whoever started this process has ended, or wants it to end."""
    threading.Thread(target=_follow_input, args=(action,), daemon=True).start()


def _follow_input(action: Callable[[], object]) -> None:
    # Not through `sys.stdin`, whose lock Python could not take from this thread when it ends.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    action()


def _keep_alive(command: Sequence[str], grace_s: float, descriptors: Sequence[int], ending: threading.Event) -> None:
    while not ending.is_set():
        # In a session of its own, so that Ctrl-C in the terminal reaches the service alone, which then ends the others.
        process = subprocess.Popen(  # noqa: S603 our own command
            command, stdin=subprocess.PIPE, start_new_session=True, pass_fds=descriptors
        )
        while process.poll() is None and not ending.wait(LOOK_EVERY_S):
            pass
        _end(process, grace_s)
        if not ending.is_set():
            log.warning("a process ended; it is started again", code=process.returncode, in_s=START_AGAIN_S)
            ending.wait(START_AGAIN_S)


def _end(process: "subprocess.Popen[bytes]", grace_s: float) -> None:
    """Let a process end in order, or kill it when that takes too long: then another one goes on with its work."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(grace_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
