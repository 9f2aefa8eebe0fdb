"""Commands that write what a study comes to: economics, customers, schemes, saturation, quotes, the report."""

import csv
import io
from pathlib import Path

import pytest
from cli_runner import point_at, run
from docx import Document
from study_factory import MadeStudy, add_study

from app.answering.kept_translations import keep_translations
from app.database import Database
from app.embedding import Embedder

CUSTOMERS = "Kunden-Nr.;Kundenwert;Umsatz;Käufe\nC-P01;1.320,00 €;900,00;3\nC-P02;40,00;100,00;1\nX-9;;50,00;1\n"


@pytest.fixture
def acme(own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MadeStudy:
    """The study `acme`, in the database that the commands are set to."""
    point_at(own_database, monkeypatch, tmp_path)
    with own_database.sessions.begin() as session:
        return add_study(session, embedder, "acme")


@pytest.fixture
def customers(tmp_path: Path) -> str:
    """A file of customers from a German Excel."""
    path = tmp_path / "kunden.csv"
    path.write_bytes(CUSTOMERS.encode("cp1252"))
    return str(path)


def test_customers_are_imported_and_told(acme: MadeStudy, customers: str) -> None:
    """The report for people and as JSON; then the bands, and whom to invite."""
    dry = run("economics", "import", customers, "--dry-run")
    assert (dry.code, "1 added, 2 updated, 0 removed" in dry.out) == (0, True)
    assert "1 × no lifetime value (line 4): unclassified" in dry.out
    assert "dry run" in dry.err
    assert run("economics", "--json").json["customers"] == 3
    report = run("economics", "import", customers, "--json").json
    assert (report["added"], report["mapping"]["ltv_eur"]) == (1, "Kundenwert")
    shown = run("economics")
    assert "4 customers" in shown.out
    assert "1000+" in shown.out
    assert "invite next" in run("economics", "--planned", "20").out


def test_replacing_is_asked_about(acme: MadeStudy, customers: str) -> None:
    """Without an answer nothing is changed; with `--yes` who is not in the file is removed."""
    refused = run("economics", "import", customers, "--replace")
    assert refused.code == 1
    assert run("economics", "--json").json["customers"] == 3
    removed = run("economics", "import", customers, "--replace", "--yes", "--json").json
    assert (removed["removed"], removed["added"], len(removed["unknown_customers"])) == (1, 1, 1)
    assert "P03 is the customer C-P03" in run("economics", "import", customers).out


@pytest.mark.parametrize(
    ("arguments", "code", "advice"),
    [
        (["--map", "ltv_eur=LTW"], 1, "there is no column 'LTW'"),
        (["--map", "colour=LTV"], 2, "--map"),
        (["--map", "LTV"], 2, "NAME=VALUE"),
        (["--rate", "USD=free"], 2, "--rate"),
        (["--currency", "dollars"], 2, "--currency"),
        (["--decimal", "dot"], 2, "point"),
        (["--study", "nothing"], 1, "no such study"),
    ],
)
def test_a_wrong_import_says_what_to_write(
    acme: MadeStudy, customers: str, arguments: list[str], code: int, advice: str
) -> None:
    """And changes nothing."""
    outcome = run("economics", "import", customers, *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert advice in outcome.err
    assert run("economics", "--json").json["customers"] == 3


def test_a_file_that_is_not_there(acme: MadeStudy, tmp_path: Path) -> None:
    """It is named; a folder is none."""
    assert "missing.csv" in run("economics", "import", str(tmp_path / "missing.csv")).err
    assert run("economics", "import", str(tmp_path)).code == 1


def test_a_scheme_is_shown_and_changed(acme: MadeStudy) -> None:
    """Bands, classes by share or by limit, and back to what holds by default."""
    assert "A 50%, B 30%, C 15%, D 5%" in run("economics", "scheme").out
    changed = run("economics", "scheme", "--bands", "100,500", "--class-limits", "A=500,B=100", "--json").json
    assert changed["class_limits_eur"] == {"A": 500, "B": 100}
    assert [band["name"] for band in run("economics", "--json").json["bands"]] == ["0-100", "100-500", "500+"]
    assert "A from 500 €" in run("economics", "scheme").out
    assert "0-50" in run("economics", "scheme", "--default").out


@pytest.mark.parametrize(
    ("arguments", "code", "advice"),
    [
        (["--bands", "5,5"], 1, "do not rise"),
        (["--bands", "5,x"], 1, "bands_eur.1"),
        (["--class-shares", "A=0.5"], 1, "not 1 together"),
        (["--class-shares", "A"], 2, "A=0.5"),
        (["--class-shares", "A=1", "--class-limits", "A=1"], 1, "shares and limits"),
        (["--default", "--bands", "5"], 2, "--default"),
    ],
)
def test_a_wrong_scheme_says_what_to_write(acme: MadeStudy, arguments: list[str], code: int, advice: str) -> None:
    """And the one before stays."""
    outcome = run("economics", "scheme", *arguments)
    assert (outcome.code, advice in outcome.err) == (code, True), outcome.err
    assert run("economics", "scheme", "--json").json["bands_eur"] == [50, 100, 200, 500, 1000]


def test_figures_are_written_as_files(acme: MadeStudy, tmp_path: Path) -> None:
    """By their suffix or by `--format`; text to stdout too; an unknown suffix is wrong usage."""
    for command, name, start in (
        ("economics", "e.svg", b"<svg "),
        ("economics", "e.png", b"\x89PNG"),
        ("saturation", "s.svg", b"<svg "),
        ("saturation", "s.png", b"\x89PNG"),
        ("report", "r.html", b"<!doctype html>"),
    ):
        outcome = run(command, "-o", str(tmp_path / name))
        assert (outcome.code, outcome.out) == (0, "")
        assert (tmp_path / name).read_bytes().lstrip().startswith(start)
    assert run("saturation", "--format", "csv").out.startswith("number,interview")
    assert run("economics", "--format", "csv").out.startswith("grouping,name")
    assert run("economics", "-o", str(tmp_path / "e.pdf")).code == 2
    assert run("report", "-o", str(tmp_path / "no" / "r.html")).code == 1
    assert {path.name for path in tmp_path.iterdir()} >= {"e.svg", "e.png", "s.svg", "s.png", "r.html"}


def test_groups_are_compared(acme: MadeStudy) -> None:
    """Each with its verdict; a chart of groups there is none."""
    shown = run("saturation", "--by", "segment")
    assert "careful" in shown.out
    assert "insufficient" in shown.out
    assert run("saturation", "--by", "language", "--format", "csv").out.startswith("name,interviews")
    assert run("saturation", "--by", "segment", "--format", "png").code == 2
    assert "did you mean 'careful'?" in run("saturation", "--segment", "carefull").err


def test_quotes_are_written_as_files(acme: MadeStudy, own_database: Database, tmp_path: Path) -> None:
    """With the translations that are kept, in Word and CSV; the originals stay what they are."""
    text = "Tenía miedo de perder todo mi dinero. "
    place = (acme.utterances["I02", 2], 0, len(text))
    with own_database.sessions.begin() as session:
        keep_translations(session, {place: "I was afraid of losing it all."}, "en", "model", "prompt")
    pack = tmp_path / "pack.docx"
    assert run("quotes", "-o", str(pack), "--translate", "en").code == 0
    texts = [paragraph.text for paragraph in Document(str(pack)).paragraphs]
    assert f"“{text}”" in texts
    assert "machine translation (en): I was afraid of losing it all." in texts
    rows = list(csv.DictReader(io.StringIO(run("quotes", "--format", "csv", "--translate", "en").out)))
    assert [row["translation"] for row in rows] == ["", "", "I was afraid of losing it all.", ""]
    assert run("quotes", "--format", "markdown").out.startswith("# Why they stay")
    assert run("quotes", "--translate", "english").code == 2


def test_more_quotes_than_a_page_are_gathered(acme: MadeStudy) -> None:
    """In one file, whatever the size of a page."""
    whole = run("quotes", "--json", "--limit", "1000").json
    assert (len(whole["quotes"]), whole["next_cursor"]) == (4, None)
    assert len(run("quotes", "--json", "--limit", "3").json["quotes"]) == 3
