"""A real Postgres with pgvector for all tests: migrated once, rolled back after each test."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from database_factory import make_database
from fastapi import FastAPI
from fastapi.testclient import TestClient
from gold_taggings import tag_truly
from http_server import served
from hypothesis import settings
from market_study import ingest_market
from scripted_provider import ScriptedProvider, scripted_provider
from scripted_rules import honest
from shop_study import ingest_shop
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker
from study_factory import MadeStudy, add_study
from workplace import SPEECH_MODEL, Workplace, environment_for

from app.blobs import Blobs, open_blobs
from app.chat import Chat, open_chat
from app.database import Database, make_engine, migrate
from app.embedded_postgres import embedded_postgres
from app.embedding import Embedder, load_embedder
from app.isolation import ConfinedSession
from app.main import create_app
from app.services import Services
from app.settings import Settings
from ingest.pipeline import ingest_study

# What fixtures of a whole run keep in the data directory of the default settings is not kept in anybody's home.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="verbatim-tests-")
# How long an example takes says something of the machine alone.
settings.register_profile("verbatim", deadline=None)
settings.load_profile("verbatim")

NIDO = Path(__file__).resolve().parent.parent / "examples" / "nido"


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the settings of whoever runs the tests out of them, and what a test keeps by default from all others."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("home")))
    for name in [name for name in os.environ if name.startswith("VERBATIM_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded server of this test run."""
    with embedded_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_url(server_url: str) -> str:
    """A migrated database to copy, which takes a tenth of migrating; nobody stays connected to it."""
    url = make_database(server_url, "migrated_test")
    engine = make_engine(url, Settings())
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def database_url(migrated_url: str) -> str:
    """A database that every test leaves as it found it."""
    return make_database(migrated_url, "shared_test")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The shared database within one transaction that is rolled back; sessions commit to savepoints of it."""
    engine = make_engine(database_url, Settings())
    with engine.connect() as connection:
        transaction = connection.begin()
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        yield Database(engine, sessions)
        transaction.rollback()
    engine.dispose()


@event.listens_for(ConfinedSession, "after_transaction_end")
def _leave_confinement(session: Session, transaction: SessionTransaction) -> None:
    """Within the one transaction of a test a confined session ends at a savepoint, which leaves its role in place."""
    bind = session.get_bind()
    if transaction.parent is None and isinstance(bind, Connection):
        bind.execute(text("RESET ROLE"))


@pytest.fixture
def own_database(migrated_url: str) -> Iterator[Database]:
    """A database of one's own, for tests that need real commits and several connections."""
    engine = make_engine(make_database(migrated_url, "own_test"), Settings())
    yield Database(engine, sessionmaker(engine, expire_on_commit=False))
    engine.dispose()


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The bundled embedder."""
    return load_embedder("bundled")


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """A folder of one's own for kept files."""
    return open_blobs(Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def services(database: Database, embedder: Embedder, blobs: Blobs) -> Services:
    """The services over the rolled-back database."""
    return Services(Settings(), database, embedder, blobs)


@pytest.fixture
def workplace(own_database: Database, embedder: Embedder, blobs: Blobs, tmp_path: Path) -> Workplace:
    """A database of one's own, kept files and a speech model, for processes that may die."""
    settings = Settings(data_dir=tmp_path / "data", whisper_model=str(SPEECH_MODEL))
    url = own_database.engine.url.render_as_string(hide_password=False)
    services = Services(settings, own_database, embedder, blobs)
    return Workplace(services=services, environment=environment_for(url, tmp_path / "data"))


@pytest.fixture(scope="session")
def nido(migrated_url: str, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The whole sample study, ingested once; tests only read it."""
    engine = make_engine(make_database(migrated_url, "nido_test"), Settings())
    blobs = open_blobs(Settings(data_dir=tmp_path_factory.mktemp("nido")))
    services = Services(Settings(), Database(engine, sessionmaker(engine, expire_on_commit=False)), embedder, blobs)
    assert ingest_study(NIDO, services, lambda *_: None).succeeded
    yield services
    engine.dispose()


@pytest.fixture
def true_nido(nido: Services) -> Iterator[Session]:
    """A session over the sample study with its true tags, as given by a person; taken back at the end."""
    with nido.database.engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            tag_truly(session, NIDO)
            yield session
        transaction.rollback()


@pytest.fixture
def study(services: Services) -> MadeStudy:
    """A tiny study of three people, `acme`."""
    with services.database.sessions.begin() as session:
        return add_study(session, services.embedder, "acme")


@pytest.fixture
def shop(services: Services, tmp_path: Path) -> Iterator[Session]:
    """A session over `shop`, a study small enough to compute everything by hand."""
    (tmp_path / "shop").mkdir()
    ingest_shop(services, tmp_path / "shop")
    with services.database.sessions() as session:
        yield session


@pytest.fixture
def market(services: Services, tmp_path: Path) -> Iterator[Session]:
    """A session over `market`, a study with segments and competitors in which everything can be counted by hand."""
    (tmp_path / "market").mkdir()
    ingest_market(services, tmp_path / "market")
    with services.database.sessions() as session:
        yield session


@pytest.fixture(scope="session")
def application(database_url: str, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The application, whose routes are read once for all tests; each gives it services of its own."""
    engine = make_engine(database_url, Settings())
    blobs = open_blobs(Settings(data_dir=tmp_path_factory.mktemp("application")))
    services = Services(Settings(), Database(engine, sessionmaker(engine)), embedder, blobs)
    return create_app(services, require_keys=False)


@pytest.fixture
def client(application: FastAPI, services: Services) -> Iterator[TestClient]:
    """A client of the service on loopback, where no key is needed."""
    application.state.services = services
    with TestClient(application, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    """A chat model's server, which answers honestly unless it is told otherwise."""
    with scripted_provider(honest) as provider:
        yield provider


@pytest.fixture
def chat(provider: ScriptedProvider, database: Database) -> Iterator[Chat]:
    """The chat model of that server, charged to the rolled-back database."""
    settings = Settings(chat_model="openai:scripted", chat_base_url=provider.url)
    with open_chat(settings, database) as chat:
        assert chat is not None
        yield chat


@pytest.fixture
def served_acme(own_database: Database, embedder: Embedder, blobs: Blobs) -> Services:
    """Services over a database of one's own with the study `acme`, which can be served over HTTP."""
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
    return Services(Settings(), own_database, embedder, blobs)


@pytest.fixture
def url(served_acme: Services) -> Iterator[str]:
    """Where a service without keys, over the study `acme`, is reached; files with another service have their own."""
    with served(served_acme) as url:
        yield url
