"""The codebook over HTTP: who does what to codes is who holds the key."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from study_factory import MadeStudy, add_study

from app.main import create_app
from app.privacy.keys import KeyRole, create_key
from app.services import Services

URL = "/v1/codebook"
NEW = {"study": "acme", "code": "H1", "kind": "habit", "labels": {"en": "Saves by itself"}}
NEW_PART = {"code": "AX2", "labels": {"en": "New"}}
SPLIT = {"study": "acme", "into": NEW_PART, "participants": ["P02"]}


@pytest.fixture
def editor(services: Services, study: MadeStudy) -> Iterator[TestClient]:
    """A client with the key of somebody called Tina, who may change things."""
    yield from holding(services, KeyRole.RESEARCHER)


@pytest.fixture
def viewer(services: Services, study: MadeStudy) -> Iterator[TestClient]:
    """A client with the key of somebody who only may read."""
    yield from holding(services, KeyRole.VIEWER)


def holding(services: Services, role: KeyRole) -> Iterator[TestClient]:
    """A client with a key."""
    with services.database.sessions.begin() as session:
        key = create_key(session, "tina", role)
    with TestClient(create_app(services, require_keys=True)) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        yield client


def pointers(response: Response) -> list[str]:
    """Where a problem says that something is wrong."""
    assert response.headers["content-type"] == "application/problem+json"
    return [error["pointer"] for error in response.json()["errors"]]


def history(client: TestClient, **parameters: str) -> list[dict[str, Any]]:
    """What was done to the codebook."""
    changes: list[dict[str, Any]] = client.get(f"{URL}/history", params={"study": "acme", **parameters}).json()[
        "changes"
    ]
    return changes


def test_codes_live_and_go(editor: TestClient) -> None:
    """A code is created, changed, merged, restored, split and retired; each is noted with the name of the key."""
    created = editor.post(URL, json=NEW)
    assert (created.status_code, created.json()["state"]) == (201, "live")
    renamed = editor.patch(f"{URL}/H1", json={"study": "acme", "code": "H2", "labels": {"de": "Spart"}}).json()
    assert (renamed["code"], renamed["labels"]) == ("H2", {"en": "Saves by itself", "de": "Spart"})
    assert editor.get(f"{URL}/H1?study=acme").json() == renamed
    merged = editor.post(f"{URL}/AX1/merge", json={"study": "acme", "into": "H2"}).json()
    assert merged["moved"] == 3
    assert editor.get(f"{URL}/AX1?study=acme").json()["merged_into"] == "H2"
    assert editor.post(f"{URL}/AX1/restore", json={"study": "acme"}).json()["affirmed_by"] == 2
    assert editor.post(f"{URL}/AX1/split", json=SPLIT).json()["moved"] == 1
    assert editor.post(f"{URL}/H2/retire", json={"study": "acme"}).json()["state"] == "retired"
    assert [entry["code"] for entry in editor.get(f"{URL}?study=acme").json()["codes"]] == ["AX1", "AX2"]
    actions = [(change["action"], change["author"]) for change in history(editor)]
    done = ("retire", "split", "create", "restore", "merge", "edit", "create")
    assert actions == [(action, "tina") for action in done]


def test_lists_come_in_pages(editor: TestClient) -> None:
    """With the address of the next in a header; a cursor of another list is refused."""
    for name in ("H1", "H2", "H3"):
        editor.post(URL, json={**NEW, "code": name})
    first = editor.get(URL, params={"study": "acme", "limit": 2})
    second = editor.get(first.links["next"]["url"])
    codes = [entry["code"] for page in (first, second) for entry in page.json()["codes"]]
    assert codes == ["AX1", "H1", "H2", "H3"]
    assert second.json()["next_cursor"] is None
    newest = editor.get(f"{URL}/history", params={"study": "acme", "limit": 1})
    assert [change["code"] for change in editor.get(newest.links["next"]["url"]).json()["changes"]] == ["H2"]
    cursor = first.json()["next_cursor"]
    assert editor.get(f"{URL}/history", params={"study": "acme", "cursor": cursor}).status_code == 422
    assert [entry["code"] for entry in editor.get(f"{URL}?study=acme&kind=anxiety").json()["codes"]] == ["AX1"]
    assert [change["code"] for change in history(editor, code="H3")] == ["H3"]


@pytest.mark.parametrize(
    ("method", "url", "body", "status"),
    [
        ("POST", URL, {**NEW, "code": "AX1"}, 409),
        ("POST", URL, {**NEW, "code": "a b"}, 422),
        ("POST", URL, {**NEW, "code": "aha"}, 422),
        ("POST", URL, {**NEW, "code": "history"}, 422),
        ("POST", URL, {**NEW, "labels": {}}, 422),
        ("POST", URL, {**NEW, "labels": {"xx-yy": "a"}}, 422),
        ("POST", URL, {**NEW, "kind": "hope"}, 422),
        ("POST", URL, {**NEW, "colour": "red"}, 422),
        ("POST", URL, {**NEW, "study": "nope"}, 404),
        ("PATCH", f"{URL}/AX7", {"study": "acme", "about": "x"}, 404),
        ("PATCH", f"{URL}/AX1", {"study": "acme", "labels": {"en": None}}, 422),
        ("POST", f"{URL}/AX1/merge", {"study": "acme", "into": "AX1"}, 422),
        ("POST", f"{URL}/AX1/merge", {"study": "acme", "into": "AX7"}, 404),
        ("POST", f"{URL}/AX1/split", {"study": "acme", "into": NEW_PART}, 422),
        ("POST", f"{URL}/AX1/split", {**SPLIT, "participants": ["P09"]}, 422),
        ("POST", f"{URL}/AX1/restore", {"study": "acme"}, 409),
        ("POST", f"{URL}/AX1/retire", {}, 422),
    ],
)
def test_what_cannot_be_is_a_problem(
    editor: TestClient, method: str, url: str, body: dict[str, Any], status: int
) -> None:
    """And nothing of it is done."""
    before = editor.get(f"{URL}?study=acme&state=all").json()
    response = editor.request(method, url, json=body)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert editor.get(f"{URL}?study=acme&state=all").json() == before
    assert history(editor) == []


def test_a_problem_points_at_what_is_wrong(editor: TestClient) -> None:
    """At each wrong field of the body."""
    response = editor.post(URL, json={**NEW, "code": "a b", "kind": "hope"})
    assert pointers(response) == ["#/code", "#/kind"]


def test_who_only_reads_changes_nothing(viewer: TestClient) -> None:
    """But reads all."""
    assert viewer.post(URL, json=NEW).status_code == 403
    assert viewer.patch(f"{URL}/AX1", json={"study": "acme", "about": "x"}).status_code == 403
    for action, body in (("merge", {"into": "AX2"}), ("split", SPLIT), ("retire", {}), ("restore", {})):
        assert viewer.post(f"{URL}/AX1/{action}", json={"study": "acme", **body}).status_code == 403
    for url in (URL, f"{URL}/AX1", f"{URL}/history", f"{URL}/themes"):
        assert viewer.get(url, params={"study": "acme"}).status_code == 200


@pytest.mark.usefixtures("study")
def test_codes_of_another_study_are_unknown(client: TestClient, services: Services) -> None:
    """They can neither be read nor changed, nor merged into."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "other")
    assert client.post(URL, json={**NEW, "study": "other"}).status_code == 201
    assert client.get(f"{URL}/H1?study=acme").status_code == 404
    assert client.patch(f"{URL}/H1", json={"study": "acme", "about": "x"}).status_code == 404
    assert client.post(f"{URL}/AX1/merge", json={"study": "acme", "into": "H1"}).status_code == 404


def test_agreement_of_coders_is_told(editor: TestClient, study: MadeStudy) -> None:
    """As numbers, or as what is not defined."""
    place = str(study.utterances["I01", 1])
    tagging = {"study": "acme", "code": "AX1", "utterance": place, "start": 0, "end": 3}
    assert editor.post("/v1/taggings", json=tagging).status_code == 201
    found = editor.get(f"{URL}/agreement?study=acme").json()
    (pair,) = found["overall"]["pairs"]
    assert (found["coders"], pair["coders"], pair["utterances"]) == (["anna", "tina"], ["anna", "tina"], 1)
    assert pair["kappa"] == {"value": None, "undefined": "no_variation"}
    one = editor.get(f"{URL}/agreement?study=acme&author=tina")
    assert (one.status_code, pointers(one)) == (422, ["#/query/author"])
    assert editor.get(f"{URL}/agreement?study=acme&author=tina&author=nobody").status_code == 422


@pytest.mark.usefixtures("study")
def test_a_theme_that_is_none_cannot_be_named(client: TestClient) -> None:
    """Three people with a code on all that they say leave no theme."""
    themes = client.get(f"{URL}/themes?study=acme").json()
    assert themes["themes"] == []
    body = {"study": "acme", "code": "T1", "labels": {"en": "New"}, "confirmed": True}
    assert client.post(f"{URL}/themes/{study_id()}/name", json=body).status_code == 404
    assert client.post(f"{URL}/themes/one/name", json=body).status_code == 422


def study_id() -> str:
    """An identity that no theme has."""
    return "00000000-0000-0000-0000-000000000000"
