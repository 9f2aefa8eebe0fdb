"""Setbacks: what waits for a remedy, what is tried again, what is given up."""

import errno

import pytest
from psycopg.errors import DiskFull
from sqlalchemy.exc import OperationalError

from app.errors import InsufficientStorageError, InvalidInputError, UnavailableError
from ingest.setbacks import NO_ROOM, Consequence, weigh
from ingest.speech.refusal import model_refusal, refusal, unavailable


@pytest.mark.parametrize(
    ("error", "consequence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), Consequence.WAIT),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"), Consequence.WAIT),
        (OperationalError("INSERT", {}, DiskFull("could not extend file")), Consequence.WAIT),
        (InsufficientStorageError("no room"), Consequence.WAIT),
        (UnavailableError("kept files cannot be reached"), Consequence.WAIT),
        (model_refusal("not there", "fetch it"), Consequence.WAIT),
        (unavailable("the recording brought the decoder down", "export it again"), Consequence.TRY_AGAIN),
        (refusal("an empty file", "record it again"), Consequence.GIVE_UP),
        (InvalidInputError("no words"), Consequence.GIVE_UP),
        (KeyError("word"), Consequence.GIVE_UP),
        (FileNotFoundError(errno.ENOENT, "No such file"), Consequence.GIVE_UP),
    ],
)
def test_only_what_time_can_heal_waits(error: Exception, consequence: Consequence) -> None:
    """A recording is tried again when it may be to blame, and given up when it is."""
    setback = weigh(error)
    assert setback.consequence is consequence
    assert setback.is_expected == (not isinstance(error, (KeyError, FileNotFoundError)) or consequence == "wait")


def test_a_full_disk_names_its_remedy() -> None:
    """Whatever noticed it."""
    assert weigh(OSError(errno.EDQUOT, "Quota exceeded")).problem == NO_ROOM
