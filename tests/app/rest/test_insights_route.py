"""Insights over HTTP: written with their quotes, edited, linked, stale when evidence is lost, imported from boards."""

import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select, text
from study_factory import MadeStudy, add_study

from app.main import create_app
from app.models import Insight, Utterance
from app.privacy.keys import KeyRole, create_key
from app.services import Services

FEAR = "Ich hatte Angst, dass mein Geld weg ist, wenn die App verschwindet."
MIEDO = "Tenía miedo de perder todo mi dinero."
NO = "No, losing money was never a worry for me."


def write(client: TestClient, **fields: Any) -> Any:
    """Write an insight that rests on what two people said."""
    insight = {
        "study": "acme",
        "statement": "They fear for their money.",
        "evidence": [{"quote": FEAR}, {"quote": MIEDO}],
    }
    return client.post("/v1/insights", json={**insight, **fields})


def read(client: TestClient, code: str = "IN01") -> Any:
    """Read an insight."""
    return client.get(f"/v1/insights/{code}?study=acme").json()


def quotes(detail: Any) -> list[tuple[str, str]]:
    """Who said what, of an insight."""
    return [(each["citation"]["participant"], each["citation"]["quote"]) for each in detail["quotes"]]


def test_an_insight_is_written_with_its_quotes(client: TestClient, study: MadeStudy) -> None:
    """Each quote is cut out of its utterance, with who said it and when; people are counted, not quotes."""
    evidence = [
        {"quote": FEAR},
        {"quote": "Meine Bank kenne ich ja."},
        {"quote": MIEDO},
        {"quote": NO, "stance": "against"},
    ]
    detail = write(client, segments=["careful"], theme="Fears", date="2026-03-18", evidence=evidence).json()
    insight = detail["insight"]
    assert (insight["code"], insight["author"], insight["status"], insight["origin"]) == (
        "IN01",
        "local user",
        "draft",
        "person",
    )
    assert (insight["segments"], insight["theme"], insight["date"]) == (["careful"], "Fears", "2026-03-18")
    assert (insight["people"], insight["stale"], insight["why"]) == (2, False, [])
    assert quotes(detail) == [("P01", FEAR), ("P01", "Meine Bank kenne ich ja."), ("P02", MIEDO), ("P03", NO)]
    assert [each["stance"] for each in detail["quotes"]] == ["for", "for", "for", "against"]
    for each in detail["quotes"]:
        start, end = each["citation"]["span"]
        assert each["citation"]["utterance_text"][start:end] == each["citation"]["quote"]
        assert (each["citation"]["evidence"], each["citation"]["verbatim"]) == ("interview", True)


@pytest.mark.parametrize(
    ("evidence", "problem"),
    [
        ({"quote": "Was hat Sie zögern lassen?"}, "not said by a participant"),
        ({"quote": "I was afraid of losing all my money."}, "not said by a participant"),
        ({"quote": "Das sagt niemand."}, "no participant says that"),
        ({"quote": "a"}, "several utterances have these words"),
        ({"utterance": str(uuid.UUID(int=7))}, "no participant says that"),
    ],
)
def test_what_no_participant_said_is_no_evidence(
    client: TestClient, study: MadeStudy, evidence: dict[str, str], problem: str
) -> None:
    """Words of the interviewer and of the interpreter, invented and ambiguous ones; nothing is stored."""
    response = write(client, evidence=[{"quote": FEAR}, evidence])
    (error,) = response.json()["errors"]
    assert (response.status_code, error["pointer"]) == (422, "#/evidence/1")
    assert problem in error["detail"]
    assert client.get("/v1/insights?study=acme").json()["insights"] == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"study": "nosuch"}, 404),
        ({"segments": ["carefull"]}, 422),
        ({"statement": "  "}, 422),
        ({"status": "done"}, 422),
        ({"code": "a b"}, 422),
        ({"evidence": [{"quote": FEAR, "utterance": str(uuid.UUID(int=7))}]}, 422),
        ({"evidence": [{}]}, 422),
        ({"evidence": [{"quote": FEAR, "start": 0, "end": 3}]}, 422),
        ({"colour": "red"}, 422),
        ({"statement": "a\0b"}, 200),
    ],
)
def test_wrong_insights_are_refused(client: TestClient, study: MadeStudy, fields: dict[str, Any], status: int) -> None:
    """Unknown studies, segments, statuses and fields; a mark that cannot be stored is left out."""
    assert write(client, **fields).status_code == status


def test_codes_are_unique(client: TestClient, study: MadeStudy) -> None:
    """A code that is taken is a conflict, without one the next free one is given."""
    assert write(client, code="IN07").json()["insight"]["code"] == "IN07"
    assert write(client, code="IN07").status_code == 409
    assert write(client).json()["insight"]["code"] == "IN08"


def test_an_insight_is_edited_in_part(client: TestClient, study: MadeStudy) -> None:
    """What is left out stays; a theme can be taken away, a statement cannot."""
    write(client, theme="Fears")
    url = "/v1/insights/IN01?study=acme"
    changed = client.patch(url, json={"status": "confirmed", "segments": ["careful", "starter"]}).json()["insight"]
    assert (changed["status"], changed["segments"], changed["theme"]) == ("confirmed", ["careful", "starter"], "Fears")
    changed = client.patch(url, json={"statement": "They do not fear.", "theme": None}).json()["insight"]
    assert (changed["statement"], changed["theme"], changed["status"]) == ("They do not fear.", None, "confirmed")
    for wrong in ({}, {"statement": None}, {"status": None}, {"segments": ["nosuch"]}, {"code": "IN02"}):
        assert client.patch(url, json=wrong).status_code == 422
    assert client.patch("/v1/insights/IN99?study=acme", json={"status": "retired"}).status_code == 404


def test_evidence_is_linked_and_unlinked(client: TestClient, study: MadeStudy) -> None:
    """By words or by a span of an utterance, once each; what is unlinked is given no more."""
    write(client, evidence=[{"quote": FEAR}])
    url = "/v1/insights/IN01/evidence?study=acme"
    span: dict[str, Any] = {"utterance": str(study.utterances["I02", 2]), "start": 0, "end": 11}
    assert quotes(client.post(url, json=span).json()) == [("P01", FEAR), ("P02", "Tenía miedo")]
    again = client.post(url, json={**span, "stance": "against"}).json()
    assert (again["insight"]["evidence"]["given"], again["quotes"][1]["stance"]) == (2, "against")
    for wrong in ({**span, "end": 9999}, {**span, "start": 11}, {"utterance": str(study.utterances["I01", 0])}):
        assert client.post(url, json=wrong).status_code == 422
    left = client.request("DELETE", url, params={"study": "acme", **span}).json()
    assert (quotes(left), left["insight"]["evidence"]["given"]) == ([("P01", FEAR)], 1)
    assert client.request("DELETE", url, params={"study": "acme", **span}).status_code == 404


def test_lost_evidence_makes_stale_and_is_forgotten_on_request(
    client: TestClient, study: MadeStudy, services: Services
) -> None:
    """Erased and superseded words are counted and not shown; once somebody has seen that, it is stale no more."""
    write(client, evidence=[{"quote": FEAR}, {"quote": MIEDO}, {"quote": NO}])
    with services.database.sessions.begin() as session:
        session.execute(delete(Utterance).where(Utterance.id == study.utterances["I01", 1]))
        session.execute(text("UPDATE interview SET transcript_id = NULL WHERE code = 'I02'"))
    detail = read(client)
    assert (detail["insight"]["stale"], detail["insight"]["why"]) == (True, ["superseded", "erased"])
    assert (quotes(detail), detail["insight"]["people"]) == ([("P03", NO)], 1)
    assert [each["code"] for each in client.get("/v1/insights?study=acme&stale=true").json()["insights"]] == ["IN01"]
    forgotten = client.post("/v1/insights/IN01/forget-lost?study=acme").json()["insight"]
    assert (forgotten["stale"], forgotten["evidence"]["given"], forgotten["evidence"]["current"]) == (False, 1, 1)
    assert client.get("/v1/insights?study=acme&stale=true").json()["insights"] == []


def test_lists_are_filtered_and_paged(client: TestClient, study: MadeStudy) -> None:
    """By status, by segment (with those for all customers), by theme."""
    write(client, segments=["careful"], theme="A")
    write(client, segments=["starter"], status="confirmed")
    write(client)

    def codes(**query: str) -> list[str]:
        page = client.get("/v1/insights", params={"study": "acme", **query}).json()
        return [entry["code"] for entry in page["insights"]]

    assert codes() == ["IN01", "IN02", "IN03"]
    assert codes(status="confirmed") == ["IN02"]
    assert codes(segment="careful") == ["IN01", "IN03"]
    assert codes(theme="A") == ["IN01"]
    first = client.get("/v1/insights?study=acme&limit=2")
    assert 'rel="next"' in first.headers["link"]
    assert codes(limit="2", cursor=first.json()["next_cursor"]) == ["IN03"]
    assert client.get("/v1/insights?study=acme&status=done").status_code == 422


def import_file(client: TestClient, content: str, name: str = "board.csv", **fields: str) -> Any:
    """Import a file."""
    return client.post(
        "/v1/insights/import", data={"study": "acme", **fields}, files={"file": (name, content.encode())}
    )


BOARD = (
    f"Erkenntnis;Zitat;Segment;Thema\nSie fürchten um ihr Geld;{FEAR};careful;Angst\nKeiner sagt das;Nie gesagt.;;\n"
)


def test_a_board_is_imported_once(client: TestClient, study: MadeStudy, services: Services) -> None:
    """What was taken from where is told; the same file again changes nothing, a shorter one tells what is gone."""
    dry = import_file(client, BOARD, dry_run="true").json()
    assert (dry["dry_run"], [each["outcome"] for each in dry["insights"]]) == (True, [None, None])
    assert client.get("/v1/insights?study=acme").json()["insights"] == []
    report = import_file(client, BOARD, author="owen").json()
    assert report["columns"] == {
        "statement": "Erkenntnis",
        "evidence": "Zitat",
        "theme": "Thema",
        "segment": "Segment",
    }
    first, second = report["insights"]
    assert (first["outcome"], first["linked"], first["segments"], first["problems"]) == ("added", 1, ["careful"], [])
    assert (second["linked"], second["problems"][0][:24]) == (0, "line 3: no participant s")
    entry = read(client, first["code"])
    assert (quotes(entry), entry["insight"]["author"], entry["insight"]["origin"]) == (
        [("P01", FEAR)],
        "owen",
        "board.csv",
    )
    assert read(client, second["code"])["insight"]["why"] == ["not_found"]
    assert {each["outcome"] for each in import_file(client, BOARD, author="owen").json()["insights"]} == {"unchanged"}
    shorter = import_file(client, BOARD.replace("Keiner sagt das;Nie gesagt.;;\n", ""), author="owen").json()
    assert shorter["gone"] == [second["code"]]
    with services.database.sessions() as session:
        assert set(session.scalars(select(Insight.origin))) == {"board.csv"}


def test_quotes_that_were_never_said_are_never_shown(client: TestClient, study: MadeStudy) -> None:
    """Not in the report of an import, nor in the insight."""
    response = import_file(client, "insight,quote\nNobody says it,Diese Worte fielen nie.\n")
    code = response.json()["insights"][0]["code"]
    assert "fielen nie" not in response.text
    assert "fielen nie" not in client.get(f"/v1/insights/{code}?study=acme").text


def test_wrong_boards_are_refused(client: TestClient, study: MadeStudy) -> None:
    """Files that are none, unknown studies, missing files."""
    refused = import_file(client, "a", "board.pdf")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/file")
    assert import_file(client, BOARD, study="nosuch").status_code == 404
    assert import_file(client, BOARD, colour="red").status_code == 422
    broken = import_file(client, 'insight\n"unclosed\n')
    assert broken.json()["errors"][0]["pointer"] == "#/line 2"


def test_nothing_of_another_study_is_there(client: TestClient, study: MadeStudy, services: Services) -> None:
    """Its insights, its words and its utterances are unknown here."""
    with services.database.sessions.begin() as session:
        rival = add_study(session, services.embedder, "rival")
    write(client, study="rival")
    assert client.get("/v1/insights?study=acme").json()["insights"] == []
    assert client.get("/v1/insights/IN01?study=acme").status_code == 404
    assert client.patch("/v1/insights/IN01?study=acme", json={"status": "retired"}).status_code == 404
    write(client)
    foreign = {"utterance": str(rival.utterances["I01", 1])}
    assert client.post("/v1/insights/IN01/evidence?study=acme", json=foreign).status_code == 422
    assert write(client, evidence=[foreign]).status_code == 422


def test_who_may_only_read_changes_nothing(services: Services, study: MadeStudy) -> None:
    """A viewer lists insights; whatever changes them takes a researcher."""
    with services.database.sessions.begin() as session:
        key = create_key(session, "somebody", KeyRole.VIEWER)
    with TestClient(create_app(services, require_keys=True), headers={"Authorization": f"Bearer {key}"}) as client:
        assert client.get("/v1/insights?study=acme").status_code == 200
        assert write(client).status_code == 403
        assert client.patch("/v1/insights/IN01?study=acme", json={"status": "retired"}).status_code == 403
        assert import_file(client, BOARD).status_code == 403
        assert client.post("/v1/insights/IN01/forget-lost?study=acme").status_code == 403


def test_a_form_without_a_content_type_is_refused(client: TestClient, study: MadeStudy) -> None:
    """A client that says nothing of its body gets the remedy, as one whose body is no form."""
    response = client.post("/v1/insights/import")
    assert (response.status_code, response.json()["title"]) == (400, "Bad request")
