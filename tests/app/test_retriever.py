"""The retriever of LangChain gives the same quotes over HTTP and in the same process, and clear errors."""

import asyncio
import socket
import uuid

import httpx2
import pytest
from http_server import served
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda
from pydantic import ValidationError
from study_factory import MadeStudy

from app.errors import AppError, InvalidInputError, NotFoundError, UnauthorizedError, UnavailableError
from app.privacy.keys import KeyRole, create_key
from app.retriever import VerbatimRetriever, read_quotes
from app.scope import Filters
from app.services import Services

QUERY = "Were people afraid of losing their money?"


def test_both_ways_give_the_same_quotes(served_acme: Services, url: str) -> None:
    """The content is the quote, the metadata its citation; over HTTP the links are absolute."""
    near = VerbatimRetriever(services=served_acme, study="acme").invoke(QUERY)
    far = VerbatimRetriever(base_url=url, study="acme").invoke(f"  {QUERY} ")
    assert [(document.id, document.page_content) for document in far] == [
        (document.id, document.page_content) for document in near
    ]
    first = far[0]
    start, end = first.metadata["span"]
    assert first.page_content == first.metadata["utterance_text"][start:end]
    assert first.metadata["study"] == "acme"
    assert {"participant", "segment", "language", "start_ms", "interview", "codes", "utterance"} <= set(first.metadata)
    assert uuid.UUID(first.metadata["utterance"])
    assert first.metadata["url"] == f"{url}{near[0].metadata['url']}"
    assert first.metadata["audio_url"].startswith(f"{url}/v1/recordings/")


@pytest.mark.parametrize(
    ("filters", "people"),
    [
        ({"languages": ["es"]}, {"P02"}),
        ({"segments": ["careful"], "classes": ["A"]}, {"P01", "P03"}),
        ({"codes": ["AX1"], "kinds": ["anxiety"], "bands": ["200-500"]}, {"P01"}),
        ({"participants": ["P02", "P03"]}, {"P02", "P03"}),
    ],
)
def test_filters_narrow_both_ways(
    served_acme: Services, url: str, filters: dict[str, list[str]], people: set[str]
) -> None:
    """Every filter goes through, whichever way."""
    chosen = Filters.model_validate(filters)
    for retriever in (
        VerbatimRetriever(services=served_acme, study="acme", filters=chosen),
        VerbatimRetriever(base_url=url, study="acme", filters=chosen),
    ):
        assert {document.metadata["participant"] for document in retriever.invoke(QUERY)} == people


def test_the_limit_holds(services: Services, study: MadeStudy) -> None:
    """Not more quotes than were wanted."""
    assert len(VerbatimRetriever(services=services, study="acme", limit=1).invoke(QUERY)) == 1


def test_it_is_a_part_of_chains(url: str) -> None:
    """Asynchronously, in a chain and in a batch it is what any retriever is."""

    def first_words(documents: list[Document]) -> str:
        return documents[0].page_content

    retriever = VerbatimRetriever(base_url=url, study="acme")
    found = asyncio.run(retriever.ainvoke(QUERY))
    assert (retriever | RunnableLambda(first_words)).invoke(QUERY) == found[0].page_content
    assert retriever.batch([QUERY, QUERY])[1] == found


def test_keys_are_sent_and_kept_to_oneself(served_acme: Services) -> None:
    """A right key opens the service, a wrong one is a clear error; neither is shown anywhere."""
    with served_acme.database.sessions.begin() as session:
        key = create_key(session, "chains", KeyRole.VIEWER)
    with served(served_acme, require_keys=True) as url:
        retriever = VerbatimRetriever(base_url=url, study="acme", api_key=key)
        assert retriever.invoke(QUERY)
        assert key not in f"{retriever!r}{retriever.model_dump()}"
        for wrong in (None, f"vbt_{'0' * 12}_{'1' * 64}"):
            with pytest.raises(UnauthorizedError, match="verbatim keys create") as caught:
                VerbatimRetriever(base_url=url, study="acme", api_key=wrong).invoke(QUERY)
            assert wrong is None or wrong not in str(caught.value)


@pytest.mark.parametrize(
    ("study", "filters", "query", "error", "said"),
    [
        ("nobody", {}, QUERY, NotFoundError, "there is no study 'nobody'; known: acme"),
        ("acme", {"segments": ["carful"]}, QUERY, InvalidInputError, "did you mean 'careful'?"),
        ("acme", {}, "?!", InvalidInputError, "write a question with words in it"),
        ("acme", {}, "x" * 2001, InvalidInputError, "at most 2000 characters"),
    ],
)
def test_wrong_use_is_told_both_ways(
    served_acme: Services,
    url: str,
    study: str,
    filters: dict[str, list[str]],
    query: str,
    error: type[AppError],
    said: str,
) -> None:
    """An unknown study, an unknown filter and what nobody could answer are the same errors either way."""
    chosen = Filters.model_validate(filters)
    for retriever in (
        VerbatimRetriever(services=served_acme, study=study, filters=chosen),
        VerbatimRetriever(base_url=url, study=study, filters=chosen),
    ):
        with pytest.raises(error) as caught:
            retriever.invoke(query)
        assert said in "; ".join([caught.value.message, *map(str, caught.value.faults)])


def test_an_address_too_long_is_told(url: str) -> None:
    """A long question in another script does not fit into an address."""
    with pytest.raises(InvalidInputError, match="longer than 8,000 bytes"):
        VerbatimRetriever(base_url=url, study="acme").invoke("ж" * 2000)


def test_a_service_that_is_away_is_told() -> None:
    """Nobody listens: the error says where and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(UnavailableError, match=rf"127.0.0.1:{port} cannot be reached .* `verbatim serve`"):
        VerbatimRetriever(base_url=f"http://127.0.0.1:{port}", study="acme").invoke(QUERY)


def test_a_wrong_address_is_told(url: str) -> None:
    """The service is there, and not at this address."""
    with pytest.raises(NotFoundError, match="nothing at this address"):
        VerbatimRetriever(base_url=f"{url}/v1", study="acme").invoke(QUERY)


def test_one_source_must_be_given(services: Services) -> None:
    """Neither, both, or a key that is none: refused at once, and the key is not repeated."""
    both = {"base_url": "http://127.0.0.1:8321", "services": services}
    for sources in ({}, both):
        with pytest.raises(ValidationError, match="give either base_url"):
            VerbatimRetriever(study="acme", **sources)
    with pytest.raises(ValidationError, match="this is no API key") as caught:
        VerbatimRetriever(study="acme", base_url="http://127.0.0.1:8321", api_key="secret\n")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "response",
    [
        httpx2.Response(200, html="<html>"),
        httpx2.Response(200, json={"quotes": 1}),
        httpx2.Response(502, text="Bad gateway"),
        httpx2.Response(401, json=[]),
        httpx2.Response(404, json={"errors": [{}], "detail": "?"}),
        httpx2.Response(302, headers={"Location": "https://elsewhere.example"}),
    ],
)
def test_what_is_not_of_the_service_is_told(response: httpx2.Response) -> None:
    """Pages of proxies and of other services are never taken for quotes, and no redirect is followed."""
    with pytest.raises(UnavailableError, match="is not of Verbatim: check base_url"):
        read_quotes(response, "http://127.0.0.1:8321")
