"""Taggings over HTTP: lists, a person's own, and verdicts on those of models."""

import uuid
from typing import Any

import pytest
from codebook_factory import MODEL, add_model_tagging
from fastapi.testclient import TestClient
from study_factory import MadeStudy, add_study

from app.services import Services

URL = "/v1/taggings"


@pytest.fixture
def suggested(services: Services, study: MadeStudy) -> list[str]:
    """Three taggings by a model, the least confident first."""
    with services.database.sessions.begin() as session:
        places = (("I01", 3), 0.2), (("I03", 1), 0.4), (("I02", 2), 0.6)
        return [str(add_model_tagging(session, study, place, "AX1", sure)) for place, sure in places]


def listed(client: TestClient, url: str = URL, **parameters: Any) -> list[dict[str, Any]]:
    """What a list has."""
    response = client.get(url, params={"study": "acme", **parameters})
    assert response.status_code == 200, response.text
    taggings: list[dict[str, Any]] = response.json()["taggings"]
    return taggings


def test_a_person_tags_and_takes_away(client: TestClient, study: MadeStudy) -> None:
    """By offsets or by the words; what is taken away can be had back."""
    body = {"study": "acme", "code": "AX1", "interview": "I01", "quote": "die erste Rate"}
    made = client.post(URL, json=body)
    assert (made.status_code, made.json()["quote"], made.json()["confidence"]) == (201, "die erste Rate", 1.0)
    assert made.json()["utterance"] == str(study.utterances["I01", 3])
    removed = client.delete(f"{URL}/{made.json()['id']}?study=acme")
    assert (removed.status_code, removed.json()["verdict"]) == (200, "rejected")
    assert client.delete(f"{URL}/{made.json()['id']}?study=acme").status_code == 404
    assert client.delete(f"{URL}/reviews/{removed.json()['id']}?study=acme").status_code == 200
    assert "die erste Rate" in [entry["quote"] for entry in listed(client)]


@pytest.mark.parametrize(
    ("fields", "status", "pointer"),
    [
        ({"start": 0, "end": 5000}, 422, "#/end"),
        ({"start": 9, "end": 3}, 422, "#/end"),
        ({"start": -1, "end": 3}, 422, "#/start"),
        ({"start": 0}, 422, None),
        ({}, 422, None),
        ({"quote": "nobody says that"}, 422, "#/quote"),
        ({"quote": "die erste Rate", "start": 0, "end": 3}, 422, None),
        ({"start": 0, "end": 3, "code": "AX7"}, 422, "#/code"),
        ({"start": 0, "end": 3, "study": "nope"}, 404, None),
        ({"start": 0, "end": 3, "utterance": str(uuid.uuid4())}, 404, None),
        ({"start": 0, "end": 3, "author": "ben"}, 422, "#/author"),
        ({"start": 0, "end": 3, "polarity": "maybe"}, 422, "#/polarity"),
    ],
)
def test_odd_spans_are_problems(
    client: TestClient, study: MadeStudy, fields: dict[str, Any], status: int, pointer: str | None
) -> None:
    """Outside, reversed, half given, of other words, of unknown names; nobody writes as somebody else."""
    body = {"study": "acme", "code": "AX1", "utterance": str(study.utterances["I01", 3]), **fields}
    response = client.post(URL, json=body)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    found = [error.get("pointer") for error in response.json().get("errors", [])]
    assert pointer is None or pointer in found
    assert len(listed(client)) == 3


def test_only_participants_are_tagged(client: TestClient, study: MadeStudy) -> None:
    """The interviewer and the interpreter are not, and neither is another study's person."""
    for place in (("I01", 0), ("I02", 3)):
        body = {"study": "acme", "code": "AX1", "utterance": str(study.utterances[place]), "start": 0, "end": 3}
        assert client.post(URL, json=body).status_code in {404, 422}
    assert len(listed(client)) == 3


def test_filters_narrow(client: TestClient, study: MadeStudy, suggested: list[str]) -> None:
    """Each of them, with what it lets through."""
    assert len(listed(client)) == 6
    assert len(listed(client, basis="model")) == len(listed(client, author=MODEL)) == 3
    assert len(listed(client, participant="P01")) == len(listed(client, interview="I01")) == 2
    assert len(listed(client, polarity="denied")) == 1
    assert len(listed(client, at_most=0.5)) == len(listed(client, at_least=0.2, at_most=0.5)) == 2
    assert len(listed(client, code="AX1", kind="anxiety")) == 6
    assert [entry["id"] for entry in listed(client, order="least_confident")][:3] == suggested
    assert [entry["confidence"] for entry in listed(client)] == [1.0, 1.0, 1.0, 0.6, 0.4, 0.2]
    for wrong in ({"at_least": 2}, {"order": "newest"}, {"basis": "god"}, {"colour": "red"}, {"cursor": "x"}):
        assert client.get(URL, params={"study": "acme", **wrong}).status_code == 422
    assert client.get(URL, params={"study": "acme", "code": "AX7"}).status_code == 422


def test_the_queue_has_the_least_confident_first(client: TestClient, suggested: list[str]) -> None:
    """Of models only, in pages."""
    first = client.get(f"{URL}/queue?study=acme&limit=2")
    second = client.get(first.links["next"]["url"])
    found = [entry["id"] for page in (first, second) for entry in page.json()["taggings"]]
    assert found == suggested
    assert listed(client, f"{URL}/queue", at_least=0.5)[0]["id"] == suggested[2]


def test_verdicts_are_given_in_bulk_and_taken_back(client: TestClient, suggested: list[str]) -> None:
    """Accept, correct and reject at once; the queue is empty then, and full again when all is taken back."""
    reviews = [
        {"tagging": suggested[0], "verdict": "accepted"},
        {"tagging": suggested[1], "verdict": "rejected"},
        {"tagging": suggested[2], "verdict": "corrected", "start": 0, "end": 5, "polarity": "denied"},
    ]
    done = client.post(f"{URL}/reviews", json={"study": "acme", "reviews": reviews})
    assert done.status_code == 200
    assert listed(client, f"{URL}/queue") == []
    mine = {
        (entry["quote"], entry["polarity"], entry["basis"]) for entry in listed(client) if entry["author"] != "anna"
    }
    assert mine == {("Als", "affirmed", "person"), ("Tenía", "denied", "person")}
    given = client.get(f"{URL}/reviews?study=acme").json()["reviews"]
    assert sorted(review["verdict"] for review in given) == ["accepted", "corrected", "rejected"]
    for review in given:
        assert client.delete(f"{URL}/reviews/{review['id']}?study=acme").status_code == 200
        assert client.delete(f"{URL}/reviews/{review['id']}?study=acme").status_code in {404, 409}
    assert [entry["confidence"] for entry in listed(client, f"{URL}/queue")] == [0.2, 0.4, 0.6]


def test_all_verdicts_are_done_or_none(client: TestClient, suggested: list[str]) -> None:
    """One wrong among them leaves all as it is, and is pointed at."""
    wrong = [
        {"tagging": suggested[0], "verdict": "accepted"},
        {"tagging": str(uuid.uuid4()), "verdict": "accepted"},
    ]
    assert client.post(f"{URL}/reviews", json={"study": "acme", "reviews": wrong}).status_code == 404
    wrong[1] = {"tagging": suggested[1], "verdict": "corrected"}
    assert client.post(f"{URL}/reviews", json={"study": "acme", "reviews": wrong}).status_code == 422
    assert client.post(f"{URL}/reviews", json={"study": "acme", "reviews": []}).status_code == 422
    assert len(listed(client, f"{URL}/queue")) == 3


def test_taggings_of_another_study_are_unknown(client: TestClient, services: Services, suggested: list[str]) -> None:
    """They can be neither listed, nor judged, nor taken away."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "other", ())
    assert client.get(f"{URL}?study=other").json()["taggings"] == []
    body = {"study": "other", "reviews": [{"tagging": suggested[0], "verdict": "accepted"}]}
    assert client.post(f"{URL}/reviews", json=body).status_code == 404
    assert client.delete(f"{URL}/{suggested[0]}?study=other").status_code == 404
    assert client.get(f"{URL}?study=nope").status_code == 404
