"""What deleted rows leave on the disk: pages of tables and indexes, statistics, the write-ahead log."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import psycopg
import structlog
from psycopg.errors import Diagnostic
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from app.frozen import Frozen

LONGEST_WAIT_S = 20

log = structlog.get_logger()


class Cleared(Frozen):
    """What no longer holds traces: the pages of the tables, the planner's statistics, the write-ahead log."""

    pages: bool
    statistics: bool
    write_ahead_log: bool


def clear_traces(engine: Engine, tables: Sequence[str]) -> Cleared:
    """Write tables and their indexes anew without what was deleted, and remove the log that still has it.

    Each table is locked while it is written anew. What somebody else's long work, or a lack of rights on the server,
    does not allow is left to another time, and so is a log that the server keeps.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{LONGEST_WAIT_S}s'"))
        try:
            pages = not [table for table in tables if not _done(connection, f'VACUUM (FULL, ANALYZE) "{table}"')]
            statistics = _done(connection, "VACUUM FULL pg_catalog.pg_statistic")
            logged = all(_done(connection, step) for step in ("SELECT pg_switch_wal()", "CHECKPOINT", _OLD_LOG_IS_GONE))
        finally:
            connection.execute(text("RESET lock_timeout"))
    return Cleared(pages=pages, statistics=statistics, write_ahead_log=logged)


# A server that recycles its log keeps what stood there, under the name of a segment to come.
_OLD_LOG_IS_GONE = """
SELECT current_setting('wal_recycle') = 'off' AND NOT EXISTS (
  SELECT FROM pg_ls_waldir() CROSS JOIN pg_control_checkpoint() WHERE name ~ '^[0-9A-F]{24}$' AND name < redo_wal_file)
"""


def _done(connection: Connection, statement: str) -> bool:
    """Whether the server did it, or affirms it; a table that it may not vacuum it skips with a warning alone."""
    try:
        with _warnings(connection) as warnings:
            result = connection.execute(text(statement))
            reason = "; ".join(warnings) or None
            if reason is None and result.returns_rows and not result.scalar():
                reason = "the server denies it"
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        reason = type(error.orig).__name__
    if reason is not None:
        log.warning("traces on the disk are left for later", step=statement, reason=reason)
    return reason is None


@contextmanager
def _warnings(connection: Connection) -> Iterator[list[str]]:
    """What the server warns of meanwhile."""
    warnings: list[str] = []

    def listen(notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            warnings.append(notice.message_primary or "a warning")

    driver = cast("psycopg.Connection[object]", connection.connection.driver_connection)
    driver.add_notice_handler(listen)
    try:
        yield warnings
    finally:
        driver.remove_notice_handler(listen)
