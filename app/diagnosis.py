"""What is in use, and what is missing with its remedy, for `verbatim doctor` and the page of administrators.

The checks make nothing, migrate nothing, and go on when the database is down.
"""

import importlib.metadata
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import URL, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.database import OLDEST_PGVECTOR, OLDEST_POSTGRES, ServerFacts, make_engine, server_facts
from app.embedded_postgres import embedded_postgres, postgres_status
from app.embedding import EmbedderIdentity, load_embedder
from app.errors import AppError, UnavailableError
from app.index import stored_identity
from app.isolation import ROLE, is_confinable
from app.privacy.keys import keys_required
from app.queue import queue_state
from app.services import Services
from app.settings import Settings

LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `problem` says what is wrong with it and what to do."""

    name: str
    found: str
    problem: str | None = None


def run_checks(settings: Settings) -> Iterator[Check]:
    """Look at everything that Verbatim needs."""
    yield _check_program()
    yield Check("torch", f"{_version('torch')} (only embedders other than the bundled one use it)")
    yield _check_disk(settings)
    yield from _check_models(settings)
    try:
        identity = load_embedder(settings.embedder, settings.embedder_revision).identity
        yield Check("embedder", str(identity))
    except UnavailableError as error:
        identity = None
        yield Check("embedder", settings.embedder, error.message)
    if settings.database_url is None:
        yield from _check_embedded(settings, identity)
    else:
        yield from _check_server(settings.database_url.get_secret_value(), settings, identity)


def run_opened_checks(services: Services, session: Session) -> Iterator[Check]:
    """Look at what an opened service uses."""
    settings, identity = services.settings, services.embedder.identity
    yield _check_program()
    yield _check_disk(settings)
    yield Check("server", _without_secrets(services.database.engine.url) if settings.database_url else "embedded")
    yield from _check_session(session, settings, identity)
    yield Check("embedder", str(identity))
    yield from _check_models(settings)


def _check_program() -> Check:
    return Check("verbatim", f"{_version('verbatim')}, Python {platform.python_version()}")


def _check_models(settings: Settings) -> Iterator[Check]:
    yield Check("chat model", settings.chat_model or "none: answers are made of quotes alone")
    yield Check("speech", settings.whisper_model or "none: recordings wait until VERBATIM_WHISPER_MODEL is set")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _check_disk(settings: Settings) -> Check:
    existing = next(
        path for path in (settings.data_dir.absolute(), *settings.data_dir.absolute().parents) if path.exists()
    )
    free_bytes = shutil.disk_usage(existing).free
    found = f"{settings.data_dir}, {free_bytes / 1e9:.1f} GB free"
    if free_bytes < LEAST_FREE_BYTES:
        return Check("data", found, "less than 1 GB is free: free some, or set VERBATIM_DATA_DIR to another disk")
    return Check("data", found)


def _check_embedded(settings: Settings, identity: EmbedderIdentity | None) -> Iterator[Check]:
    status = postgres_status(settings.data_dir)
    running = f"running as process {status.pid}" if status.running else "not running; the first command starts it"
    yield Check("server", f"embedded, {running}, in {status.data_directory}", status.problem)
    if status.problem is None and status.data_directory.exists():
        try:
            with embedded_postgres(settings.data_dir) as url:
                yield from _check_database(make_engine(url, settings), settings, identity)
        except UnavailableError as error:
            yield Check("database", "embedded", error.message)


def _check_server(url: str, settings: Settings, identity: EmbedderIdentity | None) -> Iterator[Check]:
    try:
        engine = make_engine(url, settings)
    except UnavailableError as error:
        yield Check("server", "VERBATIM_DATABASE_URL", error.message)
        return
    yield Check("server", _without_secrets(engine.url))
    yield from _check_database(engine, settings, identity)


def _check_database(engine: Engine, settings: Settings, identity: EmbedderIdentity | None) -> Iterator[Check]:
    try:
        with Session(engine) as session:
            yield from _check_session(session, settings, identity)
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        yield Check("database", "no answer", f"{reason}: start the server, or correct VERBATIM_DATABASE_URL")
    finally:
        engine.dispose()


def _check_session(session: Session, settings: Settings, identity: EmbedderIdentity | None) -> Iterator[Check]:
    facts = server_facts(session.connection())
    yield _check_versions(facts)
    if facts.migrated:
        yield _check_index(stored_identity(session), identity)
        yield _check_access(settings, session)
        yield _check_isolation(session)
        yield _check_queue(session)


def _without_secrets(url: URL) -> str:
    hidden = {name: "hidden" for name in url.query if "password" in name}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


def _check_versions(facts: ServerFacts) -> Check:
    pgvector = ".".join(map(str, facts.pgvector)) if facts.pgvector else "missing"
    schema = "up to date" if facts.migrated else "made or updated by the next command"
    found = f"Postgres {facts.postgres}, pgvector {pgvector}, schema {schema}"
    if facts.postgres < OLDEST_POSTGRES:
        return Check("database", found, f"use Postgres {OLDEST_POSTGRES} or newer")
    if facts.pgvector is None or facts.pgvector < OLDEST_PGVECTOR:
        return Check("database", found, "install pgvector 0.8 or newer on the database server")
    return Check("database", found)


def _check_index(stored: EmbedderIdentity | None, configured: EmbedderIdentity | None) -> Check:
    if stored is None:
        return Check("index", "empty")
    if configured is not None and stored != configured:
        problem = "the embedder is another one: set VERBATIM_EMBEDDER back, or run `verbatim reembed`"
        return Check("index", f"vectors of {stored}", problem)
    return Check("index", f"vectors of {stored}")


def _check_access(settings: Settings, session: Session) -> Check:
    try:
        needed = keys_required(settings.host, session)
    except AppError as error:
        return Check("access", f"{settings.host}:{settings.port}", error.message)
    return Check("access", f"{settings.host}:{settings.port}, {'with an API key' if needed else 'without keys'}")


def _check_queue(session: Session) -> Check:
    state = queue_state(session)
    found = f"workers: {state.workers}; interviews that wait: {state.waiting}, that are worked on: {state.running}"
    if state.waiting and not state.workers:
        return Check("queue", found, "nobody works on what waits: run `verbatim worker`")
    return Check("queue", found)


def _check_isolation(session: Session) -> Check:
    if is_confinable(session.connection()):
        return Check("isolation", "keys for single studies can be made")
    problem = f"let the database's administrator run `CREATE ROLE {ROLE} NOLOGIN`, and grant it to our user"
    return Check("isolation", "keys for single studies cannot be made", problem)
