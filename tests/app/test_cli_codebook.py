"""Commands on the codebook: codes, taggings, verdicts, files."""

import getpass
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from cli_runner import ROOT, point_at, run
from codebook_factory import add_model_tagging, stored_taggings
from refi_factory import archive, code, codebook, project, selection, source
from study_factory import MadeStudy, add_study

from app.database import Database
from app.embedding import Embedder

RATE = "die erste Rate"


@pytest.fixture
def acme(own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MadeStudy:
    """The study `acme`, in the database that the commands are set to."""
    point_at(own_database, monkeypatch, tmp_path)
    with own_database.sessions.begin() as session:
        return add_study(session, embedder, "acme")


@pytest.fixture
def suggested(acme: MadeStudy, own_database: Database) -> list[str]:
    """Three taggings by a model, the least confident first."""
    with own_database.sessions.begin() as session:
        places = (("I01", 3), 0.2), (("I03", 1), 0.4), (("I02", 2), 0.6)
        return [str(add_model_tagging(session, acme, place, "AX1", sure)) for place, sure in places]


def own(database: Database) -> list[tuple[str, ...]]:
    """What persons have tagged since: words, code, polarity, author."""
    with database.sessions() as session:
        return [(*each[:3], each[3]) for each in stored_taggings(session) if each[3] in {"tina", "ben"}]


@pytest.mark.usefixtures("acme")
def test_codes_live_and_go() -> None:
    """A code is created, renamed, split off, merged, retired and restored; history has it all, the newest first."""
    words = ("--label", "en=Saves", "--label", "de=Spart", "--author", "tina")
    assert run("codebook", "add", "H1", "--kind", "habit", *words).code == 0
    assert run("codebook", "edit", "H1", "--rename", "H2", "--label", "de=", "--author", "ben").code == 0
    assert run("codebook", "merge", "AX1", "H2").code == 0
    assert run("codebook", "--json").json["codes"][0]["affirmed_by"] == 2
    assert run("codebook", "restore", "AX1").code == 0
    assert run("codebook", "split", "AX1", "AX2", "--label", "New", "--participant", "P02").code == 0
    assert run("codebook", "retire", "H2").code == 0
    listed = run("codebook", "--state", "all", "--json").json["codes"]
    assert [(entry["code"], entry["state"], entry["labels"]) for entry in listed] == [
        ("AX1", "live", {"en": "Fear of losing the money"}),
        ("AX2", "live", {"und": "New"}),
        ("H2", "retired", {"en": "Saves"}),
    ]
    changes = run("codebook", "history", "--json").json["changes"]
    assert {change["author"] for change in changes} == {"tina", "ben", getpass.getuser()}
    lines = run("codebook", "history").out.splitlines()
    assert [line.split()[2] for line in lines] == ["retire", "split", "create", "restore", "merge", "edit", "create"]
    assert "code: H1 → H2" in lines[5]


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("codebook", "add", "AX1", "--kind", "habit", "--label", "x"), 1, "AX1"),
        (("codebook", "add", "a b", "--kind", "habit", "--label", "x"), 2, "letters, digits"),
        (("codebook", "add", "H1", "--kind", "hope", "--label", "x"), 2, "hope"),
        (("codebook", "add", "H1", "--kind", "habit"), 2, "label"),
        (("codebook", "add", "H1", "--kind", "habit", "--label", "x", "--author", ""), 2, "who does it"),
        (("codebook", "edit", "AX7", "--about", "x"), 1, "AX7"),
        (("codebook", "merge", "AX1", "AX1"), 1, "AX1"),
        (("codebook", "split", "AX1", "AX2", "--label", "x"), 2, "which taggings go"),
        (("codebook", "retire", "AX7"), 1, "AX7"),
        (("codebook", "restore", "AX1"), 1, "AX1"),
        (("codebook", "--study", "nope"), 1, "no such study"),
        (("codebook", "name-theme", str(uuid.uuid4()), "T1", "--label", "x", "--yes"), 1, "theme"),
        (("codebook", "agreement", "--author", "anna"), 1, "two"),
        (("taggings", "add", "AX1", "--interview", "I01", "--quote", "nobody says that"), 1, "quote"),
        (("taggings", "add", "AX1", "--interview", "I01"), 2, "quote"),
        (("taggings", "add", "AX1", "--interview", "I09", "--quote", "x"), 1, "I09"),
        (("taggings", "remove", str(uuid.uuid4())), 1, "tagging"),
        (("taggings", "accept"), 2, "--at-least"),
        (("taggings", "accept", "one"), 2, "UUID"),
        (("taggings", "undo", str(uuid.uuid4())), 1, "verdict"),
        (("import", "codebook", "missing.qdc"), 2, "missing.qdc"),
        (("import", "nothing"), 2, "nothing"),
        (("export", "taggings", "--study", "nope"), 1, "no such study"),
    ],
)
def test_what_is_wrong_is_said(arguments: tuple[str, ...], status: int, words: str) -> None:
    """With what it is about, and nothing on stdout; 1 where something failed, 2 where a command is wrong."""
    outcome = run(*arguments)
    assert (outcome.code, outcome.out) == (status, "")
    assert words in outcome.err


@pytest.mark.usefixtures("acme")
def test_persons_tag(own_database: Database) -> None:
    """By quote or by offsets; what is taken away can be had back."""
    made = run("taggings", "add", "AX1", "--interview", "I01", "--quote", RATE, "--author", "tina", "--json").json
    place = ("--utterance", made["utterance"], "--start", "0", "--end", "3")
    assert run("taggings", "add", "AX1", *place, "--denied", "--author", "ben").code == 0
    assert own(own_database) == [("Als", "AX1", "denied", "ben"), (RATE, "AX1", "affirmed", "tina")]
    removed = run("taggings", "remove", made["id"], "--author", "ben", "--json").json
    assert own(own_database) == [("Als", "AX1", "denied", "ben")]
    assert run("taggings", "undo", removed["id"]).code == 0
    assert len(own(own_database)) == 2
    assert f"“{RATE}”" in run("taggings", "--by", "tina").out


def test_models_are_reviewed(suggested: list[str], own_database: Database) -> None:
    """One is corrected, others are accepted and rejected by their confidence; nothing of it without a yes."""
    queue = run("taggings", "review", "--json").json["taggings"]
    assert [entry["id"] for entry in queue] == suggested
    refused = run("taggings", "reject", "--at-most", "0.3")
    assert (refused.code, "--yes" in refused.err) == (1, True)
    rejected = run("taggings", "reject", "--at-most", "0.3", "--yes", "--author", "tina", "--json").json
    assert [review["verdict"] for review in rejected["reviews"]] == ["rejected"]
    right = ("--quote", "Tenía miedo", "--polarity", "denied", "--author", "ben")
    assert run("taggings", "correct", suggested[2], *right).code == 0
    assert run("taggings", "accept", suggested[1], "--author", "tina").code == 0
    assert own(own_database) == [("No,", "AX1", "affirmed", "tina"), ("Tenía miedo", "AX1", "denied", "ben")]
    assert run("taggings", "accept", "--code", "AX1", "--yes", "--json").json["reviews"] == []
    assert "nothing to review" in run("taggings", "review").err
    assert len(run("taggings", "verdicts").out.splitlines()) == 3


def test_a_terminal_asks_for_each(suggested: list[str], own_database: Database) -> None:
    """Accept, correct, reject; answers that cannot be leave a tagging as it is."""
    controller, terminal = os.openpty()
    answers = "a\n" + "c\nAX1\ndenied\nNo, losing\n" + "c\nAX9\naffirmed\nTe\n"
    os.write(controller, answers.encode())
    program = [sys.executable, "-c", "from app.cli import main; main()", "taggings", "review", "--author", "tina"]
    ended = subprocess.run(program, cwd=ROOT, stdin=terminal, stdout=terminal, stderr=subprocess.PIPE, check=False)
    os.close(terminal)
    os.close(controller)
    assert (ended.returncode, b"AX9" in ended.stderr) == (0, True)
    assert own(own_database) == [("Als", "AX1", "affirmed", "tina"), ("No, losing", "AX1", "denied", "tina")]
    assert [entry["id"] for entry in run("taggings", "review", "--json").json["taggings"]] == suggested[2:]


@pytest.mark.usefixtures("acme")
def test_agreement_is_told() -> None:
    """In words where it is a number, and where it is none."""
    run("taggings", "add", "AX1", "--interview", "I01", "--quote", "Ich hatte Angst", "--author", "tina")
    told = run("codebook", "agreement").out
    assert "anna" in told
    assert "tina" in told
    assert "nan" not in told.lower()
    assert run("codebook", "agreement", "--json").json["overall"]["alpha"]["value"] is None


@pytest.mark.usefixtures("acme")
def test_no_theme_says_what_to_do() -> None:
    """Where there is none, it is said why."""
    outcome = run("codebook", "themes")
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err != ""


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("subject", "name", "options"),
    [
        ("codebook", "acme.qdc", ()),
        ("codebook", "acme.csv", ("--csv",)),
        ("taggings", "taggings.csv", ()),
        ("project", "acme.qdpx", ()),
    ],
)
def test_files_go_out_and_come_in(
    own_database: Database, tmp_path: Path, subject: str, name: str, options: tuple[str, ...]
) -> None:
    """What comes back as it went changes nothing."""
    with own_database.sessions() as session:
        before = stored_taggings(session)
    path = tmp_path / name
    assert run("export", subject, "--output", str(path), *options).code == 0
    report = run("import", subject, str(path), "--json").json
    assert {entry["outcome"] for entry in report.get("codes", [])} <= {"known"}
    assert report.get("added", 0) == 0
    with own_database.sessions() as session:
        assert stored_taggings(session) == before


@pytest.mark.usefixtures("acme")
def test_a_project_is_looked_at_and_taken_in(own_database: Database, tmp_path: Path) -> None:
    """A dry run changes nothing; each coding that cannot be taken over is told with its reason."""
    text = "Ich hatte Angst, dass mein Geld weg ist, wenn die App verschwindet. Meine Bank kenne ich ja."
    selections = selection(0, 15, "AX1"), selection(20, 10, "Trust"), selection(0, 900, "Trust")
    document = project(code("AX1") + code("Trust"), source("Katrin", *selections, path="internal://k.txt"))
    path = tmp_path / "k.qdpx"
    path.write_bytes(archive(document, {"sources/k.txt": text.encode()}))
    arguments = ("import", "project", str(path), "--kind", "success", "--author", "tina")
    looked = run(*arguments, "--dry-run")
    assert (looked.code, own(own_database)) == (0, [])
    assert "--dry-run" in looked.err
    taken = run(*arguments)
    assert own(own_database) == [("Ich hatte Angst", "AX1", "affirmed", "tina")]
    said = taken.out + taken.err
    assert "it ends before it begins" in said
    assert "it lies outside of its text" in said
    assert "Trust  success" in taken.out


@pytest.mark.usefixtures("acme")
def test_a_wrong_file_is_refused_with_its_lines(tmp_path: Path) -> None:
    """Nothing of it comes in."""
    path = tmp_path / "codes.qdc"
    path.write_bytes(codebook("<Kode/>"))
    outcome = run("import", "codebook", str(path))
    assert (outcome.code, outcome.out) == (1, "")
    assert "codes.qdc:3: Element 'Kode'" in outcome.err
