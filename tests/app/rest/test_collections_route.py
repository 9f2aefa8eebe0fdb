"""Collections over HTTP: lists of quotes under a link, each quote cut anew out of the stored text."""

import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete
from study_factory import MadeStudy, add_study

from app.main import create_app
from app.models import Passage, Utterance
from app.privacy.keys import KeyRole, create_key
from app.services import Services


def begin(client: TestClient, title: str = "Fears", study: str = "acme", **headers: str) -> dict[str, Any]:
    """Begin a list."""
    made: dict[str, Any] = client.post("/v1/collections", json={"study": study, "title": title}, headers=headers).json()
    return made


def quote_places(client: TestClient, study: str = "acme") -> list[dict[str, Any]]:
    """Where the quotes of a study stand."""
    quotes = client.get(f"/v1/quotes?study={study}").json()["quotes"]
    return [{"utterance": quote["utterance"], "span": quote["span"]} for quote in quotes]


def collect(client: TestClient, collection: dict[str, Any], place: dict[str, Any]) -> Any:
    """Add a quote to a list."""
    return client.post(f"/v1{collection['url']}/quotes", json=place)


def test_quotes_are_collected_in_order(client: TestClient, study: MadeStudy) -> None:
    """The same quote stands in a list once; each is word for word what is stored; the newest list comes first."""
    fears = begin(client, "  Fears ")
    assert (fears["title"], fears["quotes"], fears["author"]) == ("Fears", 0, "local user")
    first, second = quote_places(client)[:2]
    for place in (second, first, second):
        assert collect(client, fears, place).status_code == 200
    read = client.get(f"/v1{fears['url']}").json()
    assert [item["quote"]["utterance"] for item in read["items"]] == [second["utterance"], first["utterance"]]
    assert [item["quote"]["n"] for item in read["items"]] == [1, 2]
    for item in read["items"]:
        start, end = item["quote"]["span"]
        assert item["quote"]["quote"] == item["quote"]["utterance_text"][start:end]
    joys = begin(client, "Joys")
    listed = client.get("/v1/collections?study=acme&limit=1").json()
    assert [entry["id"] for entry in listed["collections"]] == [joys["id"]]
    rest = client.get("/v1/collections", params={"study": "acme", "cursor": listed["next_cursor"]}).json()
    assert [(entry["id"], entry["quotes"]) for entry in rest["collections"]] == [(fears["id"], 2)]


def test_lists_are_renamed_thinned_and_deleted(client: TestClient, study: MadeStudy) -> None:
    """What is taken out or away is gone; what never was there is not found."""
    fears = begin(client)
    collect(client, fears, quote_places(client)[0])
    assert client.patch(f"/v1{fears['url']}", json={"title": "Worries"}).json()["title"] == "Worries"
    item = client.get(f"/v1{fears['url']}").json()["items"][0]["id"]
    assert client.delete(f"/v1{fears['url']}/quotes/{item}").status_code == 204
    assert client.delete(f"/v1{fears['url']}/quotes/{item}").status_code == 404
    assert client.get(f"/v1{fears['url']}").json()["items"] == []
    assert client.delete(f"/v1{fears['url']}").status_code == 204
    assert client.get(f"/v1{fears['url']}").status_code == 404
    assert client.get("/v1/collections?study=acme").json()["collections"] == []


def test_a_list_is_arranged_and_annotated(client: TestClient, study: MadeStudy) -> None:
    """A quote goes where it is put; a note stays until it is taken away; what is new comes last."""
    fears = begin(client)
    places = quote_places(client)[:3]
    for place in places:
        collect(client, fears, place)
    first, second, third = (item["id"] for item in client.get(f"/v1{fears['url']}").json()["items"])

    def arrange(item: str, **fields: Any) -> list[tuple[str, str | None]]:
        answer = client.patch(f"/v1{fears['url']}/quotes/{item}", json=fields)
        assert answer.status_code == 200
        items = answer.json()["items"]
        assert [item["quote"]["n"] for item in items] == [1, 2, 3]
        return [(item["id"], item["note"]) for item in items]

    assert arrange(third, position=1) == [(third, None), (first, None), (second, None)]
    assert arrange(third, position=2, note=" For the front page ") == [
        (first, None),
        (third, "For the front page"),
        (second, None),
    ]
    assert arrange(first, position=99)[-1] == (first, None)
    assert arrange(third, note=None)[0] == (third, None)
    for wrong in ({}, {"position": 0}, {"position": None}, {"note": "x" * 2001}, {"position": 2**31}):
        assert client.patch(f"/v1{fears['url']}/quotes/{first}", json=wrong).status_code == 422
    assert client.patch(f"/v1{fears['url']}/quotes/{uuid.uuid4()}", json={"position": 1}).status_code == 404
    client.delete(f"/v1{fears['url']}/quotes/{third}")
    collect(client, fears, places[2])
    assert [item["id"] for item in client.get(f"/v1{fears['url']}").json()["items"]][:2] == [second, first]


@pytest.mark.parametrize("span", [[0, 100_000], [3, 3], [5, 2]])
def test_what_is_no_quote_is_refused(client: TestClient, study: MadeStudy, span: list[int]) -> None:
    """A span beyond the utterance, or of nothing."""
    place = quote_places(client)[0] | {"span": span}
    assert collect(client, begin(client), place).status_code == 422


def test_only_participants_of_the_study_are_collected(client: TestClient, services: Services, study: MadeStudy) -> None:
    """Neither what interviewers asked nor what was said in another study."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
    fears = begin(client)
    asked = {"utterance": str(study.utterances["I01", 0]), "span": [0, 3]}
    foreign = quote_places(client, "rival")[0]
    for place in (asked, foreign, {"utterance": str(uuid.uuid4()), "span": [0, 3]}):
        assert collect(client, fears, place).status_code == 422
    assert client.get(f"/v1{fears['url']}").json()["items"] == []


def test_what_is_lost_is_counted(client: TestClient, services: Services, study: MadeStudy) -> None:
    """Words that may not be quoted any more are not shown; words that were erased are in no list."""
    fears = begin(client)
    for place in quote_places(client)[:2]:
        collect(client, fears, place)
    kept, gone = (uuid.UUID(place["utterance"]) for place in quote_places(client)[:2])
    with services.database.sessions.begin() as session:
        session.execute(delete(Passage).where(Passage.utterance_id == gone))
    read = client.get(f"/v1{fears['url']}").json()
    assert ([item["quote"]["utterance"] for item in read["items"]], read["lost"]) == ([str(kept)], 1)
    with services.database.sessions.begin() as session:
        session.execute(delete(Utterance).where(Utterance.id == gone))
    assert client.get(f"/v1{fears['url']}").json()["lost"] == 0


def test_viewers_change_their_own_lists(services: Services, study: MadeStudy) -> None:
    """Whoever reads may collect, also in the lists of others; titles and deletion are for owners and researchers."""
    with services.database.sessions.begin() as session:
        keys = {role: create_key(session, role, role) for role in (KeyRole.VIEWER, KeyRole.RESEARCHER)}
    viewer, researcher = ({"Authorization": f"Bearer {key}"} for key in keys.values())
    with TestClient(create_app(services, require_keys=True), base_url="http://127.0.0.1") as client:
        own = begin(client, **viewer)
        others = begin(client, **researcher)
        assert client.delete(f"/v1{others['url']}", headers=viewer).status_code == 403
        assert client.patch(f"/v1{others['url']}", json={"title": "Mine"}, headers=viewer).status_code == 403
        assert client.patch(f"/v1{own['url']}", json={"title": "Mine"}, headers=viewer).json()["title"] == "Mine"
        assert client.delete(f"/v1{own['url']}", headers=researcher).status_code == 204


def test_lists_of_nothing_are_refused(client: TestClient, study: MadeStudy) -> None:
    """A list has a title and a study."""
    for form, status in (({"study": "acme", "title": " "}, 422), ({"study": "nobody", "title": "Fears"}, 404)):
        assert client.post("/v1/collections", json=form).status_code == status
