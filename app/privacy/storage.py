"""What deleted rows leave on the disk: pages of tables and indexes, statistics, the write-ahead log."""

from collections.abc import Sequence

import structlog
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
    does not allow is left to another time.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{LONGEST_WAIT_S}s'"))
        try:
            pages = not [table for table in tables if not _done(connection, f'VACUUM (FULL, ANALYZE) "{table}"')]
            statistics = _done(connection, "VACUUM FULL pg_catalog.pg_statistic")
            logged = _done(connection, "SELECT pg_switch_wal()") and _done(connection, "CHECKPOINT")
        finally:
            connection.execute(text("RESET lock_timeout"))
    return Cleared(pages=pages, statistics=statistics, write_ahead_log=logged)


def _done(connection: Connection, statement: str) -> bool:
    try:
        connection.execute(text(statement))
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        log.warning("traces on the disk are left for later", step=statement, reason=type(error.orig).__name__)
        return False
    return True
