"""Who may do what in which study: every operation of OpenAPI and every tool of MCP, with every kind of key."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from access_table import ADMIN, NEEDED, OF_ALL, TOOLS, VIEWER, Call, Place, calls
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from study_factory import add_study, people

from app.blobs import Blobs
from app.database import Database
from app.embedding import Embedder
from app.main import create_app
from app.mcp import tools
from app.models import ApiKey, IngestRun, Interview, Recording, Study, Utterance
from app.privacy.keys import KeyRole, create_key, grant_study, holds, revoke_key
from app.services import Services
from app.settings import Settings
from app.vocabulary import Role

OWN, FOREIGN = "zebra", "heron"


@pytest.fixture
def guarded(own_database: Database, embedder: Embedder, blobs: Blobs) -> Iterator[TestClient]:
    """A client of a service with keys, over two studies alike in a database of its own."""
    services = Services(Settings(), own_database, embedder, blobs)
    with own_database.sessions.begin() as session:
        for slug, marker in (("acme", OWN), ("rival", FOREIGN)):
            add_study(session, embedder, slug, people(marker), marker)
    with TestClient(create_app(services, require_keys=True)) as client:
        yield client


def services_of(client: TestClient) -> Services:
    """The services that a client's application was made with."""
    services: Services = client.app.state.services  # type: ignore[attr-defined]
    return services


def new_key(client: TestClient, role: KeyRole, *studies: str, **more: datetime) -> str:
    """Make a key."""
    with services_of(client).database.sessions.begin() as session:
        return create_key(session, "somebody", role, studies=studies, **more)


def useless_keys(client: TestClient) -> dict[str, str | None]:
    """What does not open: nothing, a revoked key, one that expired."""
    revoked, expired = new_key(client, ADMIN), new_key(client, ADMIN)
    with services_of(client).database.sessions.begin() as session:
        revoke_key(session, revoked.split("_")[1])
        key = session.scalars(select(ApiKey).where(ApiKey.identifier == expired.split("_")[1])).one()
        key.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    return {"none": None, "revoked": revoked, "expired": expired}


def furnish(client: TestClient, slug: str, marker: str) -> Place:
    """Put something of each kind into a study, by an admin of all: what P01 said in I01, for P03 is erased."""
    headers = {"Authorization": f"Bearer {new_key(client, ADMIN)}"}

    def made(url: str, body: dict[str, object]) -> str:
        response = client.post(url, json=body | {"study": slug}, headers=headers)
        assert response.status_code in (200, 201), response.text
        found = response.json()
        return str(found.get("id") or found["insight"]["code"])

    with services_of(client).database.sessions.begin() as session:
        study_id = session.scalars(select(Study.id).where(Study.slug == slug)).one()
        interview = session.scalars(select(Interview).filter_by(study_id=study_id, code="I01")).one()
        recording = session.scalars(select(Recording.id).where(Recording.interview_id == interview.id)).one()
        run = IngestRun(study_id=study_id, interview_id=interview.id, fingerprint="1", status="queued", stage="wait")
        session.add(run)
        session.flush()
        spoken = select(Utterance.id).where(Utterance.interview_id == interview.id, Utterance.role == Role.PARTICIPANT)
        utterance = session.scalars(spoken.order_by(Utterance.index).limit(1)).one()
        run_id = run.id
    answer = made("/v1/answers", {"question": f"Were people afraid of losing their money? {marker}"})
    tagging = made("/v1/taggings", {"code": "AX1", "utterance": str(utterance), "start": 0, "end": 4})
    file = {"file": ("prices.md", f"# Prices {marker}\n\nIt costs nothing at all.\n", "text/markdown")}
    source = client.post("/v1/sources", data={"study": slug}, files=file, headers=headers).json()["source"]
    erased = client.delete("/v1/participants/P03", params={"study": slug}, headers=headers)
    assert erased.status_code == 200, erased.text
    erasure = str(erased.json()["id"])
    ids = {
        "answer_id": answer,
        "model": f"verbatim-{slug}",
        "recording_id": str(recording),
        "job_id": str(run_id),
        "utterance_id": str(utterance),
        "collection_id": made("/v1/collections", {"title": f"Quotes {marker}"}),
        "item_id": str(uuid.UUID(int=0)),
        "erasure_id": erasure,
        "theme_id": str(uuid.UUID(int=0)),
        "tagging_id": tagging,
        "review_id": str(uuid.UUID(int=0)),
        "participants_code": "P01",
        "interviews_code": "I01",
        "codebook_code": "AX1",
        "hypotheses_code": made("/v1/hypotheses", {"statement": f"Money {marker}", "codes": ["AX1"]}),
        "insights_code": made("/v1/insights", {"statement": f"Money is safe {marker}"}),
        "sources_code": source["code"],
    }
    return Place(slug, marker, utterance, ids)


def send(client: TestClient, call: Call, key: str | None) -> tuple[int, str]:
    """Send a request with a key; its status and what came back."""
    headers = {**call.sent.get("headers", {}), **({"Authorization": f"Bearer {key}"} if key else {})}
    response = client.request(call.method, call.url, **{**call.sent, "headers": headers})
    return response.status_code, response.text


def test_every_operation_is_classified(guarded: TestClient) -> None:
    """A new operation, or a new tool, has to say here which role it takes."""
    described = guarded.get("/openapi.json").json()["paths"].values()
    assert {operation["operationId"] for item in described for operation in item.values()} == set(NEEDED)
    assert set(tools.TOOLS) == set(TOOLS)


def test_no_role_reaches_another_study(guarded: TestClient) -> None:
    """Each operation: 401 without a valid key, 403 below its role, 404 in a study that the key does not know."""
    furnish(guarded, "acme", OWN)
    rival = furnish(guarded, "rival", FOREIGN)
    keys = {role: new_key(guarded, role, "acme") for role in KeyRole}
    useless = useless_keys(guarded)
    wrong = []
    for call in calls(guarded.get("/openapi.json").json(), rival):
        needed = NEEDED[call.operation]
        if needed is None:
            continue
        found = {kind: send(guarded, call, key) for kind, key in (useless | keys).items()}
        expected = dict.fromkeys(useless, 401)
        there = 200 if call.operation in OF_ALL else 404
        expected |= {role: there if holds(role, needed) else 403 for role in keys}
        if {kind: status for kind, (status, _) in found.items()} != expected:
            wrong.append((call.operation, found))
        asked = str((call.url, call.sent))
        told = " ".join(text for _, text in found.values())
        if FOREIGN in told or (rival.slug in told and rival.slug not in asked):
            wrong.append((call.operation, found))
    assert wrong == []


def test_every_role_at_home(guarded: TestClient) -> None:
    """In the study of a key its role alone decides, and nothing breaks."""
    acme = furnish(guarded, "acme", OWN)
    keys = {role: new_key(guarded, role, "acme") for role in KeyRole}
    wrong = []
    for call in calls(guarded.get("/openapi.json").json(), acme):
        for role, key in keys.items():
            status, told = send(guarded, call, key)
            refused = status in (401, 403) or status >= 500
            if refused is holds(role, NEEDED[call.operation] or VIEWER):
                wrong.append((call.operation, role, status, told[:200]))
    assert wrong == []


def test_two_roles_in_two_studies(guarded: TestClient) -> None:
    """Whoever may only read a study is told so when changing it, and reads it as before."""
    rival = furnish(guarded, "rival", FOREIGN)
    key = new_key(guarded, ADMIN, "acme")
    with services_of(guarded).database.sessions.begin() as session:
        grant_study(session, key.split("_")[1], "rival", VIEWER)
    wrong = []
    for call in calls(guarded.get("/openapi.json").json(), rival):
        status, told = send(guarded, call, key)
        needed = NEEDED[call.operation]
        may = needed in (None, VIEWER) or call.operation in OF_ALL
        if (status == 403) is (may or call.operation in ABSENT) or (status == 404 and call.operation not in ABSENT):
            wrong.append((call.operation, status, told[:200]))
    assert wrong == []


ABSENT = {"read_audio", "read_erasure", "read_job_story", "remove_quote", "arrange_quote"}
"""What the study has not: a story, sound behind the recordings, an item of a list; receipts are there for admins."""


def test_every_tool_in_every_study(guarded: TestClient) -> None:
    """A tool reads the study of the key, and says of another that there is none."""
    acme, rival = furnish(guarded, "acme", OWN), furnish(guarded, "rival", FOREIGN)
    keys = {role: new_key(guarded, role, "acme") for role in KeyRole}
    for name, key in product(TOOLS, keys.values()):
        failed, told = tool(guarded, name, acme, key)
        assert not failed, told
        failed, told = tool(guarded, name, rival, key)
        assert failed is (name != "list_studies"), told
        assert FOREIGN not in told
        assert "no study" in told or "no such study" in told or name == "list_studies"
    for useless in useless_keys(guarded).values():
        headers = {"Authorization": f"Bearer {useless}"} if useless else {}
        assert guarded.post("/mcp", json={}, headers=headers).status_code == 401


def tool(client: TestClient, name: str, place: Place, key: str) -> tuple[bool, str]:
    """Call a tool about a study; whether it failed, and what it told."""
    given = {key: str(place.utterance) if value == "UTTERANCE" else value for key, value in TOOLS[name].items()}
    arguments = given if name == "list_studies" else given | {"study": place.slug}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/json, text/event-stream"}
    response = client.post("/mcp", json=message, headers=headers)
    assert response.status_code == 200, response.text
    return bool(response.json()["result"].get("isError")), response.text


def test_the_only_study_of_a_key_needs_no_name(guarded: TestClient) -> None:
    """For a key of one study there is one study: as a model, and for a tool that is told none."""
    headers = {"Authorization": f"Bearer {new_key(guarded, VIEWER, 'acme')}"}
    assert [model["id"] for model in guarded.get("/v1/models", headers=headers).json()["data"]] == [
        "verbatim",
        "verbatim-acme",
    ]
    assert [study["slug"] for study in guarded.get("/v1/studies", headers=headers).json()["studies"]] == ["acme"]


def test_a_granted_role_is_withdrawn_with_the_study(guarded: TestClient) -> None:
    """A key of a study that is gone opens nothing."""
    key = new_key(guarded, VIEWER, "acme")
    with services_of(guarded).database.sessions.begin() as session:
        session.execute(text("DELETE FROM study WHERE slug = 'acme'"))
    assert guarded.get("/v1/studies", headers={"Authorization": f"Bearer {key}"}).status_code == 403
