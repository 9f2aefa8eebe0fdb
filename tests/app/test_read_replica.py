"""Questions read from a replica, where there is one, and write to the database alone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from database_factory import make_database
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import text
from study_factory import add_study

from app.answering.answer import answer_by_id, answer_question
from app.answering.schemas import Question
from app.blobs import Blobs
from app.chat import Chat
from app.database import Database, connect
from app.embedding import Embedder
from app.errors import UnavailableError
from app.main import create_app
from app.prompts import load_prompts
from app.services import Services
from app.settings import Settings

QUESTION = Question(question="Were people afraid of losing their money?", study="acme")


@pytest.fixture
def replicated(own_database: Database, embedder: Embedder, blobs: Blobs) -> Iterator[Services]:
    """A study that only the replica still has the passages of, so that it shows who was asked."""
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
    url = own_database.engine.url.render_as_string(hide_password=False)
    own_database.engine.dispose()
    settings = Settings(read_database_url=SecretStr(make_database(url, "replica_test")))
    with connect(url, settings) as database:
        with database.sessions.begin() as session:
            session.execute(text("DELETE FROM passage"))
        yield Services(settings, database, embedder, blobs)


def count_answers(services: Services) -> tuple[int | None, int | None]:
    """How many answers are kept in the database, and in the replica."""
    kept = text("SELECT count(*) FROM answer")
    with services.database.sessions() as session, services.database.reading() as reading:
        return session.scalar(kept), reading.scalar(kept)


def test_an_answer_is_read_there_and_kept_here(replicated: Services) -> None:
    """Its quotes come from the replica; its permanent link leads to the database."""
    answer = answer_question(QUESTION, replicated)
    assert answer.quotes
    assert answer_by_id(answer.id, replicated) == answer
    assert count_answers(replicated) == (1, 0)


def test_so_it_is_with_a_chat_model(replicated: Services, chat: Chat) -> None:
    """Its usage too is written to the database."""
    answer = answer_question(QUESTION, replace(replicated, chat=chat, prompts=load_prompts()))
    assert answer.quotes
    assert answer.provenance.calls
    assert count_answers(replicated) == (1, 0)


def test_quotes_are_searched_there(replicated: Services) -> None:
    """Over HTTP; and the service is ready once both have the schema."""
    with TestClient(create_app(replicated, require_keys=False), base_url="http://127.0.0.1") as client:
        assert client.get("/readyz").status_code == 200
        found = client.get("/v1/quotes", params={"study": "acme", "q": QUESTION.question}).json()
    assert found["quotes"]


def test_nothing_can_be_written_there(replicated: Services) -> None:
    """Not even where somebody gives the database itself as its replica."""
    with replicated.database.reading() as reading:
        assert reading.scalar(text("SHOW default_transaction_read_only")) == "on"


def test_a_replica_that_cannot_be_reached_is_named(own_database: Database) -> None:
    """By its variable, since there are two that it might be."""
    url = own_database.engine.url.render_as_string(hide_password=False)
    nowhere = Settings(read_database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"))
    with pytest.raises(UnavailableError, match="VERBATIM_READ_DATABASE_URL"), connect(url, nowhere):
        pass
