"""Answers with a chat model that is honest, dishonest, or out of reach: no quote that nobody said is ever shown."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from http_server import served
from scripted_provider import Asked, Behaviour, Breaks, Fails, Hangs, Says, ScriptedProvider
from scripted_rules import MISBEHAVIOURS, cut_off, honest
from sqlalchemy import select, update
from study_factory import MadeStudy, add_study

from app.answering.answer import answer_events, find_answer
from app.answering.events import Answered, Began, Cited, Written
from app.answering.schemas import Answer, Question
from app.chat import Chat, open_chat
from app.database import Database
from app.errors import NotFoundError
from app.main import create_app
from app.models import Calibration, Utterance
from app.prompts import load_prompts
from app.services import Services
from app.settings import Settings

ASKED = "Were people afraid of losing their money?"
BODY = {"question": ASKED, "study": "acme"}


@contextmanager
def opened(provider: ScriptedProvider, database: Database, **others: Any) -> Iterator[Chat]:
    """The chat model of a server, with other settings."""
    with open_chat(Settings(chat_model="openai:scripted", chat_base_url=provider.url, **others), database) as chat:
        assert chat is not None
        yield chat


@pytest.fixture
def chatting(services: Services, chat: Chat) -> Services:
    """The services with a chat model."""
    return replace(services, chat=chat, prompts=load_prompts())


@pytest.fixture
def http(chatting: Services) -> Iterator[TestClient]:
    """A client of a service that has a chat model."""
    with TestClient(create_app(chatting, require_keys=False), base_url="http://127.0.0.1") as client:
        yield client


def ask(services: Services, question: str = ASKED, **fields: Any) -> Answer:
    """Ask the tiny study."""
    return find_answer(Question.model_validate({"question": question, "study": "acme", **fields}), services)


def events(client: TestClient, body: dict[str, Any]) -> list[tuple[str, Any]]:
    """The names and data of the events of an answer, whose ids count up from 1."""
    response = client.post("/v1/answers", json=body, headers={"Accept": "text/event-stream"})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    told = [dict(line.split(": ", 1) for line in block.splitlines()) for block in response.text.strip().split("\n\n")]
    assert [event["id"] for event in told] == [str(number) for number in range(1, len(told) + 1)]
    return [(event["event"], json.loads(event["data"])) for event in told]


def assert_verbatim(services: Services, study: MadeStudy, answer: Answer) -> None:
    """Every quote is cut out of what a participant of this study said, and no claim quotes anything else."""
    with services.database.sessions() as session:
        stored = {row.id: row for row in session.scalars(select(Utterance).where(Utterance.study_id == study.study_id))}
    quotes = {citation.quote for citation in answer.quotes}
    for citation in answer.quotes:
        assert citation.quote == stored[citation.utterance].text[slice(*citation.span)]
        assert stored[citation.utterance].role == "participant"
        assert citation.url.startswith("/interviews/I0")
    numbers = {citation.n for citation in answer.quotes}
    for claim in answer.claims:
        assert claim.citations
        assert {*claim.citations, *claim.counter_evidence} <= numbers
        assert not any(mark in claim.text for mark in '„“”«»"') or any(quote in claim.text for quote in quotes)
    for forbidden in ("evil.example", "<script", "17 of 20", "nie wieder wechseln"):
        assert forbidden not in answer.model_dump_json(exclude={"question"})


def test_events_come_in_order_and_citations_before_words(http: TestClient, study: MadeStudy) -> None:
    """Stages, all citations, the words, which together are the summary; the answer and its link at the end."""
    told = events(http, BODY)
    names = [name for name, _ in told]
    assert [name for name, _ in told if name == "status"] == ["status"] * 5
    order = ["status", "citation", "token", "answer", "done"]
    without_translating = [name for name, data in told if data != {"stage": "translate"}]
    assert without_translating == sorted(without_translating, key=order.index)
    answer = told[names.index("answer")][1]
    assert "".join(data["text"] for name, data in told if name == "token") == answer["summary"]
    shown = [data for name, data in told if name == "citation"]
    assert [data | {"translation": None} for data in answer["citations"]] == shown != []
    assert told[-1] == ("done", {"id": answer["id"]})
    assert http.get(f"/v1/answers/{answer['id']}").json() == answer


def test_events_without_a_chat_model_are_the_same(client: TestClient, study: MadeStudy) -> None:
    """The extractive answer is told in the same order."""
    names = list(dict.fromkeys(name for name, _ in events(client, BODY)))
    assert names == ["status", "citation", "token", "answer", "done"]


def test_claims_are_worded_and_counted(chatting: Services, study: MadeStudy) -> None:
    """The words are the model's, the quotes and the counts the server's, the translation beside its original."""
    answer = ask(chatting)
    assert_verbatim(chatting, study, answer)
    assert (answer.status, answer.provenance.chat_model, answer.provenance.fallback) == (
        "answered",
        "openai:scripted",
        None,
    )
    assert set(answer.provenance.prompts) == {"understand_question", "compose_claims", "translate_quotes"}
    assert answer.provenance.tokens > 0
    (affirmed,) = {claim.text for claim in answer.claims if claim.code == "AX1" and claim.polarity == "affirmed"}
    assert affirmed == "Fear of losing the money."
    claim = next(claim for claim in answer.claims if claim.code == "AX1" and claim.polarity == "affirmed")
    assert (claim.support.participants, claim.support.of) == (2, 3)
    assert "(2 of 3 people)" in answer.summary
    for citation in answer.quotes:
        assert (citation.translation is None) == (citation.language == "en")
        assert citation.translation is None or citation.translation.machine


@pytest.mark.parametrize(
    ("misbehaviour", "dropped"),
    [
        ("fabricated quote", {"fabricated": 1}),
        ("altered quote", {"altered": 1}),
        ("spliced quote", {}),
        ("translation as quote", {"fabricated": 1}),
        ("wrong id", {"unknown_reference": 1}),
        ("interviewer's id", {"wrong_speaker": 1}),
        ("id of another study", {"unknown_reference": 1}),
        ("invented number", {"unsupported_number": 1}),
        ("obeyed injection", {"fabricated": 1}),
    ],
)
def test_what_a_model_makes_up_is_dropped_and_counted(
    http: TestClient,
    chatting: Services,
    study: MadeStudy,
    provider: ScriptedProvider,
    misbehaviour: str,
    dropped: dict[str, int],
) -> None:
    """The rest of the answer stands, with quotes that somebody said."""
    provider.rule = MISBEHAVIOURS[misbehaviour]
    response = http.post("/v1/answers", json=BODY)
    assert response.status_code == 200
    answer = Answer.model_validate(response.json())
    assert_verbatim(chatting, study, answer)
    assert answer.status == "answered"
    counted = {reason: count for reason, count in answer.dropped if count}
    assert sum(counted.values()) == 1
    assert dropped.items() <= counted.items()


@pytest.mark.parametrize(
    ("behaviour", "fallback"),
    [
        (Says(""), "malformed"),
        (Says("{}"), "unverified"),
        (cut_off, "malformed"),
        (Says("I would rather not."), "malformed"),
        (Says("", refusal="I cannot help with that."), "refused"),
        (Fails(429, {"Retry-After": "60"}), "busy"),
        (Fails(500), "unreachable"),
        (Fails(401), "credentials"),
        (Breaks(), "unreachable"),
        (Hangs(), "timeout"),
        (lambda asked: replace(honest(asked), drip_s=0.5), "timeout"),
    ],
)
def test_a_model_of_no_use_leaves_the_quotes(
    services: Services,
    study: MadeStudy,
    provider: ScriptedProvider,
    behaviour: Behaviour | Callable[[Asked], Behaviour],
    fallback: str,
) -> None:
    """Whatever goes wrong, the answer is that of the interviews alone, and says why."""
    alone = ask(services)
    provider.rule = behaviour if callable(behaviour) else lambda _: behaviour
    timeout_s = 1.5 if fallback == "timeout" else 20.0
    with opened(provider, services.database) as chat:
        settings = Settings(chat_timeout_s=timeout_s)
        answer = ask(replace(services, settings=settings, chat=chat, prompts=load_prompts()))
    assert_verbatim(services, study, answer)
    assert answer.provenance.fallback == fallback
    assert (answer.status, answer.summary) == (alone.status, alone.summary)
    assert {citation.quote for citation in answer.quotes} == {citation.quote for citation in alone.citations}


def test_nothing_is_composed_where_nothing_was_found(chatting: Services, study: MadeStudy) -> None:
    """Without evidence the model is not tempted; the gap says that nobody was asked, and what to ask."""
    with chatting.database.sessions.begin() as session:
        session.execute(update(Calibration).values(strong=[9.0], fair=[9.0]))
    answer = ask(chatting, "Quarks und Leptonen im Teilchenbeschleuniger?")
    assert (answer.status, answer.claims, answer.quotes) == ("no_evidence", (), ())
    assert "compose_claims" not in answer.provenance.prompts
    (gap,) = answer.gaps
    assert (gap.kind, gap.knowledge_holder) == ("never_asked", "anna")
    assert gap.ask_next.endswith("Tell me about the last time that happened.")


def test_a_model_may_say_that_nothing_answers(chatting: Services, study: MadeStudy, provider: ScriptedProvider) -> None:
    """Its silence is the answer: passages that only come near are not quoted."""
    provider.rule = lambda asked: Says({"claims": []}) if asked.output == "Composition" else honest(asked)
    answer = ask(chatting)
    assert (answer.status, answer.quotes, answer.provenance.fallback) == ("no_evidence", (), None)
    assert answer.gaps


def test_sub_questions_are_searched_and_their_gaps_named(
    chatting: Services, study: MadeStudy, provider: ScriptedProvider
) -> None:
    """What no claim answers is a gap of its own, and the answer is partial; at most four parts are searched."""
    parts = [{"question": text, "wordings": []} for text in (ASKED, "When did it click?", "a?", "b?", "c?", "d?")]

    def taken_apart(asked: Asked) -> Behaviour:
        if asked.output == "Interpretation":
            return Says({"question": ASKED, "sub_questions": parts, "facets": []})
        return honest(asked)

    provider.rule = taken_apart
    answer = ask(chatting)
    assert answer.sub_questions == (ASKED, "When did it click?", "a?", "b?")
    assert answer.status == "partial"
    uncovered = [gap for gap in answer.gaps if gap.kind == "subquestion_uncovered"]
    assert [gap.detail.rsplit(": ", 1)[1] for gap in uncovered] == ["When did it click?", "a?", "b?"]


def test_no_connection_is_held_while_the_model_thinks(own_services: Services, provider: ScriptedProvider) -> None:
    """At every request of the model, all connections are back in their pool."""
    held = []

    def watching(asked: Asked) -> Behaviour:
        held.append(own_services.database.engine.pool.checkedout())  # type: ignore[attr-defined]
        return honest(asked)

    provider.rule = watching
    streamed = list(answer_events(Question(question=ASKED, study="acme"), own_services))
    assert len(held) >= 3
    assert set(held) == {0}
    assert [type(event) for event in streamed if not isinstance(event, Began | Cited | Written)] == [Answered]


@pytest.fixture
def own_services(services: Services, own_database: Any, provider: ScriptedProvider) -> Iterator[Services]:
    """Services over a database with a pool of connections, which holds the tiny study."""
    with own_database.sessions.begin() as session:
        add_study(session, services.embedder, "acme")
    with opened(provider, own_database) as chat:
        yield replace(services, database=own_database, chat=chat, prompts=load_prompts())


def test_what_is_wrong_with_a_question_is_told_before_the_stream(http: TestClient, study: MadeStudy) -> None:
    """An unknown study or filter is a problem document, not a stream that ends badly."""
    headers = {"Accept": "text/event-stream"}
    for change, status in (({"study": "nada"}, 404), ({"filters": {"segments": ["nobody"]}}, 422)):
        response = http.post("/v1/answers", json=BODY | change, headers=headers)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
    assert http.post("/v1/answers", json=BODY, headers={"Accept": "image/png"}).status_code == 406


def test_an_unknown_study_is_not_found_either_way(chatting: Services) -> None:
    """With a chat model as without one."""
    with pytest.raises(NotFoundError):
        find_answer(Question(question="Why?", study="nada"), chatting)


@pytest.mark.parametrize("media_type", ["text/event-stream", "application/json"])
def test_who_leaves_ends_the_call_of_the_model(
    own_services: Services, provider: ScriptedProvider, media_type: str
) -> None:
    """A client that closes its connection takes its question with it."""
    is_asked = threading.Event()

    def waiting(_: Asked) -> Behaviour:
        is_asked.set()
        return Hangs()

    provider.rule = waiting
    with served(own_services) as url:
        connection = HTTPConnection(urlsplit(url).netloc)
        headers = {"Content-Type": "application/json", "Accept": media_type}
        connection.request("POST", "/v1/answers", json.dumps(BODY), headers)
        assert is_asked.wait(20)
        connection.close()
        assert provider.left.wait(20)
