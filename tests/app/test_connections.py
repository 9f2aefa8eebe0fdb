"""Connections of the pool that the server has ended meanwhile."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from app import database
from app.database import is_away, make_engine
from app.settings import Settings

SERVED_BY = text("SELECT pg_backend_pid()")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine with one connection, which is open and lies idle."""
    engine = make_engine(database_url, Settings(pool_size=1))
    with engine.connect() as connection:
        assert connection.scalar(SERVED_BY)
    yield engine
    engine.dispose()


def _end_its_server(engine: Engine, database_url: str) -> None:
    other = make_engine(database_url, Settings(pool_size=1))
    with engine.connect() as connection:
        served_by = connection.scalar(SERVED_BY)
    with other.connect() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:served_by, 10_000)"), {"served_by": served_by})
    other.dispose()


def test_a_connection_lost_while_idle_is_replaced(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes it next notices nothing."""
    monkeypatch.setattr(database, "TRUSTED_S", 0.0)
    _end_its_server(engine, database_url)
    with engine.connect() as connection:
        assert connection.scalar(SERVED_BY)


def test_one_lost_right_after_its_use_fails_once(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as a database that is away, which clients are told to try again."""
    monkeypatch.setattr(database, "TRUSTED_S", 3600.0)
    _end_its_server(engine, database_url)
    with pytest.raises(OperationalError) as failure, engine.connect() as connection:
        connection.scalar(SERVED_BY)
    assert is_away(failure.value)
    with engine.connect() as connection:
        assert connection.scalar(SERVED_BY)
