"""The migrations make just the schema that the models declare, and can be taken back."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from alembic import command
from database_factory import make_database
from sqlalchemy import Engine, inspect

from app.database import make_engine, migrate, migration_config
from app.settings import Settings

QUEUE = Path(__file__).resolve().parents[2] / "migrations" / "procrastinate_3_10_0.sql"


@pytest.fixture
def engine(server_url: str) -> Iterator[Engine]:
    """A database without a schema."""
    engine = make_engine(make_database(server_url, "migrations_test"), Settings())
    yield engine
    engine.dispose()


def test_models_and_migrations_agree(engine: Engine) -> None:
    """Autogenerate finds nothing to change."""
    migrate(engine)
    with engine.begin() as connection:
        command.check(migration_config(connection))


def test_every_migration_can_be_taken_back(engine: Engine) -> None:
    """Down to nothing and up again, with nothing left behind on the way."""
    migrate(engine)
    with engine.begin() as connection:
        command.downgrade(migration_config(connection), "base")
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    migrate(engine)
    with engine.begin() as connection:
        command.check(migration_config(connection))


def test_the_queue_has_the_schema_of_the_installed_library() -> None:
    """A newer procrastinate needs a migration of its own, made of the library's."""
    installed = (resources.files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8")
    assert QUEUE.read_text(encoding="utf-8").endswith(installed)
