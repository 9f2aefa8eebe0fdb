"""The database: which one, its engine and sessions, its migrations."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pgvector import HalfVector
from pgvector.psycopg.halfvec import HalfVectorBinaryDumper
from psycopg import adapters
from psycopg.errors import DiskFull
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from app.embedded_postgres import embedded_postgres
from app.errors import UnavailableError
from app.isolation import StudyScope, confined, prepare_isolation
from app.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

OLDEST_POSTGRES = 16
OLDEST_PGVECTOR = (0, 8)
TURNS = max(2, min(4, os.cpu_count() or 1))
"""Transactions at the same time of those that wait for their turn: fewer than there are connections, and no more than
there are processors for. More of them only wait for each other, and keep waiting who wants but to look at a list."""
TRUSTED_S = 1.0
"""So long after its last use a connection is taken to live; to ask it each time is an eighth of an answer's trips."""
_LAST_USED_S = "last_used_s"
CONNECTION_OPTIONS = "-c jit=off -c max_parallel_workers_per_gather=0 -c idle_in_transaction_session_timeout=60s"
NEWEST_REVISION = "0026"
"""Where the migrations lead, so that a start need not read them all."""
_MIGRATION_LOCK = 7_461_205_117
_MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

adapters.register_dumper(HalfVector, HalfVectorBinaryDumper)


@dataclass(frozen=True)
class Database:
    """An engine with its session factory, that of a replica, if there is one, and what a confined one came from."""

    engine: Engine
    sessions: sessionmaker[Session]
    turns: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(TURNS))
    replica: sessionmaker[Session] | None = None
    unconfined: sessionmaker[Session] | None = None

    @property
    def everywhere(self) -> sessionmaker[Session]:
        """Sessions that see all studies, for what is of none alone, such as whether anybody still needs a file."""
        return self.unconfined or self.sessions

    @property
    def reading(self) -> sessionmaker[Session]:
        """Sessions for questions, which only read, and may be a moment behind."""
        return self.replica or self.sessions

    @contextmanager
    def begin_in_turn(self) -> Iterator[Session]:
        """A transaction that waits for its turn as long as it takes, where a crowd would find no connection in time."""
        with self.turns, self.sessions.begin() as session:
            yield session

    @contextmanager
    def read_in_turn(self) -> Iterator[Session]:
        """As `begin_in_turn`, to read for a question."""
        with self.turns, self.reading.begin() as session:
            yield session

    def within(self, scope: StudyScope | None) -> "Database":
        """The same database, whose sessions see the studies of a scope alone; without one, it is itself."""
        if scope is None:
            return self
        replica = confined(self.replica, scope) if self.replica else None
        return replace(self, sessions=confined(self.sessions, scope), replica=replica, unconfined=self.everywhere)


@dataclass(frozen=True)
class ServerFacts:
    """What a database server is: versions as numbers, `None` where pgvector is not installed."""

    postgres: int
    pgvector: tuple[int, ...] | None
    migrated: bool


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """Open the configured Postgres, or start or join the embedded one, and bring its schema up to date.

    Raises:
        UnavailableError: it cannot be reached, is too old, or lacks pgvector.
    """
    if settings.database_url is None:
        with embedded_postgres(settings.data_dir) as url, connect(url, settings) as database:
            yield database
    else:
        with connect(settings.database_url.get_secret_value(), settings) as database:
            yield database


@contextmanager
def connect(url: str, settings: Settings) -> Iterator[Database]:
    """Connect to one database by its URL, bring its schema up to date, and connect to its replica, if it has one."""
    engine = make_engine(url, settings)
    try:
        migrate(engine)
        with _replica(settings) as replica:
            yield Database(engine, sessionmaker(engine, expire_on_commit=False), replica=replica)
    finally:
        engine.dispose()


@contextmanager
def _replica(settings: Settings) -> Iterator[sessionmaker[Session] | None]:
    """Sessions that cannot write, not even where the replica turns out to be the database itself."""
    if settings.read_database_url is None:
        yield None
        return
    url = settings.read_database_url.get_secret_value()
    engine = make_engine(url, settings, "VERBATIM_READ_DATABASE_URL", " -c default_transaction_read_only=on")
    try:
        with _reachable(engine, "VERBATIM_READ_DATABASE_URL"):
            pass
        yield sessionmaker(engine, expire_on_commit=False)
    finally:
        engine.dispose()


def make_engine(url: str, settings: Settings, variable: str = "VERBATIM_DATABASE_URL", options: str = "") -> Engine:
    """Make the engine; `variable` is where the URL came from, `options` are further ones of the server.

    A process that froze in a transaction loses it after a minute, so that nobody waits for its locks.
    """
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    try:
        engine = create_engine(
            url,
            pool_size=settings.pool_size,
            max_overflow=0,
            pool_timeout=settings.pool_timeout_s,
            hide_parameters=True,
            connect_args={"connect_timeout": 10, "options": CONNECTION_OPTIONS + options},
        )
    except (ArgumentError, ValueError) as error:
        message = f"{variable} is no database URL; write postgresql://user:password@host:5432/name"
        raise UnavailableError(message) from error
    _ask_idle_connections(engine)
    return engine


def _ask_idle_connections(engine: Engine) -> None:
    """Find out whether a connection that was idle for a while still lives, and take a new one where it does not."""

    @event.listens_for(engine, "checkin")
    def note_use(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_LAST_USED_S] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - entry.info.get(_LAST_USED_S, time.monotonic()) < TRUSTED_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("the connection was lost while it was idle") from error


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade the schema, one process at a time."""
    with _reachable(engine) as connection:
        if revision == "head" and is_migrated(connection):
            return
        from alembic import command  # slow to load, and most starts find the schema up to date

        _check_server(connection)
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        _check_revision(connection)
        command.upgrade(migration_config(connection), revision)
        prepare_isolation(connection)


def migration_config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration for this package's migrations, over an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def is_migrated(connection: Connection) -> bool:
    """Whether the schema is at the newest revision."""
    return schema_revision(connection) == NEWEST_REVISION


def schema_revision(connection: Connection) -> str | None:
    """The revision of the schema; `None` where there is none yet."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def known_revisions() -> frozenset[str]:
    """The revisions of the schema that these migrations lead through."""
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(migration_config()).walk_revisions())


def server_facts(connection: Connection) -> ServerFacts:
    """Read the server's version, pgvector's version and the state of the schema."""
    postgres = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    version = connection.scalar(text("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'"))
    pgvector = tuple(int(part) for part in version.split(".")) if version else None
    return ServerFacts(postgres, pgvector, is_migrated(connection))


def is_disk_full(error: BaseException) -> bool:
    """Whether the database could not write because its disk is full; what is stored can still be read."""
    return isinstance(error, OperationalError) and isinstance(error.orig, DiskFull)


def is_away(error: BaseException) -> bool:
    """Whether the database could not be reached, stopped on the way, or had no connection left."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, (OperationalError, InterfaceError, PoolTimeoutError)) and not is_disk_full(error)


@contextmanager
def _reachable(engine: Engine, variable: str = "VERBATIM_DATABASE_URL") -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except OperationalError as error:
        where = engine.url.set(query={}).render_as_string(hide_password=True)
        reason = str(error.orig).strip().splitlines()[0]
        message = f"cannot reach the database {where}: {reason}; check {variable}, then `verbatim doctor`"
        raise UnavailableError(message) from error
    with connection, connection.begin():
        yield connection


def _check_revision(connection: Connection) -> None:
    if schema_revision(connection) not in {None, *known_revisions()}:
        raise UnavailableError("the database was made by a newer Verbatim: update this one, or use another database")


def _check_server(connection: Connection) -> None:
    facts = server_facts(connection)
    if facts.postgres < OLDEST_POSTGRES:
        raise UnavailableError(f"Postgres {facts.postgres} is too old: Verbatim needs {OLDEST_POSTGRES} or newer")
    if facts.pgvector is None or facts.pgvector < OLDEST_PGVECTOR:
        found = ".".join(map(str, facts.pgvector)) if facts.pgvector else "none"
        raise UnavailableError(f"pgvector 0.8 or newer is needed on the database server (found: {found}); install it")
