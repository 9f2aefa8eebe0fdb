"""The audit says who did what, holds nothing of what was said, and shows what was tampered with."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from study_factory import MadeStudy, add_study

from app.database import Database
from app.embedding import Embedder
from app.isolation import StudyScope
from app.main import create_app
from app.mcp.tools import TOOLS
from app.models import AuditEvent, Recording
from app.privacy.audit import ACTIONS, Action, Deed, Wanted, action_of, list_events, record, verify_chain
from app.privacy.keys import KeyRole, create_key
from app.rest.dependencies import write_down
from app.rest.gate import UPLOADS
from app.services import Services
from app.web.view import open_view

QUESTION = {"question": "Were people afraid of losing their money?", "study": "acme"}


def written(database: Database, *, since: int = 0) -> list[tuple[Any, ...]]:
    """The events, oldest first: who, what, where, on what."""
    with database.sessions.begin() as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.id > since).order_by(AuditEvent.id))
        return [(row.actor, row.action, row.operation, row.study, row.object) for row in rows]


def depended_on(dependant: Dependant) -> Iterator[object]:
    """What an address calls before anything else."""
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from depended_on(dependency)


def call_tool(client: TestClient, tool: str, arguments: dict[str, Any], headers: dict[str, str] | None = None) -> None:
    """Let a tool of MCP run."""
    called = {"name": tool, "arguments": arguments}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called}
    accepting = {**(headers or {}), "Accept": "application/json, text/event-stream"}
    assert client.post("/mcp", json=message, headers=accepting).status_code == 200


def test_deeds_are_written_down_before_they_are_done(services: Services, study: MadeStudy) -> None:
    """Reading, asking, exporting and changing are events; lists of names are not; refused requests do nothing."""
    with services.database.sessions.begin() as session:
        key = create_key(session, "Katrin Vogel", KeyRole.RESEARCHER, studies=["acme"])
    actor, headers = f"key {key.split('_')[1]}", {"Authorization": f"Bearer {key}"}
    with TestClient(create_app(services, require_keys=True)) as client:
        assert client.get("/v1/interviews/I01/transcript?study=acme", headers=headers).status_code == 200
        assert client.get("/v1/codebook/export?study=acme", headers=headers).status_code == 200
        assert client.get("/v1/quotes?study=acme", headers=headers).status_code == 200
        assert client.get("/v1/quotes?study=acme&format=csv", headers=headers).status_code == 200
        for accepted in ("text/csv", "text/*"):
            assert client.get("/v1/quotes?study=acme", headers=headers | {"Accept": accepted}).status_code == 200
        assert client.post("/v1/answers", json=QUESTION, headers=headers).status_code == 200
        assert client.get("/v1/studies", headers=headers).status_code == 200
        code = {"study": "acme", "code": "NEW1", "kind": "anxiety", "labels": {"en": "Fear"}}
        assert client.post("/v1/codebook", json=code, headers=headers).status_code == 201
        assert client.get("/v1/audit", headers=headers).status_code == 403
        call_tool(client, "ask_interviews", QUESTION, headers)
    assert written(services.database) == [
        (actor, "read", "read_transcript", "acme", "code I01"),
        (actor, "export", "export_codebook", "acme", None),
        (actor, "read", "list_quotes", "acme", None),
        *[(actor, "export", "list_quotes", "acme", None)] * 3,
        (actor, "ask", "create_answer", "acme", None),
        (actor, "change", "create_code", "acme", None),
        (actor, "refuse", "list_audit", None, None),
        (actor, "ask", "ask_interviews", "acme", None),
    ]
    with services.database.sessions.begin() as session:
        everything = str(session.execute(text("SELECT to_jsonb(audit_event) FROM audit_event")).all())
        assert verify_chain(session).is_whole
    for secret in (key, "Katrin", "Vogel", "afraid", "Angst", "Fear"):
        assert secret not in everything


def test_what_is_read_on_pages_and_by_admins_is_written_down(services: Services, study: MadeStudy) -> None:
    """Pages that show what participants said, archives of participants and originals are events, refused or not."""
    with services.database.sessions.begin() as session:
        keys = {role: create_key(session, "a", role, studies=["acme"]) for role in (KeyRole.VIEWER, KeyRole.ADMIN)}
    headers = {role: {"Authorization": f"Bearer {key}"} for role, key in keys.items()}
    viewer, admin = (f"key {key.split('_')[1]}" for key in keys.values())
    originals, archive = (f"/v1/participants/P01/{kind}?study=acme" for kind in ("originals", "export"))
    with TestClient(create_app(services, require_keys=True)) as client:
        assert client.get("/quotes?study=acme", headers=headers[KeyRole.VIEWER]).status_code == 200
        assert client.get("/interviews/I01?study=acme", headers=headers[KeyRole.VIEWER]).status_code == 200
        for page in ("/?study=acme", f"/?study=acme&q={QUESTION['question']}", "/saturation/I01?study=acme"):
            assert client.get(page, headers=headers[KeyRole.VIEWER]).status_code == 200
        for url in (originals, archive):
            assert client.get(url, headers=headers[KeyRole.VIEWER]).status_code == 403
            assert client.get(url, headers=headers[KeyRole.ADMIN]).status_code == 200
    assert written(services.database) == [
        (viewer, "read", "show_quotes", "acme", None),
        (viewer, "read", "show_interview", "acme", "code I01"),
        (viewer, "read", "show_ask", "acme", None),
        (viewer, "read", "show_news", "acme", "interview I01"),
        (viewer, "refuse", "read_originals", "acme", "code P01"),
        (admin, "read", "read_originals", "acme", "code P01"),
        (viewer, "refuse", "export_participant", "acme", "code P01"),
        (admin, "export", "export_participant", "acme", "code P01"),
    ]


def test_a_thing_read_by_its_id_is_written_down_with_its_own_study(
    client: TestClient, services: Services, study: MadeStudy
) -> None:
    """On pages, over REST and MCP: also where another study is named beside it, or none."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
    answer = client.post("/v1/answers", json=QUESTION).json()
    quote = answer["citations"][0]
    with services.database.sessions.begin() as session:
        recording = session.scalars(select(Recording.id).where(Recording.study_id == study.study_id)).first()
    kept = client.post("/v1/collections", json={"study": "acme", "title": "Fears"}).json()["id"]
    paths = (
        f"/answers/{answer['id']}",
        f"/collections/{kept}",
        f"/collections/{kept}/export?format=csv",
        f"/v1/answers/{answer['id']}",
        f"/v1/collections/{kept}",
        f"/v1/utterances/{quote['utterance']}",
        f"/v1/recordings/{recording}/audio",
    )
    since = len(written(services.database))
    for path in paths:
        client.get(path)
        client.get(f"{path}{'&' if '?' in path else '?'}study=rival")
    place = {"pick": f"{quote['utterance']}:0:3", "collection": kept}
    client.post("/collections/quotes?study=rival", data=place, headers={"Origin": "http://127.0.0.1"})
    call_tool(client, "get_quote_context", {"utterance": quote["utterance"], "study": "rival"})
    call_tool(client, "read_artefact", {"artefact": "answer", "code": answer["id"], "study": "rival"})
    events = written(services.database, since=since)
    assert len(events) == 2 * len(paths) + 3
    assert {slug for *_, slug, _ in events} == {"acme"}


def test_a_page_without_a_study_is_written_down_with_the_one_that_it_shows(
    services: Services, study: MadeStudy
) -> None:
    """The first one of the reader's, which need not be the first there is; a tool reads the only one of a reader."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
        key = create_key(session, "a", KeyRole.VIEWER, studies=["rival"])
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(create_app(services, require_keys=True)) as client:
        for page in ("/quotes", f"/?q={QUESTION['question']}", "/saturation/I01"):
            assert client.get(page, headers=headers).status_code == 200
        call_tool(client, "search_quotes", {}, headers)
    assert [(operation, slug) for _, _, operation, slug, _ in written(services.database)] == [
        (operation, "rival") for operation in ("show_quotes", "show_ask", "show_news", "search_quotes")
    ]


def test_whatever_the_audit_counts_is_written_down(services: Services) -> None:
    """Each address under `/v1` by what all of them depend on, each page by what pages are made with."""
    app = create_app(services, require_keys=False)
    unwritten = set()
    for context in iter_route_contexts(app.routes):
        changes = not {"GET", "HEAD"} & set(context.methods or ())
        counts = context.methods and action_of(str(context.name), changes=changes)
        if counts and not {write_down, open_view} & set(depended_on(context.dependant)):
            unwritten.add(context.name)
    assert unwritten == {"sign_in", "return_from_provider"}


@pytest.mark.parametrize("path", [*sorted(UPLOADS), "/v1/hypotheses/import"])
def test_files_that_come_in_are_written_down_with_their_study(
    client: TestClient, services: Services, study: MadeStudy, path: str
) -> None:
    """Once, wherever in the form the study is named, and whatever becomes of the file."""
    name = "files" if path == "/ingest" else "file"
    client.post(path, data={"study": "acme"}, files={name: ("one.txt", b"x")}, headers={"Origin": "http://127.0.0.1"})
    ((actor, action, _, slug, _),) = written(services.database)
    assert (actor, action, slug) == ("local user", "change", "acme")


def test_the_audit_names_what_there_is(services: Services) -> None:
    """No operation that the audit counts is called otherwise by now, or behind another of the same address."""
    app = create_app(services, require_keys=False)
    first: dict[tuple[str, str], str] = {}
    for context in iter_route_contexts(app.routes):
        for method in context.methods or ():
            first.setdefault((str(context.path), method), str(context.name))
    routes = set(first.values())
    commands = {name for name in ACTIONS if name.startswith("verbatim ")}
    assert set(ACTIONS) - commands <= routes | set(TOOLS)


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        *((name, "read") for name in ("read_originals", "verbatim reveal", "list_reviews", "read_themes")),
        *((name, "read") for name in ("qualify_customer", "show_qualification", "verbatim segments qualify")),
        ("export_participant", "export"),
    ],
)
def test_what_reveals_who_somebody_is_is_written_down(operation: str, action: str) -> None:
    """Though nothing is changed by it."""
    assert action_of(operation, changes=False) == action


def test_admins_see_the_studies_that_they_administer(services: Services, study: MadeStudy) -> None:
    """An admin of one study sees what was done in it; one of all sees everything, in pages."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
        keys = [create_key(session, "a", KeyRole.ADMIN, studies=["acme"]), create_key(session, "b", KeyRole.ADMIN)]
    for slug in ("acme", "rival"):
        record(services.database, Deed("key 1", Action.READ, "read_transcript", slug))
    record(services.database, Deed("key 2", Action.ADMINISTER, "verbatim keys create"))
    with TestClient(create_app(services, require_keys=True)) as client:
        own, all_ = ({"Authorization": f"Bearer {key}"} for key in keys)
        assert [event["study"] for event in client.get("/v1/audit", headers=own).json()["events"]] == ["acme"]
        assert client.get("/v1/audit?study=rival", headers=own).json()["events"] == []
        first = client.get("/v1/audit?limit=2", headers=all_).json()
        rest = client.get("/v1/audit", params={"cursor": first["next_cursor"]}, headers=all_).json()
        assert [event["study"] for event in (*first["events"], *rest["events"])] == [None, "rival", "acme"]
        for actor in ("key 1", "1"):
            only = client.get(f"/v1/audit?actor={actor}&action=read&since=2026-01-01T00:00:00Z", headers=all_).json()
            assert len(only["events"]) == 2


def test_nobody_changes_an_event(own_database: Database) -> None:
    """Events are neither changed nor removed nor dated by whoever writes; the chain shows what a superuser did."""
    for number in range(5):
        record(own_database, Deed("key 1", Action.READ, "read_transcript", "acme", f"code I{number:02d}"))
    for statement in ("UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"):
        with pytest.raises(IntegrityError, match="never changed"), own_database.sessions.begin() as session:
            session.execute(text(statement))
    columns = "id, at, actor, action, operation, previous, hash"
    forged = f"INSERT INTO audit_event ({columns}) VALUES (99, now(), '', '', '', 'x', 'y')"  # noqa: S608
    with own_database.sessions.begin() as session:
        session.execute(text(forged))
        assert session.scalar(text("SELECT max(id) FROM audit_event")) == 6
        assert verify_chain(session).is_whole


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("UPDATE audit_event SET object = 'code I99' WHERE id = 3", 3),
        ("UPDATE audit_event SET at = at - interval '1 day' WHERE id = 1", 1),
        ("DELETE FROM audit_event WHERE id = 2", 3),
        ("UPDATE audit_event SET hash = audit_hash(audit_event) WHERE id = 2", None),
        ("DELETE FROM audit_event WHERE id = 5", None),
    ],
)
def test_the_chain_shows_tampering(own_database: Database, tampering: str, broken_at: int | None) -> None:
    """Whatever a superuser changes or takes out shows; what is taken from the end, against a noted head."""
    for number in range(5):
        record(own_database, Deed("key 1", Action.READ, "read_transcript", "acme", f"code I{number:02d}"))
    with own_database.sessions.begin() as session:
        head = verify_chain(session).head
        session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        session.execute(text(tampering))
        check = verify_chain(session)
        assert check.broken_at == broken_at
        assert bool(list_events(session, Wanted(hash=head), None, 1)) is ("id = 5" not in tampering)


def test_confined_transactions_write_and_read_nothing(own_database: Database, embedder: Embedder) -> None:
    """Whoever may see one study leaves events, and sees none."""
    with own_database.sessions.begin() as session:
        acme = add_study(session, embedder, "acme")
    studies = frozenset({acme.study_id})
    confined = own_database.within(StudyScope(studies, studies))
    record(confined, Deed("key 1", Action.READ, "read_transcript", "acme"))
    assert len(written(own_database)) == 1
    with pytest.raises(Exception, match="permission denied"):
        written(confined)
