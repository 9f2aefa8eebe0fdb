"""The one place where errors of commands end: a message and an exit code, never a traceback."""

import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import NoReturn

from app.commands.output import tell
from app.errors import AppError

FAILED = 1
TERMINATED = 128 + signal.SIGTERM

log = logging.getLogger(__name__)


def guard(action: Callable[[], object]) -> int:
    """Run a command to its end, whatever that is.

    Returns:
        The exit code: 0, 1 when something failed, 2 when the command was written wrongly, 128 + n after a signal n.
    """
    _prepare_streams()
    try:
        with on_signals(_terminate, signal.SIGTERM):
            try:
                action()
            finally:
                sys.stdout.flush()
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else int(bool(ending.code))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except AppError as error:
        complain(error)
        return FAILED
    except Exception as error:  # noqa: BLE001 whatever it is, it ends here
        _report(error)
        return FAILED
    return 0


def complain(error: AppError) -> None:
    """Say what is wrong, with every fault and its remedy."""
    tell(("error: ", "bold red"), error.message)
    for fault in error.faults:
        tell("  ", (fault.place, "bold"), f": {fault.problem} → {fault.remedy}")


def _prepare_streams() -> None:
    """Write UTF-8 to stdout whatever the locale, and no log lines before the command has set the logs up."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.NullHandler())


def _report(error: Exception) -> None:
    if isinstance(error, OSError) and error.filename:
        tell(("error: ", "bold red"), f"{error.filename}: {error.strerror}")
        return
    log.error("unexpected error", exc_info=error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    tell(
        ("error: ", "bold red"),
        f"unexpected {type(error).__name__} in {place}; this is a fault of Verbatim, please report it with this line",
    )


@contextmanager
def on_signals(action: Callable[[], object], *numbers: signal.Signals) -> Iterator[None]:
    """Answer signals with an action for as long as the context lasts."""

    def answer(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 the signature of a signal handler
        action()

    before = {number: signal.signal(number, answer) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _terminate() -> NoReturn:
    """Unwind the command, so that what it opened is closed."""
    raise SystemExit(TERMINATED)
