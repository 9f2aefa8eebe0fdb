"""A worker that dies by its own hand at a given place of its work, as `kill -9` would let it die there.

Run as `python struck_worker.py MOMENT PLACE`. The moments `before`, `during` and `after` belong to the commit that
enters a stage, `statement` to the n-th statement for the database; without a moment it is a worker like any other.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.services import open_services
from app.settings import read_settings
from ingest.pipeline import InterviewReport
from ingest.tasks import work

_PLACES = {
    "INSERT INTO calibration": "calibration",
    "INSERT INTO recording": "register",
    "ingest_run.attempts +": "claim",
}
"""What commits do besides entering a stage, by the words of a statement."""


def arm(moment: str, place: str) -> None:
    """Let this process die at a place."""
    if moment == "statement":
        event.listen(Engine, "before_cursor_execute", _counting(int(place)))
    elif moment:
        event.listen(Engine, "before_cursor_execute", _remember)
        _strike_at_commit(moment, place)


def _counting(last: int) -> Callable[..., None]:
    statements = iter(range(last))

    def count(*_: object) -> None:
        if next(statements, None) is None:
            _die()

    return count


def _remember(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: object) -> None:
    """Remember on the connection what its next commit does."""
    place = next((place for words, place in _PLACES.items() if words in statement), None)
    if place is None and statement.startswith("UPDATE ingest_run") and isinstance(parameters, dict):
        place = parameters.get("stage") or ("listening" if parameters.get("done") else None)
    connection.info["does"] = place or connection.info.get("does")


def _strike_at_commit(moment: str, place: str) -> None:
    commit = PGDialect_psycopg.do_commit

    def struck(dialect: PGDialect_psycopg, connection: Any) -> None:
        is_here = connection.info.pop("does", None) == place
        if is_here and moment == "before":
            _die()
        if is_here and moment == "during":
            connection.driver_connection.pgconn.send_query(b"COMMIT")
            connection.driver_connection.pgconn.flush()
            _die()
        commit(dialect, connection)  # type: ignore[no-untyped-call]
        if is_here:
            _die()

    PGDialect_psycopg.do_commit = struck  # type: ignore[method-assign, assignment]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    threading.Event().wait()


def _tell(report: InterviewReport) -> None:
    sys.stderr.write(f"{report.interview}: {report.status} {report.problem or ''}\n")


def main() -> None:
    """Work until told to end, or until the place."""
    arm(*([*sys.argv[1:], "", ""][:2]))
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    with open_services(read_settings()) as services:
        work(services, ending, _tell, lambda: None)


if __name__ == "__main__":
    main()
