"""Questions over HTTP: answered with quotes of participants, kept under a permanent link, refused when wrong."""

import uuid

import pytest
from fastapi.testclient import TestClient
from study_factory import MadeStudy

QUESTION = {"question": "Were people afraid of losing their money?", "study": "acme"}


def test_a_question_is_answered_with_quotes(client: TestClient, study: MadeStudy) -> None:
    """The answer quotes participants byte for byte, with counts of people and what denies it."""
    answer = client.post("/v1/answers", json=QUESTION).json()
    assert answer["status"] == "answered"
    assert {citation["participant"] for citation in answer["citations"]} == {"P01", "P02", "P03"}
    for citation in answer["citations"]:
        start, end = citation["span"]
        assert citation["quote"] == citation["utterance_text"][start:end]
        assert citation["role"] == "participant"
    (claim,) = [claim for claim in answer["claims"] if claim["code"] == "AX1"]
    assert (claim["support"]["participants"], claim["support"]["of"]) == (2, 3)
    assert len(claim["counter_evidence"]) == 1


def test_an_answer_stays_under_its_link(client: TestClient, study: MadeStudy) -> None:
    """The permanent link gives the answer as it was given."""
    answer = client.post("/v1/answers", json=QUESTION).json()
    assert client.get(f"/v1/answers/{answer['id']}").json() == answer


def test_filters_narrow_whose_words_are_cited(client: TestClient, study: MadeStudy) -> None:
    """A filter on people leaves only their words."""
    answer = client.post("/v1/answers", json=QUESTION | {"filters": {"languages": ["es"]}}).json()
    assert {citation["participant"] for citation in answer["citations"]} == {"P02"}


def test_citations_link_to_the_page_of_the_interview(client: TestClient, study: MadeStudy) -> None:
    """The link of a citation opens the page that holds its utterance."""
    citation = client.post("/v1/answers", json=QUESTION).json()["citations"][0]
    page = client.get(citation["url"])
    assert page.status_code == 200
    assert f'id="u-{citation["utterance"]}"' in page.text


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"question": ""}, "#/question"),
        ({"question": "?!"}, "#/question"),
        ({"question": "x" * 2001}, "#/question"),
        ({"question": None}, "#/question"),
        ({"question": 7}, "#/question"),
        ({"limit": 0}, "#/limit"),
        ({"limit": "many"}, "#/limit"),
        ({"language": "german"}, "#/language"),
        ({"audience": "nobody"}, "#/audience"),
        ({"thread_id": "7"}, "#/thread_id"),
        ({"filters": {"segments": ["nobody"]}}, "#/filters/segments"),
        ({"filters": {"codes": ["XX9"]}}, "#/filters/codes"),
        ({"filters": {"participants": ["P99"]}}, "#/filters/participants"),
        ({"filters": {"languages": ["fr"]}}, "#/filters/languages"),
        ({"filters": {"kinds": ["fear"]}}, "#/filters/kinds/0"),
        ({"filters": {"classes": ["E"]}}, "#/filters/classes/0"),
        ({"filters": {"segment": ["careful"]}}, "#/filters/segment"),
        ({"filters": {"codes": ["AX1"] * 101}}, "#/filters/codes"),
        ({"filters": []}, "#/filters"),
        ({"colour": "red"}, "#/colour"),
    ],
)
def test_a_wrong_question_is_refused_with_the_place(
    client: TestClient, study: MadeStudy, change: dict[str, object], pointer: str
) -> None:
    """Each value that cannot be used is named by a JSON pointer into the body."""
    response = client.post("/v1/answers", json=QUESTION | change)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]


def test_an_unknown_study_is_not_found(client: TestClient, study: MadeStudy) -> None:
    """A question to a study that does not exist is a 404."""
    assert client.post("/v1/answers", json=QUESTION | {"study": "nobody"}).status_code == 404


def test_an_unknown_answer_is_not_found(client: TestClient) -> None:
    """An answer that was never given is a 404, a malformed id a 422."""
    assert client.get(f"/v1/answers/{uuid.uuid4()}").status_code == 404
    assert client.get("/v1/answers/1").status_code == 422


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"question": ', "application/json", 400),
        (b"", "application/json", 422),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"question": "a", "study": "acme", "limit": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'"question"', "application/json", 422),
        (b'{"question": "a\\u0000b", "study": "acme"}', "application/json", 422),
        (b'{"question": "a\\ud800b", "study": "acme"}', "application/json", 422),
        (b'{"question": "a", "study": "acme", "\\udc00": 1}', "application/json", 422),
        (b'{"question": "a", "study": "acme", "filters": {"bands": ["\\u0000"]}}', "application/json", 422),
        (b"question=a&study=acme", "application/x-www-form-urlencoded", 415),
        (b'{"question": "a", "study": "acme"}', "text/plain", 415),
        (b'{"question": "' + b"a" * 1_000_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_is_no_question_is_a_problem(
    client: TestClient, study: MadeStudy, body: bytes, content_type: str, status: int
) -> None:
    """Broken, foreign, oversized and unstorable bodies are problems of the sender, none of ours."""
    response = client.post("/v1/answers", content=body, headers={"Content-Type": content_type})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_a_streamed_body_is_limited_too(client: TestClient) -> None:
    """A body without a length is refused as soon as it is too long."""
    chunks = (b"x" * 100_000 for _ in range(20))
    response = client.post("/v1/answers", content=chunks, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["type"]) == (413, "/problems#content-too-large")
