"""Quotes over HTTP: searched, browsed page by page, filtered, exported; always the words of participants."""

import csv
import io
from typing import Any

import pytest
from fastapi.testclient import TestClient
from study_factory import MadeStudy, Person, Turn, add_study, people

from app.services import Services


def quotes_of(client: TestClient, **parameters: Any) -> list[dict[str, Any]]:
    """The quotes of one page of the study `acme`."""
    response = client.get("/v1/quotes", params={"study": "acme", **parameters})
    assert response.status_code == 200, response.text
    quotes: list[dict[str, Any]] = response.json()["quotes"]
    return quotes


def test_browsing_lists_all_that_participants_said(client: TestClient, study: MadeStudy) -> None:
    """In the order of interviews and utterances, whole utterances, participants only, with nothing asked."""
    quotes = quotes_of(client)
    said = [turn.text for person in people() for turn in person.turns if turn.role == "participant"]
    assert [quote["quote"] for quote in quotes] == said
    assert {quote["role"] for quote in quotes} == {"participant"}
    assert {quote["relevance"] for quote in quotes} == {None}
    assert all(quote["span"] == [0, len(quote["quote"])] for quote in quotes)
    assert quotes[0]["question_before"] == people()[0].turns[0].text


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_follow_each_other(client: TestClient, study: MadeStudy, limit: int) -> None:
    """Following the links gives every quote once, in order."""
    seen, url = [], f"/v1/quotes?study=acme&language=de&language=es&language=en&limit={limit}"
    while url:
        response = client.get(url)
        seen += [quote["utterance"] for quote in response.json()["quotes"]]
        assert len(response.json()["quotes"]) <= limit
        assert (response.json()["next_cursor"] is None) == ("Link" not in response.headers)
        url = response.headers.get("Link", "<>").partition(">")[0][1:]
    assert seen == [quote["utterance"] for quote in quotes_of(client)]


@pytest.mark.parametrize(
    ("parameters", "participants"),
    [
        ({"segment": "careful"}, {"P01", "P03"}),
        ({"segment": ["careful", "starter"]}, {"P01", "P02", "P03"}),
        ({"segment": "careful", "language": "en"}, {"P03"}),
        ({"language": "es"}, {"P02"}),
        ({"participant": ["P01", "P02"]}, {"P01", "P02"}),
        ({"band": "200-500"}, {"P01"}),
        ({"class": "A"}, {"P01", "P03"}),
        ({"code": "AX1"}, {"P01", "P02", "P03"}),
        ({"kind": "anxiety", "class": "C"}, {"P02"}),
        ({"kind": "aha"}, set()),
        ({"band": "1000+"}, set()),
    ],
)
@pytest.mark.parametrize("asked", [{}, {"q": "afraid of losing my money"}])
def test_filters_narrow_whose_words_are_listed(
    client: TestClient, study: MadeStudy, parameters: dict[str, Any], participants: set[str], asked: dict[str, str]
) -> None:
    """Values of one parameter widen, parameters narrow; searched and browsed alike."""
    assert {quote["participant"] for quote in quotes_of(client, **parameters, **asked)} == participants


def test_a_code_brings_the_words_that_were_tagged(client: TestClient, study: MadeStudy) -> None:
    """Under a filter on codes the quote is what a person tagged, with its polarity, inside the whole utterance."""
    quotes = {quote["participant"]: quote for quote in quotes_of(client, code="AX1")}
    assert quotes["P01"]["quote"] == "Ich hatte Angst, dass mein Geld weg ist, wenn die App verschwindet."
    assert quotes["P01"]["utterance_text"].startswith(quotes["P01"]["quote"])
    assert {code: quote["polarity"] for code, quote in quotes.items()} == {
        "P01": "affirmed",
        "P02": "affirmed",
        "P03": "denied",
    }


def test_a_search_brings_the_best_first(client: TestClient, study: MadeStudy) -> None:
    """The words that answer come first, each says how relevant it is, and there is one page."""
    response = client.get("/v1/quotes", params={"study": "acme", "q": "miedo de perder mi dinero", "limit": 2})
    page = response.json()
    assert page["quotes"][0]["participant"] == "P02"
    assert page["quotes"][0]["relevance"] in ("strong", "fair")
    assert len(page["quotes"]) == 2
    assert page["next_cursor"] is None
    assert "Link" not in response.headers


def test_a_csv_holds_the_same_quotes(client: TestClient, study: MadeStudy) -> None:
    """As CSV, by `format` or by `Accept`, the same quotes come, as a file with absolute links."""
    by_format = client.get("/v1/quotes?study=acme&format=csv")
    by_accept = client.get("/v1/quotes?study=acme", headers={"Accept": "text/csv"})
    assert by_format.headers["content-type"].startswith("text/csv")
    assert "attachment" in by_format.headers["content-disposition"]
    assert by_format.text == by_accept.text
    rows = list(csv.DictReader(io.StringIO(by_format.text)))
    assert [row["quote"] for row in rows] == [quote["quote"] for quote in quotes_of(client)]
    assert rows[0]["url"].startswith("http://127.0.0.1/interviews/I01?study=acme#u-")


def test_what_was_said_cannot_act_in_an_export(client: TestClient, services: Services) -> None:
    """Formulas are disarmed in CSV, markup is escaped in Markdown; JSON keeps the very words."""
    evil = '=HYPERLINK("http://x") <img src=x> *so* [a](b)'
    person = Person("P01", "Eve", "en", "careful", 10, "D", (Turn(evil, "en"),))
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (person,))
    assert [quote["quote"] for quote in quotes_of(client)] == [evil]
    (row,) = csv.DictReader(io.StringIO(client.get("/v1/quotes?study=acme&format=csv").text))
    assert row["quote"] == f"'{evil}"
    markdown = client.get("/v1/quotes?study=acme&format=markdown")
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert r"\<img src=x\> \*so\* \[a\](b)" in markdown.text


@pytest.mark.parametrize(
    ("accept", "status", "content_type"),
    [
        ("", 200, "application/json"),
        ("*/*", 200, "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200, "application/json"),
        ("text/*", 200, "text/csv"),
        ("text/csv;q=0.5, text/markdown;q=0.9", 200, "text/markdown"),
        ("application/json;q=0, text/csv", 200, "text/csv"),
        ("image/png", 406, "application/problem+json"),
        ("application/json;q=0", 406, "application/problem+json"),
        (";;,;q=x", 406, "application/problem+json"),
    ],
)
def test_the_format_is_negotiated(
    client: TestClient, study: MadeStudy, accept: str, status: int, content_type: str
) -> None:
    """`Accept` chooses the format by its weights; what cannot be given is a 406."""
    response = client.get("/v1/quotes?study=acme", headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (status, content_type)


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        ({"segment": "nobody"}, "#/query/segment"),
        ({"language": "fr"}, "#/query/language"),
        ({"code": "XX9"}, "#/query/code"),
        ({"participant": "P99"}, "#/query/participant"),
        ({"kind": "fear"}, "#/query/kind/0"),
        ({"class": "E"}, "#/query/class/0"),
        ({"limit": "0"}, "#/query/limit"),
        ({"limit": "201"}, "#/query/limit"),
        ({"limit": "ten"}, "#/query/limit"),
        ({"cursor": "WzFd"}, "#/query/cursor"),
        ({"q": "fear", "cursor": "WyJJMDEiLDFd"}, "#/query/cursor"),
        ({"q": ""}, "#/query/q"),
        ({"q": "?"}, "#/query/q"),
        ({"q": "x" * 2001}, "#/query/q"),
        ({"format": "pdf"}, "#/query/format"),
        ({"segmnet": "careful"}, "#/query/segmnet"),
        ({"segment": ["careful"] * 101}, "#/query/segment"),
    ],
)
def test_a_wrong_parameter_is_refused_with_its_name(
    client: TestClient, study: MadeStudy, parameters: dict[str, Any], pointer: str
) -> None:
    """A value that cannot be used, and a parameter that does not exist, are named."""
    response = client.get("/v1/quotes", params={"study": "acme", **parameters})
    assert response.status_code == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]


def test_the_study_must_be_named_and_known(client: TestClient, study: MadeStudy) -> None:
    """Without a study nothing is listed; an unknown one is a 404."""
    assert client.get("/v1/quotes").status_code == 422
    assert client.get("/v1/quotes?study=nobody").status_code == 404
    assert client.get("/v1/quotes?study=nobody&q=fear").status_code == 404


def test_whoever_did_not_consent_is_not_quoted(client: TestClient, services: Services) -> None:
    """Without consent to quotes a participant's words are neither listed nor found nor cited."""
    turns = (Turn("I lost money, do not tell.", "en"),)
    silent = Person("P09", "Eve", "en", "careful", 10, "D", turns, quotes_allowed=False)
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (*people(), silent))
    for parameters in ({}, {"q": "I lost money, do not tell"}):
        assert "P09" not in {quote["participant"] for quote in quotes_of(client, **parameters)}
    answer = client.post("/v1/answers", json={"question": "Who lost money and will not tell?", "study": "acme"})
    assert "do not tell." not in answer.text
