"""The migrations make just the schema that the models declare, and can be taken back."""

import json
from collections.abc import Iterator
from hashlib import sha256
from importlib import resources
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from database_factory import make_database
from sqlalchemy import Engine, inspect, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import sessionmaker, undefer
from study_factory import add_study

from app.answering.answer import answer_by_id, answer_question
from app.answering.schemas import Question
from app.blobs import Blobs
from app.corrected_words import open_words, seal_words, words_fingerprint
from app.database import NEWEST_REVISION, Database, is_migrated, make_engine, migrate, migration_config
from app.embedding import Embedder
from app.errors import UnavailableError
from app.models import Base, IngestRun, Transcript
from app.privacy.keys import KeyRole, create_key, verify_key
from app.services import Services
from app.settings import Settings
from app.vault import open_vault

OF_NO_STUDY = {
    "api_key",
    "api_key_study",
    "audit_event",
    "chat_usage",
    "embedding_model",
    "erased_subject",
    "login_session",
    "rate_limit",
}
"""Tables without words of a study; confined transactions see no keys."""
_POLICIES = """
SELECT tablename, cmd FROM pg_policies JOIN pg_class ON relname = tablename AND relrowsecurity
WHERE schemaname = 'public'
"""

OLDER = "0007"
"""The schema before identity, erasure, audit and what the pages keep."""

QUEUE = Path(__file__).resolve().parents[2] / "migrations" / "procrastinate_3_10_0.sql"


@pytest.fixture
def engine(server_url: str) -> Iterator[Engine]:
    """A database without a schema."""
    engine = make_engine(make_database(server_url, "migrations_test"), Settings())
    yield engine
    engine.dispose()


def test_the_newest_revision_is_where_the_migrations_lead() -> None:
    """A start that trusts the number misses no migration, and there is one order of them."""
    assert ScriptDirectory.from_config(migration_config()).get_heads() == [NEWEST_REVISION]


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


def test_every_table_of_a_study_is_isolated(engine: Engine) -> None:
    """A table whose rows belong to a study, themselves or through others, has policies for all that is done to it."""
    migrate(engine)
    with engine.connect() as connection:
        policies = connection.execute(text(_POLICIES)).all()
    actions: dict[str, set[str]] = {}
    for table, action in policies:
        actions.setdefault(table, set()).add(action)
    isolated = {table for table, done in actions.items() if done == {"SELECT", "INSERT", "UPDATE", "DELETE"}}
    assert isolated == {table.name for table in Base.metadata.sorted_tables if table.name not in OF_NO_STUDY}


def test_what_is_stored_outlives_an_update(engine: Engine, embedder: Embedder, blobs: Blobs) -> None:
    """From an older schema with data to the newest: the same answer, the same counts, the same words."""
    migrate(engine)
    database = Database(engine, sessionmaker(engine, expire_on_commit=False))
    services = Services(Settings(), database, embedder, blobs)
    with database.sessions.begin() as session:
        add_study(session, embedder, "acme")
        key = create_key(session, "Anna", KeyRole.VIEWER)
    question = Question(question="Were people afraid of losing their money?", study="acme")
    before = answer_question(question, services)
    with engine.begin() as connection:
        command.downgrade(migration_config(connection), OLDER)
        assert not is_migrated(connection)
    migrate(engine)
    after = answer_question(question, services)
    told = {"id", "thread_id", "provenance"}
    assert before.model_dump(exclude=told) == after.model_dump(exclude=told)
    assert before.citations
    assert answer_by_id(before.id, services).citations == before.citations
    with database.sessions.begin() as session:
        assert verify_key(session, key).role is KeyRole.VIEWER


def test_corrected_words_of_before_are_fingerprinted_by_the_key(engine: Engine, embedder: Embedder) -> None:
    """Nobody tries out what they were, also where they were erased; whoever has the key reads them as before."""
    migrate(engine)
    database, vault = Database(engine, sessionmaker(engine, expire_on_commit=False)), open_vault(Settings())
    tried = {words: sha256(json.dumps(["original", words]).encode()).hexdigest() for words in ("Adiós", "Tschüs")}
    with database.sessions.begin() as session:
        add_study(session, embedder, "acme")
        original = session.scalars(select(Transcript).options(undefer(Transcript.source))).first()
        assert original is not None
        kept = {name: getattr(original, name) for name in ("study_id", "interview_id", "source_sha256", "source")}
        for version, (words, fingerprint) in enumerate(tried.items(), start=7):
            sealed = seal_words(vault, {1: words}, fingerprint) if words == "Adiós" else None
            corrected = {"maker": "tina", "source_name": "x", "corrects": original.id, "corrected_words": sealed}
            session.add(Transcript(version=version, fingerprint=fingerprint, **corrected, **kept))
            way = {"status": "published", "stage": "published", "fingerprint": fingerprint}
            session.add(IngestRun(study_id=original.study_id, interview_id=original.interview_id, **way))
        command.downgrade(migration_config(session.connection()), "0024")
    migrate(engine)
    with database.sessions.begin() as session:
        versions = session.scalars(select(Transcript).where(Transcript.version >= 7).order_by(Transcript.version)).all()
        runs = session.scalars(select(IngestRun.fingerprint)).all()
        fingerprints = {each.fingerprint for each in versions}
        assert (len(fingerprints), fingerprints & set(tried.values())) == (2, set())
        assert fingerprints <= set(runs)
        assert not set(runs) & set(tried.values())
        assert [open_words(vault, each) for each in versions] == [{1: "Adiós"}, {}]
        assert versions[0].fingerprint == words_fingerprint(vault, {1: "Adiós"}, original.fingerprint)
    with pytest.raises(IntegrityError, match="never changes"), database.sessions.begin() as session:
        session.execute(update(Transcript).values(source=b"other"))


def test_a_database_of_a_newer_version_is_refused(engine: Engine) -> None:
    """It is told in one sentence, and left as it is."""
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnavailableError, match="newer Verbatim"):
        migrate(engine)


def test_the_queue_has_the_schema_of_the_installed_library() -> None:
    """A newer procrastinate needs a migration of its own, made of the library's."""
    installed = (resources.files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8")
    assert QUEUE.read_text(encoding="utf-8").endswith(installed)
