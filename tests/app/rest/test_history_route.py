"""The history of answers over HTTP, and what readers think of them."""

import uuid
from typing import Any

from fastapi.testclient import TestClient
from study_factory import MadeStudy

from app.main import create_app
from app.privacy.keys import KeyRole, create_key
from app.services import Services


def ask(client: TestClient, question: str = "Were people afraid of losing their money?") -> dict[str, Any]:
    """Ask, and keep the answer."""
    answer: dict[str, Any] = client.post("/v1/answers", json={"question": question, "study": "acme"}).json()
    return answer


def test_answers_are_listed_the_newest_first(served_acme: Services) -> None:
    """Page by page, each with its permanent link."""
    with TestClient(create_app(served_acme, require_keys=False), base_url="http://127.0.0.1") as client:
        check_history(client)


def check_history(client: TestClient) -> None:
    """Ask twice, and read what was asked."""
    first, second = ask(client), ask(client, "What about bicycles on the moon?")
    page = client.get("/v1/answers?study=acme&limit=1").json()
    assert [entry["id"] for entry in page["answers"]] == [second["id"]]
    rest = client.get("/v1/answers", params={"study": "acme", "cursor": page["next_cursor"]}).json()
    (entry,) = rest["answers"]
    assert rest["next_cursor"] is None
    assert (entry["id"], entry["question"], entry["status"]) == (first["id"], first["question"], first["status"])
    assert entry["quotes"] == len(first["citations"])
    assert entry["url"] == f"/answers/{first['id']}"
    assert client.get(f"/v1{entry['url']}").json()["question"] == first["question"]


def test_a_reader_has_one_opinion(services: Services, study: MadeStudy) -> None:
    """Another verdict replaces the first; two readers are two opinions."""
    with services.database.sessions.begin() as session:
        ann, ben = ({"Authorization": f"Bearer {create_key(session, name, KeyRole.VIEWER)}"} for name in ("ann", "ben"))
    with TestClient(create_app(services, require_keys=True), base_url="http://127.0.0.1") as client:
        client.headers.update(ann)
        address = f"/v1/answers/{ask(client)['id']}/feedback"
        client.post(address, json={"verdict": "helpful"})
        client.post(address, json={"verdict": "unhelpful", "reason": "The counts are missing."})
        client.post(address, json={"verdict": "helpful"}, headers=ben)
        given = client.get(address).json()["feedback"]
        assert sorted((entry["verdict"], entry["reason"]) for entry in given) == [
            ("helpful", None),
            ("unhelpful", "The counts are missing."),
        ]
        (entry,) = client.get("/v1/answers?study=acme").json()["answers"]
        assert (entry["helpful"], entry["unhelpful"]) == (1, 1)


def test_what_is_no_feedback_is_refused(client: TestClient, study: MadeStudy) -> None:
    """A verdict that there is not, a reason that is a book, an answer that was never given."""
    address = f"/v1/answers/{ask(client)['id']}/feedback"
    assert client.post(address, json={"verdict": "so so"}).status_code == 422
    assert client.post(address, json={"verdict": "helpful", "reason": "x" * 2001}).status_code == 422
    assert client.post(f"/v1/answers/{uuid.uuid4()}/feedback", json={"verdict": "helpful"}).status_code == 404
    assert client.get(address).json() == {"feedback": []}
