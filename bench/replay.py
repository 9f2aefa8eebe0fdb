"""The very statements that something runs, to be run again on one warm connection of the bare driver."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from app.database import CONNECTION_OPTIONS

Statement = tuple[str, Any]


@contextmanager
def recorded(engine: Engine) -> Iterator[list[Statement]]:
    """Collect the statements that are run over an engine."""
    seen: list[Statement] = []

    def keep(_c: object, _cursor: object, sql: str, parameters: Any, _context: object, many: bool) -> None:
        seen.extend((sql, row) for row in (parameters if many else [parameters]))

    event.listen(engine, "before_cursor_execute", keep)
    yield seen
    event.remove(engine, "before_cursor_execute", keep)


@contextmanager
def bare_connection(engine: Engine) -> Iterator[psycopg.Connection]:
    """A connection of the driver alone, with the options of the product's own."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, options=CONNECTION_OPTIONS) as connection:
        yield connection


def replay(connection: psycopg.Connection, statements: Sequence[Statement]) -> None:
    """Run statements in one transaction, and fetch what they bring."""
    for sql, parameters in statements:
        cursor = connection.execute(sql, parameters)
        if cursor.description:
            cursor.fetchall()
    connection.commit()
