"""`verbatim insights`: what researchers concluded, on the command line."""

from pathlib import Path

import pytest
from cli_runner import point_at, run
from study_factory import MadeStudy, add_study

from app.database import Database
from app.embedding import Embedder

FEAR = "Ich hatte Angst, dass mein Geld weg ist, wenn die App verschwindet."


@pytest.fixture
def acme(own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MadeStudy:
    """The study `acme`, in the database that the commands are set to."""
    point_at(own_database, monkeypatch, tmp_path)
    with own_database.sessions.begin() as session:
        return add_study(session, embedder, "acme")


def test_an_insight_is_added_shown_edited_and_linked(acme: MadeStudy) -> None:
    """With its quotes, who said them, and where."""
    assert "`verbatim insights add`" in run("insights").err
    added = run(
        "insights", "add", "They fear for their money.", "--segment", "careful", "--quote", FEAR, "--author", "anna"
    )
    assert added.code == 0
    assert added.out.startswith("IN01  They fear for their money.  draft, careful, 1 quote of 1 person\n")
    assert f"“{FEAR}”" in added.out
    assert f"http://127.0.0.1:8321/interviews/I01?study=acme#u-{acme.utterances['I01', 1]}" in added.out
    run("insights", "edit", "IN01", "--status", "confirmed")
    span = ["--utterance", str(acme.utterances["I03", 1]), "--span", "0", "42"]
    linked = run("insights", "link", "IN01", *span, "--against")
    assert "confirmed, careful, 2 quotes of 1 person" in linked.out
    assert "Against it:\n[2] “No, losing money was never a worry for me.”" in linked.out
    assert run("insights", "--status", "confirmed", "--json").json["insights"][0]["people"] == 1
    assert "1 quote of 1 person" in run("insights", "unlink", "IN01", *span).out
    assert run("insights", "show", "IN01", "--json").json["insight"]["origin"] == "person"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["add", "A thing.", "--quote", "Das sagt niemand."], 1, "no participant says that → copy the words exactly"),
        (["add", "A thing.", "--quote", "Was hat Sie zögern lassen?"], 1, "that is not said by a participant"),
        (["add", "A thing.", "--segment", "carefull"], 1, "one of careful, starter"),
        (["add", "  "], 2, "at least 1 character"),
        (["show", "IN99"], 1, "there is no such insight"),
        (["edit", "IN99"], 2, "nothing is changed"),
        (["link", "IN99"], 2, "give a quote or an utterance"),
        (["unlink", "IN99"], 2, "give --lost"),
        (["import", "nosuch.csv"], 1, "there is no such file"),
        (["--status", "done"], 2, "--status"),
    ],
)
def test_what_is_wrong_is_told(acme: MadeStudy, arguments: list[str], code: int, told: str) -> None:
    """With the remedy on stderr; stdout stays empty."""
    outcome = run("insights", *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert told in " ".join(outcome.err.split()).replace("│ ", "")


def test_a_board_is_imported(acme: MadeStudy, tmp_path: Path) -> None:
    """First only told, then stored; what could not be linked is told by its line."""
    board = tmp_path / "board.csv"
    board.write_text(f"Insight,Quote\nThey fear,{FEAR}\nNobody says,Nie gesagt.\n", encoding="utf-8")
    dry = run("insights", "import", str(board), "--dry-run").out
    assert dry.startswith("2 insights read as table: statement from 'Insight', evidence from 'Quote'\n")
    assert "They fear  not stored, 1 quote\n" in dry
    assert "line 3: no participant says that" in dry
    assert run("insights", "--json").json["insights"] == []
    assert "They fear  added, 1 quote\n" in run("insights", "import", str(board), "--author", "anna").out
    assert "Nobody says  draft, all customers, 0 quotes of 0 people  stale: not_found" in run("insights", "--stale").out
    assert "insights: 2, 1 of them stale" in run("status").out
