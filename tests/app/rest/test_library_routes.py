"""Studies, participants, interviews, transcripts and utterances over HTTP."""

import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from study_factory import MadeStudy, Person, Turn, add_study, add_version, people

from app.main import create_app
from app.models import Code, Interview, Participant
from app.privacy.keys import KeyRole, create_key
from app.services import Services


def test_studies_are_listed_with_their_numbers(client: TestClient, study: MadeStudy) -> None:
    """A study shows its people, its published interviews and its languages."""
    (entry,) = client.get("/v1/studies").json()["studies"]
    assert (entry["slug"], entry["participants"], entry["interviews"]) == ("acme", 3, 3)
    assert entry["languages"] == ["de", "es", "en"]


def test_a_study_shows_what_filters_can_name(client: TestClient, study: MadeStudy) -> None:
    """One study has its segments, its codes and its team."""
    entry = client.get("/v1/studies/acme").json()
    assert [(segment["slug"], segment["participants"]) for segment in entry["segments"]] == [
        ("careful", 2),
        ("starter", 1),
    ]
    assert [(code["code"], code["kind"]) for code in entry["codes"]] == [("AX1", "anxiety")]
    assert [member["code"] for member in entry["team"]] == ["anna"]


def test_participants_are_known_by_code(client: TestClient, study: MadeStudy) -> None:
    """A participant has a code, a segment, a band and a class; the name stays in the house."""
    response = client.get("/v1/participants?study=acme")
    entries = response.json()["participants"]
    assert [(entry["code"], entry["segment"], entry["class"]) for entry in entries] == [
        ("P01", "careful", "A"),
        ("P02", "starter", "C"),
        ("P03", "careful", "A"),
    ]
    assert entries[0]["attributes"] == {"age": "40"}
    assert entries[0]["interviews"] == ["I01"]
    assert "Vogel" not in response.text
    assert client.get("/v1/participants/P01?study=acme").json() == entries[0]


def test_interviews_show_what_was_recorded(client: TestClient, study: MadeStudy) -> None:
    """An interview has its people, its mode, its length and its published version."""
    entries = client.get("/v1/interviews?study=acme").json()["interviews"]
    assert [(entry["code"], entry["participants"], entry["mode"]) for entry in entries] == [
        ("I01", ["P01"], "direct"),
        ("I02", ["P02"], "interpreted"),
        ("I03", ["P03"], "direct"),
    ]
    assert (entries[0]["utterances"], entries[0]["duration_ms"], entries[0]["version"]) == (4, 38_000, 1)
    assert client.get("/v1/interviews/I02?study=acme").json() == entries[1]


def test_a_transcript_holds_what_was_said_in_order(client: TestClient, study: MadeStudy) -> None:
    """Every utterance has its role, its words, its times and its codes."""
    utterances = client.get("/v1/interviews/I02/transcript?study=acme").json()["utterances"]
    assert [utterance["text"] for utterance in utterances] == [turn.text for turn in people()[1].turns]
    assert [utterance["role"] for utterance in utterances] == [
        "interviewer",
        "interpreter",
        "participant",
        "interpreter",
    ]
    assert [utterance["index"] for utterance in utterances] == [0, 1, 2, 3]
    assert (utterances[2]["start_ms"], utterances[2]["end_ms"], utterances[2]["codes"]) == (20_000, 28_000, ["AX1"])


def test_a_transcript_names_participants_by_code(client: TestClient, study: MadeStudy) -> None:
    """What the platform labels with the participant's name, also the interpreter's words, is shown under the code."""
    response = client.get("/v1/interviews/I02/transcript?study=acme")
    assert [utterance["speaker"] for utterance in response.json()["utterances"]] == ["Owen", "P02", "P02", "P02"]
    assert "Carmen" not in response.text


def test_an_utterance_says_where_it_stands(client: TestClient, study: MadeStudy) -> None:
    """One utterance comes with its study, its interview and its transcript."""
    utterance = client.get(f"/v1/utterances/{study.utterances['I01', 1]}").json()
    assert (utterance["study"], utterance["interview"], utterance["index"]) == ("acme", "I01", 1)
    assert (utterance["participant"], utterance["speaker"], utterance["superseded"]) == ("P01", "P01", False)


def test_an_old_citation_keeps_its_words(client: TestClient, study: MadeStudy, services: Services) -> None:
    """After a new version the old utterance keeps its words and says so; both versions can be read."""
    old = study.utterances["I03", 1]
    corrected = Person("P03", "Joe Kerr", "en", "careful", 0, "A", (Turn("No, never.", "en"),))
    with services.database.sessions.begin() as session:
        interview = session.scalars(select(Interview).where(Interview.code == "I03")).one()
        participant = session.scalars(select(Participant).where(Participant.code == "P03")).one()
        code = session.scalars(select(Code)).one()
        add_version(session, services.embedder, study, interview, participant.id, corrected, code.id, version=2)
    utterance = client.get(f"/v1/utterances/{old}").json()
    assert (utterance["superseded"], utterance["version"], utterance["text"]) == (True, 1, people()[2].turns[1].text)
    current = client.get("/v1/interviews/I03/transcript?study=acme").json()
    assert (current["version"], current["superseded"], len(current["utterances"])) == (2, False, 1)
    former = client.get("/v1/interviews/I03/transcript?study=acme&version=1").json()
    assert (former["version"], former["superseded"], len(former["utterances"])) == (1, True, 2)
    assert client.get("/v1/interviews/I03/transcript?study=acme&version=3").status_code == 404


@pytest.mark.parametrize(
    ("url", "items", "key"),
    [
        ("/v1/studies?", "studies", "slug"),
        ("/v1/participants?study=acme", "participants", "code"),
        ("/v1/interviews?study=acme", "interviews", "code"),
        ("/v1/interviews/I01/transcript?study=acme", "utterances", "index"),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 200])
def test_lists_come_in_pages(
    client: TestClient, study: MadeStudy, services: Services, url: str, items: str, key: str, limit: int
) -> None:
    """Following the links gives every item once, in order."""
    with services.database.sessions.begin() as session:
        for slug in ("basil", "cedar"):
            add_study(session, services.embedder, slug, ())
    whole = [item[key] for item in client.get(url).json()[items]]
    seen: list[Any] = []
    next_url = f"{url}&limit={limit}"
    while next_url:
        response = client.get(next_url)
        seen += [item[key] for item in response.json()[items]]
        next_url = response.headers.get("Link", "<>").partition(">")[0][1:]
    assert seen == whole
    assert seen == sorted(seen)
    assert len(seen) >= 3


@pytest.mark.parametrize(
    "url",
    [
        "/v1/studies/nobody",
        "/v1/participants?study=nobody",
        "/v1/participants/P99?study=acme",
        "/v1/participants/P01?study=nobody",
        "/v1/interviews?study=nobody",
        "/v1/interviews/I99?study=acme",
        "/v1/interviews/I99/transcript?study=acme",
        f"/v1/utterances/{uuid.UUID(int=7)}",
    ],
)
def test_what_does_not_exist_is_not_found(client: TestClient, study: MadeStudy, url: str) -> None:
    """Unknown studies, people, interviews and utterances are a 404."""
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("url", "pointer"),
    [
        ("/v1/participants", "#/query/study"),
        ("/v1/interviews", "#/query/study"),
        ("/v1/interviews/I01/transcript", "#/query/study"),
        ("/v1/interviews/I01/transcript?study=acme&version=x", "#/query/version"),
        ("/v1/interviews/I01/transcript?study=acme&version=99999999999", "#/query/version"),
        ("/v1/interviews/I01/transcript?study=acme&cursor=WyJJMDEiXQ", "#/query/cursor"),
        ("/v1/studies?limit=201", "#/query/limit"),
        ("/v1/studies?cursor=%F0%9F%98%80", "#/query/cursor"),
        (f"/v1/studies?cursor={'a' * 501}", "#/query/cursor"),
        (f"/v1/participants?study={'a' * 64}", "#/query/study"),
        (f"/v1/participants/{'a' * 201}?study=acme", "#/path/code"),
        ("/v1/utterances/7", "#/path/utterance_id"),
    ],
)
def test_a_wrong_parameter_is_refused_with_its_name(
    client: TestClient, study: MadeStudy, url: str, pointer: str
) -> None:
    """A missing or unusable parameter is named."""
    response = client.get(url)
    assert response.status_code == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]


def test_what_is_not_published_has_no_transcript(client: TestClient, study: MadeStudy, services: Services) -> None:
    """An interview that waits is listed without a transcript, and its transcript is a 404."""
    with services.database.sessions.begin() as session:
        waiting = Interview(study_id=study.study_id, code="I04", mode="direct", speakers={}, consent={})
        session.add(waiting)
    entry = client.get("/v1/interviews/I04?study=acme").json()
    assert (entry["transcript"], entry["utterances"], entry["duration_ms"]) == (None, 0, None)
    assert client.get("/v1/interviews/I04/transcript?study=acme").status_code == 404


@pytest.mark.parametrize(("role", "status"), [(KeyRole.VIEWER, 403), (KeyRole.RESEARCHER, 403), (KeyRole.ADMIN, 200)])
def test_without_consent_to_quotes_only_an_admin_reads(services: Services, role: KeyRole, status: int) -> None:
    """The words of whoever did not consent to quotes are for an admin alone, on every way to them."""
    silent = Person("P01", "Eve", "en", "careful", 10, "D", (Turn("Do not tell.", "en"),), quotes_allowed=False)
    with services.database.sessions.begin() as session:
        made = add_study(session, services.embedder, "acme", (silent,))
        headers = {"Authorization": f"Bearer {create_key(session, 'somebody', role)}"}
    with TestClient(create_app(services, require_keys=True), headers=headers) as client:
        for url in ("/v1/interviews/I01/transcript?study=acme", f"/v1/utterances/{made.utterances['I01', 0]}"):
            response = client.get(url)
            assert response.status_code == status
            assert ("Do not tell." in response.text) == (status == 200)
