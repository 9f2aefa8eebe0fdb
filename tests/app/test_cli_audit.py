"""The audit on the command line: commands write it, list it, and check its chain."""

from datetime import timedelta
from pathlib import Path

import pytest
from cli_runner import point_at, run
from sqlalchemy import text
from study_factory import add_study

from app.database import Database
from app.embedding import Embedder
from app.errors import UnauthorizedError
from app.privacy.audit import ACTIONS
from app.privacy.keys import KeyRole, create_key, revoke_key
from app.privacy.sessions import EVERYWHERE, Identity, principal_of_cookie, sign_in_as, sign_in_with_key


def test_commands_are_written_down(own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands that read, export or administer are events of the command line; the audit is listed and verified."""
    point_at(own_database, monkeypatch, tmp_path)
    identifier = run("keys", "create", "--role", "viewer").out.split("_")[1]
    assert run("keys", "revoke", identifier).code == 0
    assert run("status").code == 0
    events = run("audit", "list", "--json").json
    assert [(event["operation"], event["object"]) for event in events] == [
        ("verbatim keys revoke", f"code {identifier}"),
        ("verbatim keys create", None),
    ]
    assert "verbatim keys revoke" in run("audit", "list", "--action", "administer").out
    head = run("audit", "verify", "--json").json["head"]
    assert "2 events, whole" in run("audit", "verify", "--head", head).out
    with own_database.sessions.begin() as session:
        session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        session.execute(text("UPDATE audit_event SET actor = 'nobody' WHERE id = 1"))
        session.execute(text("DELETE FROM audit_event WHERE id = 2"))
    told = run("audit", "verify", "--head", head)
    assert (told.code, "Event 1 was changed" in told.err, "taken from the end" in told.err) == (1, True, True)


@pytest.mark.parametrize("command", sorted(name for name in ACTIONS if name.startswith("verbatim ")))
def test_the_audit_names_commands_that_there_are(command: str) -> None:
    """No command that the audit counts is called otherwise by now."""
    assert run(*command.split()[1:], "--help").code == 0


@pytest.mark.parametrize(
    ("command", "written"),
    [
        (("codebook", "retire", "AX1"), ("change", "acme", "code AX1")),
        (("codebook", "themes"), ("read", "acme", None)),
        (("insights", "add", "They fear for the money"), ("change", "acme", None)),
        (("hypotheses", "add", "They fear for the money", "--code", "AX1"), ("change", "acme", None)),
        (("sources", "remove", "S01", "--yes"), ("change", "acme", "code S01")),
        (("taggings", "review"), ("read", "acme", None)),
        (("economics", "scheme", "--bands", "50,100"), ("change", "acme", None)),
        (("economics", "scheme"), None),
        (("speakers", "I01", "--label", "P01", "--role", "interviewer"), ("change", "acme", "code I01")),
        (("speakers", "I01"), None),
    ],
)
def test_what_research_commands_do_is_written_down(
    own_database: Database,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: tuple[str, ...],
    written: tuple[str | None, ...] | None,
) -> None:
    """With the study, and what it is about; also where it comes to nothing, and not where it only shows."""
    point_at(own_database, monkeypatch, tmp_path)
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
    run(*command, "--study", "acme")
    events = run("audit", "list", "--json").json
    assert [(event["action"], event["study"], event["object"]) for event in events] == ([written] if written else [])
    assert all(" ".join(("verbatim", *command)).startswith(event["operation"]) for event in events)


def test_a_restoration_is_written_down_where_it_leads_to(
    own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The audit of the backup takes the place of what was noted before."""
    point_at(own_database, monkeypatch, tmp_path)
    backup = str(tmp_path / "backup.tar")
    assert run("backup", backup).code == 0
    assert run("restore", backup).code == 0
    events = run("audit", "list", "--json").json
    assert [event["operation"] for event in events] == ["verbatim restore", "verbatim backup"]


def test_nobody_is_asked_about_whom_nobody_knows(
    own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A wrong code is told at once; a right one is asked about first."""
    point_at(own_database, monkeypatch, tmp_path)
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
    for kind, known in (("participant", "P01"), ("interview", "I01")):
        told = run("erase", kind, "ZZ")
        assert (told.code, "there is no such" in told.err, "Nothing brings it back" in told.err) == (1, True, False)
        assert "Nothing brings it back" in run("erase", kind, known).err


def test_sessions_are_listed_and_ended(own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who is signed in is listed; ending signs them out everywhere, once, and is an event."""
    point_at(own_database, monkeypatch, tmp_path)
    assert "Nobody is signed in" in run("sessions", "list").err
    colleague = Identity("sub-7", "Ada", {EVERYWHERE: KeyRole.VIEWER})
    with own_database.sessions.begin() as session:
        key = create_key(session, "kiosk", KeyRole.VIEWER)
        cookies = [sign_in_as(session, colleague, timedelta(hours=1)) for _ in range(2)]
        of_key = sign_in_with_key(session, key, timedelta(hours=1))
    identifier = key.split("_")[1]
    listed = [(each["identifier"], each["by"]) for each in run("sessions", "list", "--json").json]
    assert sorted(listed) == sorted([(identifier, "key"), ("sub-7", "provider"), ("sub-7", "provider")])
    assert run("sessions", "end", "sub-7").code == 0
    with own_database.sessions.begin() as session:
        for cookie in cookies:
            with pytest.raises(UnauthorizedError, match="signed out"):
                principal_of_cookie(session, cookie)
        assert principal_of_cookie(session, of_key).name == "kiosk"
        revoke_key(session, identifier)
    assert run("sessions", "list", "--json").json == []
    assert run("sessions", "end", "sub-7").code == 1
    found = [event["operation"] for event in run("audit", "list", "--json").json]
    assert found == ["verbatim sessions end"] * 2
