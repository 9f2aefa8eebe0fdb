"""Each barrier between studies holds without the other: what features ask, and the policies of Postgres."""

import uuid

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError
from study_factory import add_study

from app.database import Database
from app.embedding import Embedder
from app.errors import ForbiddenError
from app.isolation import StudyScope, is_confinable, is_open
from app.models import ApiKey, Base, Study, Utterance
from app.privacy.keys import KeyRole, create_key
from app.text_search import SEARCHED_WORDS

OF_ALL = {
    "api_key",
    "api_key_study",
    "audit_event",
    "chat_usage",
    "embedding_model",
    "erased_subject",
    "login_session",
    "rate_limit",
}


def within(database: Database, readable: set[uuid.UUID], writable: set[uuid.UUID] | None = None) -> Database:
    """The database for whoever may see these studies."""
    writes = readable if writable is None else writable
    return database.within(StudyScope(frozenset(readable), frozenset(writes)))


def test_statements_that_forget_the_study_see_it_alone(own_database: Database, embedder: Embedder) -> None:
    """In every table a confined transaction finds the rows of its study, whatever it asks, and none without one."""
    with own_database.sessions.begin() as session:
        acme, rival = add_study(session, embedder, "acme"), add_study(session, embedder, "rival")
    tables = [table for table in Base.metadata.sorted_tables if table.name not in OF_ALL]
    for table in tables:
        with own_database.sessions.begin() as session:
            whole = session.scalar(select(func.count()).select_from(table)) or 0
        parts = []
        for studies in ({acme.study_id}, {rival.study_id}, set[uuid.UUID]()):
            with within(own_database, studies).sessions.begin() as session:
                parts.append(session.scalar(select(func.count()).select_from(table)))
        assert (table.name, parts) == (table.name, [whole / 2, whole / 2, 0])


def test_rows_of_another_study_cannot_be_changed(own_database: Database, embedder: Embedder) -> None:
    """Where a study may be read alone, nothing in it is updated, deleted, or added to it."""
    with own_database.sessions.begin() as session:
        acme, rival = add_study(session, embedder, "acme"), add_study(session, embedder, "rival")
    confined = within(own_database, {acme.study_id, rival.study_id}, {acme.study_id})
    with confined.sessions.begin() as session:
        assert session.execute(text("UPDATE segment SET description = 'x'")).rowcount == 2  # type: ignore[attr-defined]
        assert session.execute(text("DELETE FROM tagging")).rowcount == 3  # type: ignore[attr-defined]
    adding = text(
        "INSERT INTO segment (study_id, slug, labels, aliases, criteria) VALUES (:study, 'new', '{}', '{}', '[]')"
    )
    with confined.sessions.begin() as session:
        session.execute(adding, {"study": acme.study_id})
    with pytest.raises(ProgrammingError, match="row-level security"), confined.sessions.begin() as session:
        session.execute(adding, {"study": rival.study_id})


def test_confinement_ends_with_the_transaction(own_database: Database, embedder: Embedder) -> None:
    """A connection that comes back to the pool is as it was; keys are nothing that a confined transaction reads."""
    with own_database.sessions.begin() as session:
        acme = add_study(session, embedder, "acme")
        add_study(session, embedder, "rival")
        create_key(session, "Anna", KeyRole.VIEWER)
    confined = within(own_database, {acme.study_id})
    with confined.sessions.begin() as session:
        assert session.scalars(select(Study.slug)).all() == ["acme"]
    with pytest.raises(ProgrammingError, match="permission denied"), confined.sessions.begin() as session:
        session.scalars(select(ApiKey)).all()
    with own_database.sessions.begin() as session:
        assert len(session.scalars(select(Study)).all()) == 2
        assert is_confinable(session.connection())


def test_features_are_told_without_policies(own_database: Database, embedder: Embedder) -> None:
    """The first barrier needs no policy: a study is open, or may be read alone, or is not there."""
    acme, rival, other = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    with within(own_database, {acme, rival}, {acme}).sessions() as session:
        assert is_open(session, acme)
        with pytest.raises(ForbiddenError):
            is_open(session, rival)
        assert not is_open(session, other)
    with own_database.sessions() as session:
        assert is_open(session, other)
    with own_database.within(StudyScope(None, frozenset())).sessions.begin() as session:
        add = select(Utterance).limit(1)
        assert session.scalars(add).all() == []
        with pytest.raises(ForbiddenError):
            is_open(session, other)


def test_policies_leave_the_indexes_in_use(own_database: Database, embedder: Embedder) -> None:
    """Words are still found by their index: Postgres is told that the search leaks nothing of rows it must not see."""
    with own_database.sessions.begin() as session:
        acme = add_study(session, embedder, "acme")
        # In a study of nine utterances any other index will do.
        session.execute(text("DROP INDEX ix_utterance_study_id"))
    words = SEARCHED_WORDS.format(table="utterance")
    search = f"EXPLAIN SELECT id FROM utterance WHERE {words} @@ CAST('angst' AS tsquery) AND role = 'participant'"  # noqa: S608 our own expression
    for database in (own_database, within(own_database, {acme.study_id})):
        with database.sessions.begin() as session:
            session.execute(text("SET LOCAL enable_seqscan = off"))
            plan = "\n".join(session.scalars(text(search)))
        assert "ix_utterance_search" in plan
