"""What an attempt at a run failed of, and what follows: the run waits for a remedy, is tried again, or is given up."""

import errno
from dataclasses import dataclass
from enum import StrEnum

from app.database import is_disk_full
from app.errors import AppError, InsufficientStorageError, UnavailableError
from ingest.speech.refusal import SpeechModelError, TranscriberError

NO_ROOM = "no room is left on the disk: free some; the work then goes on by itself"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Consequence(StrEnum):
    """What becomes of a run: it waits as long as the remedy takes, gets another of five attempts, or has failed."""

    WAIT = "wait"
    TRY_AGAIN = "try_again"
    GIVE_UP = "give_up"


@dataclass(frozen=True)
class Setback:
    """Why an attempt failed, in words for who can do something about it."""

    consequence: Consequence
    problem: str
    is_expected: bool = True


def weigh(error: Exception) -> Setback:
    """Tell whether a recording may be to blame for an error, and whether time can heal it."""
    if _is_no_room(error):
        return Setback(Consequence.WAIT, NO_ROOM)
    match error:
        case SpeechModelError():
            return Setback(Consequence.WAIT, error.message)
        case TranscriberError():
            return Setback(Consequence.TRY_AGAIN, error.message)
        case UnavailableError():
            return Setback(Consequence.WAIT, error.message)
        case AppError():
            return Setback(Consequence.GIVE_UP, error.message)
    problem = f"{type(error).__name__} inside Verbatim: please report it with the log"
    return Setback(Consequence.GIVE_UP, problem, is_expected=False)


def _is_no_room(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM or "No usable temporary directory" in str(error)
    return isinstance(error, InsufficientStorageError) or is_disk_full(error)
