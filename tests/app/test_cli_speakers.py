"""`verbatim speakers`: who speaks, listed and put right."""

import uuid
from pathlib import Path

import pytest
from cli_runner import point_at, run

from app.database import Database

MANIFEST = """\
study: shop
languages: [de]
participants: [{id: P01, language: de}, {id: P02, language: de}]
interviews:
  - {id: I01, participant: P01, files: [P01.txt]}
  - {id: I02, participant: P02, files: [P02.txt]}
"""


@pytest.fixture(autouse=True)
def _published(own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two short interviews."""
    point_at(own_database, monkeypatch, tmp_path / "data")
    (tmp_path / "study.yaml").write_text(MANIFEST, encoding="utf-8")
    for person in ("P01", "P02"):
        text = f"Anna: Und dann?\n{person}: Dann kam der Brief der Bank.\n"
        (tmp_path / f"{person}.txt").write_text(text, encoding="utf-8")
    assert run("ingest", str(tmp_path)).code == 0


def test_utterances_are_listed_and_put_right_by_their_id() -> None:
    """What is put right is not quoted any more, and is listed as decided."""
    listed = run("speakers", "I01", "--utterances", "--json").json
    assert [(entry["role"], entry["decided"]) for entry in listed] == [("interviewer", False), ("participant", False)]
    shown = run("speakers", "I01", "--utterances").out
    assert f"{listed[1]['id']}  no time  P01: P01\n    “Dann kam der Brief der Bank.”" in shown
    assert run("speakers", "I01", "--utterance", listed[1]["id"], "--role", "other").code == 0
    assert "P01: other, as a person said" in run("speakers", "I01", "--utterances").out
    assert "Brief" not in run("quotes", "--participant", "P01").out


def test_an_utterance_of_another_interview_stays_as_it_is() -> None:
    """The command refuses, says where to look, and changes nothing."""
    other = run("speakers", "I02", "--utterances", "--json").json[1]["id"]
    for wrong in (other, str(uuid.uuid4())):
        refused = run("speakers", "I01", "--utterance", wrong, "--role", "interviewer")
        assert refused.code == 1
        assert "`verbatim speakers I01 --utterances`" in refused.err
    assert "Brief" in run("quotes", "--participant", "P02").out
