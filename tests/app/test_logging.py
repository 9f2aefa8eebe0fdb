"""Logs: lines on stderr that say what happened and where, never what a participant or a user said."""

import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from io import StringIO

import pytest
import structlog
from log_state import logs_restored

from app.errors import NotFoundError
from app.logging import configure_logging
from app.settings import Settings

SECRET = "meine Kontonummer ist 4711"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Leave the logs of the test run as they were."""
    with logs_restored():
        yield


def logged(settings: Settings, error: Exception) -> str:
    """What is written when an error is logged, by our own logger and by that of a library."""
    stream = StringIO()
    with redirect_stderr(stream):
        configure_logging(settings)
        try:
            raise error
        except type(error):
            structlog.get_logger().exception("it failed", interview="I01")
            logging.getLogger("some.library").exception("it failed for %s", "I01")
    return stream.getvalue()


@pytest.mark.parametrize("shape", ["console", "json"])
def test_messages_of_exceptions_are_not_logged(shape: str) -> None:
    """An unexpected error leaves its type and its places; its message may hold words of a transcript."""
    lines = logged(Settings.model_validate({"log_format": shape}), ValueError(SECRET)).splitlines()
    assert len(lines) == 2
    for line in lines:
        assert "ValueError" in line
        assert "test_logging.py" in line
        assert "I01" in line
        assert "4711" not in line


def test_our_own_errors_keep_their_messages() -> None:
    """They are written for people to read."""
    assert "there is no such study" in logged(Settings(), NotFoundError("there is no such study"))


def test_debugging_shows_messages() -> None:
    """Whoever sets the level `debug` wants to see what went wrong."""
    assert SECRET in logged(Settings(log_level="debug"), ValueError(SECRET))


def test_json_lines_are_objects() -> None:
    """One event a line, with time and level, whoever logged it."""
    events = [json.loads(line) for line in logged(Settings(log_format="json"), ValueError("")).splitlines()]
    assert [event["event"] for event in events] == ["it failed", "it failed for I01"]
    assert all({"timestamp", "level", "error", "raised_at"} <= event.keys() for event in events)


def test_levels_below_the_set_one_are_left_out() -> None:
    """A quiet log stays quiet, for libraries too."""
    stream = StringIO()
    with redirect_stderr(stream):
        configure_logging(Settings(log_level="error"))
        structlog.get_logger().warning("ours")
        logging.getLogger("some.library").warning("theirs")
    assert stream.getvalue() == ""
