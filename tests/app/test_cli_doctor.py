"""`verbatim doctor`: what is in use, what is missing with its remedy, also when nothing works."""

from pathlib import Path

import pytest
from cli_runner import point_at, run
from narrow_embedder import write_narrow_embedder
from study_factory import add_study

from app.database import Database
from app.embedding import Embedder


def checks(*arguments: str) -> dict[str, tuple[str, str | None]]:
    """What each check found, and its problem."""
    return {check["name"]: (check["found"], check["problem"]) for check in run("doctor", "--json", *arguments).json}


def test_all_is_well(
    own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Versions, schema, embedder and index are named, and nothing is missing."""
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
    point_at(own_database, monkeypatch, tmp_path)
    assert run("doctor").code == 0
    found = checks()
    assert all(problem is None for _, problem in found.values())
    assert "Postgres 18, pgvector 0.8" in found["database"][0]
    assert "schema up to date" in found["database"][0]
    assert str(embedder.identity) in found["index"][0]
    assert found["embedder"][0] == str(embedder.identity)


def test_another_embedder_than_that_of_the_index_is_a_problem(
    own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The remedy is to set it back or to switch."""
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
    point_at(own_database, monkeypatch, tmp_path)
    monkeypatch.setenv("VERBATIM_EMBEDDER", str(write_narrow_embedder(tmp_path / "narrow")))
    outcome = run("doctor")
    assert outcome.code == 1
    assert "verbatim reembed" in outcome.out


@pytest.mark.parametrize(
    "url", ["postgresql://me:hush@127.0.0.1:1/verbatim", "postgresql://me@127.0.0.1:1/verbatim?password=hush", "hush"]
)
def test_it_works_when_the_database_does_not(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The database is the one problem, the rest is checked; no password is shown."""
    monkeypatch.setenv("VERBATIM_DATABASE_URL", url)
    monkeypatch.setenv("VERBATIM_DATA_DIR", str(tmp_path))
    outcome = run("doctor")
    assert outcome.code == 1
    assert outcome.out.count("✗") == 1
    assert "VERBATIM_DATABASE_URL" in outcome.out
    assert "✓ embedder" in outcome.out
    assert url == "hush" or "hush" not in outcome.out + outcome.err


def test_it_makes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before the first command there is no database, and looking does not make one."""
    monkeypatch.setenv("VERBATIM_DATA_DIR", str(tmp_path / "data"))
    found = checks()
    assert "not running" in found["server"][0]
    assert found["server"][1] is None
    assert not (tmp_path / "data").exists()


def test_listening_beyond_this_machine_needs_a_key(
    own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Before `verbatim serve` refuses to start, the doctor says why it will."""
    point_at(own_database, monkeypatch, tmp_path)
    monkeypatch.setenv("VERBATIM_HOST", "0.0.0.0")  # noqa: S104 never listened on
    assert "verbatim keys create" in str(checks()["access"][1])
    run("keys", "create", "--role", "admin")
    assert checks()["access"] == ("0.0.0.0:8321, with an API key", None)
