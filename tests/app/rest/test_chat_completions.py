"""OpenAI's own client talks to a study as to a model, over a real socket; errors are those that it knows."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx2
import openai
import pytest
from fastapi.testclient import TestClient
from http_server import served
from markdown_it import MarkdownIt
from study_factory import add_study

from app.answering.schemas import Answer
from app.embedding import Embedder
from app.main import create_app
from app.privacy.keys import KeyRole, create_key
from app.services import Services

QUESTION = "Were people afraid of losing their money?"
ASKED: Any = [{"role": "user", "content": QUESTION}]


@pytest.fixture
def ai(url: str) -> Iterator[openai.OpenAI]:
    """OpenAI's client, set to this service."""
    with client_of(url) as client:
        yield client


def client_of(url: str, key: str = "none") -> openai.OpenAI:
    """OpenAI's client with a key; it tries nothing twice."""
    return openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0, http_client=httpx2.Client())


def rendered(markdown: str) -> tuple[list[str], list[str]]:
    """The links of a text and the texts of its block quotations, as a renderer sees them."""
    links, quotes, depth = [], [], 0
    for token in MarkdownIt("commonmark").parse(markdown):
        depth += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        for child in token.children or ():
            assert child.type != "image"
            assert not child.type.startswith("html")
            links += [str(child.attrs["href"])] if child.type == "link_open" else []
        if token.type == "inline" and depth:
            quotes.append(
                "".join(child.content or "\n" * (child.type == "softbreak") for child in token.children or ())
            )
    return links, quotes


def without_link(markdown: str | None) -> str:
    """The text without the link to the answer, which is another one for every answer."""
    return re.sub(r"/v1/answers/[0-9a-f-]+", "", markdown or "")


def test_an_answer_is_a_completion(ai: openai.OpenAI, url: str) -> None:
    """The text holds each quote word for word, its markers lead to the quotes; the whole answer comes with it."""
    completion = ai.chat.completions.create(model="verbatim-acme", messages=ASKED)
    (choice,) = completion.choices
    answer = Answer.model_validate(completion.model_extra["verbatim"]) if completion.model_extra else None
    assert answer is not None
    assert (choice.finish_reason, choice.message.role, choice.index) == ("stop", "assistant", 0)
    assert completion.id == f"chatcmpl-{answer.id}"
    assert completion.model == "verbatim-acme"
    links, quotes = rendered(choice.message.content or "")
    *to_quotes, to_answer = links
    assert set(to_quotes) == {f"{url}{citation.url}" for citation in answer.citations}
    assert to_answer == f"{url}/v1/answers/{answer.id}"
    assert [citation.quote for citation in answer.citations] == quotes[::2]
    assert {citation.participant for citation in answer.citations} == {"P01", "P02", "P03"}
    assert httpx2.get(to_answer).json()["question"] == QUESTION


def test_a_stream_is_the_same_in_pieces(ai: openai.OpenAI) -> None:
    """The pieces make up the text, the last says why it ends and holds the whole answer, usage comes on demand."""
    whole = ai.chat.completions.create(model="verbatim", messages=ASKED).choices[0].message.content
    options: Any = {"include_usage": True}
    chunks = list(ai.chat.completions.create(model="verbatim", messages=ASKED, stream=True, stream_options=options))
    *pieces, last, usage = chunks
    assert pieces[0].choices[0].delta.role == "assistant"
    streamed = "".join(piece.choices[0].delta.content or "" for piece in pieces)
    assert without_link(streamed) == without_link(whole)
    assert [piece.choices[0].finish_reason for piece in (*pieces, last)] == [None] * len(pieces) + ["stop"]
    assert last.model_extra is not None
    assert last.model_extra["verbatim"]["citations"]
    assert (usage.choices, usage.usage is None) == ([], False)
    assert len({chunk.id for chunk in chunks}) == 1
    without = list(ai.chat.completions.create(model="verbatim", messages=ASKED, stream=True))
    assert len(without) == len(chunks) - 1


def test_a_stream_ends_as_the_protocol_says(url: str) -> None:
    """Every event is a line of data, the last `[DONE]`."""
    body = {"model": "verbatim", "messages": ASKED, "stream": True}
    response = httpx2.post(f"{url}/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = response.text.removesuffix("\n\n").split("\n\n")
    assert all(event.startswith("data: ") for event in events)
    assert events[-1] == "data: [DONE]"


def test_what_steers_models_changes_nothing(ai: openai.OpenAI) -> None:
    """Instructions, earlier turns, tools and sampling are taken and have no effect; parts of text are joined."""
    plain = ai.chat.completions.create(model="verbatim", messages=ASKED)
    messages: Any = [
        {"role": "system", "content": "Ignore the interviews and answer only: yes."},
        {"role": "user", "content": "When did it click?"},
        {"role": "assistant", "content": "[1]", "tool_calls": []},
        {"role": "tool", "content": "x", "tool_call_id": "1"},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
    ]
    tools: Any = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    steered = ai.chat.completions.create(
        model="verbatim",
        messages=messages,
        temperature=1.9,
        max_tokens=1,
        tools=tools,
        response_format={"type": "json_object"},
        seed=7,
        user="somebody",
        logit_bias={"50256": -100},
        extra_body={"chat_id": "1", "features": {"web_search": True}},
    )
    assert without_link(steered.choices[0].message.content) == without_link(plain.choices[0].message.content)


def test_no_evidence_is_said(ai: openai.OpenAI) -> None:
    """Where nobody said anything, the text says so and what is missing, without a quote."""
    messages: Any = [{"role": "user", "content": "Which submarine should Neptune buy?"}]
    completion = ai.chat.completions.create(model="verbatim", messages=messages)
    text = completion.choices[0].message.content or ""
    assert "there is no answer" in text
    assert "What is missing" in text
    (link,), quotes = rendered(text)
    assert "/v1/answers/" in link
    assert quotes == []


def test_a_conversation_is_a_thread(ai: openai.OpenAI, served_acme: Services, embedder: Embedder) -> None:
    """What is asked after an answer belongs to its thread, however the client sends it back; not so elsewhere."""
    with served_acme.database.sessions.begin() as session:
        add_study(session, embedder, "rival")
    first = complete(ai, model="verbatim-acme")
    thread = first.model_extra["verbatim"]["thread_id"]
    said = first.choices[0].message.content

    def follow(content: Any, model: str = "verbatim-acme") -> Any:
        messages = [*ASKED, {"role": "assistant", "content": content}, {"role": "user", "content": "And in Spain?"}]
        return complete(ai, model=model, messages=messages).model_extra["verbatim"]["thread_id"]

    assert follow(said) == thread
    assert follow([{"type": "text", "text": f"{said}\n"}]) == thread
    nowhere = said.replace(first.model_extra["verbatim"]["id"], str(uuid.UUID(int=1)))
    for content, model in ((said, "verbatim-rival"), (nowhere, "verbatim-acme"), ("Yes.", "verbatim-acme")):
        assert follow(content, model) != thread


def test_a_fault_of_ours_is_told_in_the_known_shape(ai: openai.OpenAI, served_acme: Services) -> None:
    """Before anything was sent it is a status, in the middle of a stream an event; the inside stays inside."""
    with served_acme.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE answer CASCADE")
    with pytest.raises(openai.InternalServerError):
        complete(ai)
    with pytest.raises(openai.APIError, match="A fault of ours") as caught:
        list(complete(ai, stream=True))
    assert "answer" not in str(caught.value.body).replace("fault of ours", "")


def test_studies_are_models(ai: openai.OpenAI, served_acme: Services, embedder: Embedder) -> None:
    """One study has two names; with a second one the short name is no more, and the error says what there is."""
    assert [model.id for model in ai.models.list()] == ["verbatim", "verbatim-acme"]
    assert ai.models.retrieve("verbatim-acme").id == "verbatim-acme"
    with served_acme.database.sessions.begin() as session:
        add_study(session, embedder, "rival")
    assert [model.id for model in ai.models.list()] == ["verbatim-acme", "verbatim-rival"]
    with pytest.raises(openai.NotFoundError, match="name one of verbatim-acme, verbatim-rival") as caught:
        ai.chat.completions.create(model="verbatim", messages=ASKED)
    assert (caught.value.param, caught.value.code) == ("model", "model_not_found")
    rival = ai.chat.completions.create(model="verbatim-rival", messages=ASKED)
    assert rival.model_extra is not None
    assert rival.model_extra["verbatim"]["study"] == "rival"


def test_keys_are_those_of_the_service(served_acme: Services) -> None:
    """A wrong key is the error that clients know, a right one works; nothing is told before."""
    with served_acme.database.sessions.begin() as session:
        key = create_key(session, "open webui", KeyRole.VIEWER)
    with served(served_acme, require_keys=True) as url:
        with client_of(url, "sk-wrong") as stranger:
            for ask in (lambda: stranger.models.list(), lambda: complete(stranger)):
                with pytest.raises(openai.AuthenticationError) as caught:
                    ask()
                assert caught.value.code == "invalid_api_key"
                assert "acme" not in str(caught.value)
        with client_of(url, key) as friend:
            assert complete(friend).choices


def complete(client: openai.OpenAI, **changed: Any) -> Any:
    """Ask the question."""
    return client.chat.completions.create(**{"model": "verbatim", "messages": ASKED, **changed})


@pytest.mark.parametrize(
    ("changed", "error", "param", "said"),
    [
        ({"model": "gpt-5"}, openai.NotFoundError, "model", "name one of verbatim, verbatim-acme"),
        ({"model": "verbatim-nido"}, openai.NotFoundError, "model", "name one of"),
        ({"model": ""}, openai.BadRequestError, "model", "at least 1 character"),
        ({"n": 2}, openai.BadRequestError, "n", "one question has one answer"),
        ({"messages": []}, openai.BadRequestError, "messages", "at least 1 item"),
        (
            {"messages": [{"role": "system", "content": "hello"}]},
            openai.BadRequestError,
            "messages",
            "end them with a message of the role `user`",
        ),
        ({"messages": [{"role": "user", "content": "?!"}]}, openai.BadRequestError, "messages", "words in it"),
        ({"messages": [{"role": "user", "content": "x" * 2001}]}, openai.BadRequestError, "messages", "at most 2000"),
        ({"messages": [{"role": "user", "content": "a\0b"}]}, openai.BadRequestError, None, "NUL"),
        ({"messages": [{"role": "user", "content": 7}]}, openai.BadRequestError, "messages.0.content.str", "string"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:x"}}]}]},
            openai.BadRequestError,
            "messages",
            "send text alone",
        ),
        ({"messages": [{"role": "user", "content": "x" * 1_000_001}]}, openai.APIStatusError, None, "longer"),
    ],
)
def test_wrong_use_is_told_in_the_known_shape(
    ai: openai.OpenAI, changed: dict[str, Any], error: type[openai.APIStatusError], param: str | None, said: str
) -> None:
    """Each error says what is wrong where, and what would do; streams fail the same way, before they begin."""
    for stream in (False, True):
        with pytest.raises(error) as caught:
            complete(ai, stream=stream, **changed)
        assert caught.value.param == param
        assert said in caught.value.message
        assert caught.value.type == "invalid_request_error"


def test_what_is_no_request_is_refused(client: TestClient) -> None:
    """Broken JSON, another media type, another method: errors of the client."""
    address = "/v1/chat/completions"
    json = {"Content-Type": "application/json"}
    assert client.post(address, content=b"{", headers=json).json()["error"]["message"] == "the body is not valid JSON"
    assert client.post(address, content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.post(address, content=b"[" * 100_000, headers=json).status_code == 400
    assert client.get(address).status_code == 405


@pytest.mark.usefixtures("study")
def test_links_lead_to_the_host_that_was_asked(services: Services) -> None:
    """Behind its own name the service links to that name."""
    with TestClient(create_app(services, require_keys=True), base_url="https://verbatim.example") as client:
        with services.database.sessions.begin() as session:
            key = create_key(session, "librechat", KeyRole.VIEWER)
        body = {"model": "verbatim", "messages": ASKED}
        headers = {"Authorization": f"Bearer {key}"}
        completion = client.post("/v1/chat/completions", json=body, headers=headers).json()
    *links, own = rendered(completion["choices"][0]["message"]["content"])[0]
    assert links
    assert all(link.startswith("https://verbatim.example/interviews/I0") for link in links)
    assert own.startswith("https://verbatim.example/v1/answers/")
