"""`verbatim ingest`: folders and files, what is right goes on, what is wrong is said."""

from pathlib import Path

import pytest
from cli_runner import point_at, run

from app.database import Database

MANIFEST = """\
study: {slug}
languages: [de]
participants: [{{id: P01, language: de}}, {{id: P02, language: de}}]
interviews:
  - {{id: I01, participant: P01, files: [P01.txt]}}
  - {{id: I02, participant: P02, files: [P02.txt]}}
"""


@pytest.fixture(autouse=True)
def _empty(own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A database without any study, which the command is set to."""
    point_at(own_database, monkeypatch, tmp_path / "data")


def write_study(folder: Path, slug: str) -> Path:
    """Write a study of two people into a new folder."""
    folder.mkdir()
    (folder / "study.yaml").write_text(MANIFEST.format(slug=slug), encoding="utf-8")
    for person in ("P01", "P02"):
        (folder / f"{person}.txt").write_text(f"Anna: Und dann?\n{person}: Dann kam der Brief der Bank.\n", "utf-8")
    return folder


def test_a_folder_is_ingested_once(tmp_path: Path) -> None:
    """What became of each interview goes to stdout; the second time nothing is done."""
    folder = write_study(tmp_path / "shop", "shop")
    first = run("ingest", str(folder))
    assert (first.code, first.err) == (0, "")
    assert first.out == "shop: 2 published\n  I01  published\n  I02  published\n"
    second = run("ingest", str(folder), "--json").json
    assert [interview["status"] for interview in second[0]["interviews"]] == ["unchanged", "unchanged"]


def test_a_broken_transcript_fails_alone(tmp_path: Path) -> None:
    """The other interview is published, the exit code is 1, and the reason stands in the report and in the status."""
    folder = write_study(tmp_path / "shop", "shop")
    (folder / "P01.txt").write_bytes(b"%PDF-1.7 this is no text")
    outcome = run("ingest", str(folder))
    assert outcome.code == 1
    assert "1 published, 1 failed" in outcome.out
    assert "P01.txt" in outcome.out
    assert "P01.txt" in run("status").out


def test_a_wrong_manifest_is_said_whole_and_other_folders_go_on(tmp_path: Path) -> None:
    """Every fault with place and remedy on stderr; nothing of that study is stored."""
    wrong = write_study(tmp_path / "wrong", "Wrong Name")
    (wrong / "P02.txt").unlink()
    outcome = run("ingest", str(wrong), str(write_study(tmp_path / "shop", "shop")))
    assert outcome.code == 1
    assert "study.yaml:1: study: `Wrong Name` cannot be used → write `wrong-name`" in outcome.err
    assert "study.yaml:6: " in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.out.startswith("shop: 2 published")
    assert list(run("status", "--json").json) == ["shop"]


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    """The path is named with what to write instead."""
    outcome = run("ingest", str(tmp_path / "nothing"))
    assert outcome.code == 1
    assert "there is no such folder" in outcome.err
    assert "there is no file `nothing.vtt`" in run("ingest", str(tmp_path / "nothing.vtt")).err


def test_a_file_joins_a_study(tmp_path: Path) -> None:
    """`verbatim ingest call.txt --study shop --participant P24` adds an interview of a new participant."""
    run("ingest", str(write_study(tmp_path / "shop", "shop")))
    call = tmp_path / "call.txt"
    call.write_text("Anna: Und dann?\nP24: Dann kam die Gebühr.\n", encoding="utf-8")
    outcome = run("ingest", str(call), "--study", "shop", "--participant", "P24")
    assert (outcome.code, outcome.out) == (0, "shop: 1 published\n  I24  published\n")
    assert "Dann kam die Gebühr." in run("quotes", "--participant", "P24").out


def test_a_file_without_its_facts_is_refused_with_all_of_them(tmp_path: Path) -> None:
    """What has to be added is said at once."""
    call = tmp_path / "call.txt"
    call.write_text("P24: Dann kam die Gebühr.\n", encoding="utf-8")
    outcome = run("ingest", str(call))
    assert (outcome.code, outcome.out) == (1, "")
    assert "`--study nido`" in outcome.err
    assert "`--participant P24`" in outcome.err
    twice = run("ingest", str(call), str(call), "--study", "shop", "--participant", "P24")
    assert (twice.code, "two transcripts" in twice.err) == (1, True)
    assert run("ingest", str(call), str(tmp_path)).code == 2
