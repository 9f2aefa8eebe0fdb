"""How long a study keeps interviews, on the command line."""

from pathlib import Path

import pytest
from cli_runner import point_at, run
from sqlalchemy import text
from study_factory import add_study, people

from app.database import Database
from app.embedding import Embedder


def test_a_period_is_shown_set_and_enforced(
    own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A dry run erases nothing; periods that are none are told; what is too old goes, with its receipt."""
    point_at(own_database, monkeypatch, tmp_path)
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme", people("zebra"), "zebra")
        session.execute(text("UPDATE interview SET date = current_date - 40 WHERE code = 'I01'"))
    assert "without limit" in run("retention", "show").out
    assert run("retention", "set").code == 2
    assert run("retention", "set", "0").code == 2
    assert "participants of whom nothing else is kept: P01" in run("retention", "set", "39").out
    dry = run("retention", "run", "--dry-run", "--json").json
    assert (dry["days"], dry["due_interviews"], dry["due_participants"]) == (39, ["I01"], ["P01"])
    with own_database.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM interview WHERE code = 'I01'")) == 1
    assert [receipt["kind"] for receipt in run("retention", "run", "--yes", "--json").json] == ["participant"]
    with own_database.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM interview WHERE code = 'I01'")) == 0
    assert "Nothing was kept for long enough" in run("retention", "run").err
    assert "without limit" in run("retention", "set", "--unlimited").out
