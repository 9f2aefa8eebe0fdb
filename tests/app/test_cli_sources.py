"""`verbatim sources`: external documents on the command line."""

from pathlib import Path

import pytest
from cli_runner import point_at, run
from study_factory import MadeStudy, add_study

from app.database import Database
from app.embedding import Embedder

DOCUMENTS = Path(__file__).resolve().parents[1] / "conformance" / "docs_onyx"


@pytest.fixture
def acme(own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MadeStudy:
    """The study `acme`, in the database that the commands are set to."""
    point_at(own_database, monkeypatch, tmp_path)
    with own_database.sessions.begin() as session:
        return add_study(session, embedder, "acme")


def page(folder: Path, price: str, name: str = "preise.md") -> str:
    """Write a page with a price, and give its path."""
    (folder / name).write_text(f"# Preise\n\nEine Order kostet {price}, für alle.\n", encoding="utf-8")
    return str(folder / name)


def test_a_source_is_added_listed_compared_and_removed(acme: MadeStudy, tmp_path: Path) -> None:
    """From the first file to the last word of it."""
    assert "`verbatim sources add FILE`" in run("sources").err
    added = run("sources", "add", page(tmp_path, "1,00 €"), "--kind", "competitor", "--competitor", "Valora")
    assert (added.code, added.out) == (0, "S01  added  version 1  Preise\n")
    assert run("sources", "add", page(tmp_path, "1,00 €", "copy.md")).out == "S01  unchanged  version 1  Preise\n"
    again = run("sources", "add", page(tmp_path, "1,50 €"), "--version-of", "S01", "--json")
    assert (again.json["outcome"], again.json["source"]["version"]) == ("changed", 2)
    assert run("sources").out == "S01  version 2 of 2, de, 1 chunks  Preise (competitor, Valora)\n"
    difference = run("sources", "diff", "S01").out
    assert "changed  1,00 € → 1,50 €" in difference
    assert "- Eine Order kostet 1,00 €, für alle." in difference
    assert run("sources", "diff", "S01", "--from", "2", "--to", "2").out.endswith("Nothing changed.\n")
    assert "# Preise" in run("sources", "show", "S01", "--version", "1").out
    assert run("sources", "--json").json["sources"][0]["code"] == "S01"
    removed = run("sources", "remove", "S01", "--yes")
    assert (removed.code, removed.out, removed.err) == (0, "", "S01 is removed.\n")
    assert run("sources", "--json").json["sources"] == []


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ([str(DOCUMENTS / "encrypted.pdf")], "a document with a password → save a copy without the password"),
        ([str(DOCUMENTS / "shredded_strips.pdf")], "a PDF of pictures without text (31 pictures on 1 page)"),
        (["nosuch.html"], "there is no such file → write the path of a file, or an address with https://"),
        (["http://localhost/x"], "this leads to no server on the public internet"),
        (["http://169.254.169.254/latest/"], "this leads to no server on the public internet"),
        (["https://user:pw@a.example/"], "a name and password in the address"),
        (["--version-of", "S99", str(DOCUMENTS / "LICENSE")], "there is no such source in this study"),
    ],
)
def test_what_cannot_be_added_is_told(acme: MadeStudy, what: list[str], told: str) -> None:
    """With reason and remedy on stderr; nothing is stored."""
    outcome = run("sources", "add", *what)
    assert (outcome.code, outcome.out) == (1, "")
    assert told in outcome.err
    assert run("sources", "--json").json["sources"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "a.md", "--kind", "gossip"],
        ["add", "a.md", "--date", "yesterday"],
        ["add", "a.md", "--url", "x"],
        ["refresh"],
    ],
)
def test_wrong_usage(acme: MadeStudy, arguments: list[str]) -> None:
    """Words that are none, addresses that are none, and a refresh of nothing."""
    assert run("sources", *arguments).code == 2


def test_refreshing_goes_on_after_a_failure(acme: MadeStudy, tmp_path: Path) -> None:
    """Each source that cannot be fetched is told, and the exit code says that one failed."""
    for number in (1, 2):
        path = page(tmp_path, f"{number} €")
        run("sources", "add", path, "--url", f"http://localhost/{number}", "--title", f"Nummer {number}")
    outcome = run("sources", "refresh", "--all")
    assert outcome.code == 1
    assert "S01: the document cannot be used" in outcome.err
    assert "S02: the document cannot be used" in outcome.err
    assert "last try: this leads to no server" in run("sources").out
