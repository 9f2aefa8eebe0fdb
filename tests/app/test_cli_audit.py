"""The audit on the command line: commands write it, list it, and check its chain."""

from pathlib import Path

import pytest
from cli_runner import point_at, run
from sqlalchemy import text

from app.database import Database


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
