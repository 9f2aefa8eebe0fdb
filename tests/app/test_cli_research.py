"""Commands on what a study comes to: segments, matrix, hypotheses."""

import io
import sys
from pathlib import Path

import pytest
from cli_runner import point_at, run
from market_study import ingest_market

from app.blobs import Blobs
from app.database import Database
from app.embedding import Embedder
from app.services import Services
from app.settings import Settings


@pytest.fixture(autouse=True)
def _market(
    own_database: Database, embedder: Embedder, blobs: Blobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The study `market`, in the database that the commands are set to."""
    point_at(own_database, monkeypatch, tmp_path / "data")
    (tmp_path / "market").mkdir()
    ingest_market(Services(Settings(), own_database, embedder, blobs), tmp_path / "market")


class _Terminal(io.StringIO):
    """What somebody types."""

    def isatty(self) -> bool:
        return True


def test_segments_are_listed_and_shown() -> None:
    """Their criteria with the codes that tell of them; the profile with counts, quotes and typical words."""
    listed, shown = run("segments").out, run("segments", "show", "calm").out
    assert "calm-routine (routines_and_rituals)  Looks once a month." in listed
    assert "CR1  Gebühren vorher sichtbar: 1 of 2 people, 1 deny it  elsewhere 2 of 3" in shown
    assert "“Die Gebühren wollte ich vorher sehen.”" in shown
    assert "Sonntag" in shown
    assert [each["slug"] for each in run("segments", "--json").json["segments"]] == ["calm", "keen"]
    assert run("segments", "show", "keen", "--json").json["people"] == 2


def test_a_customer_is_qualified_by_what_is_given() -> None:
    """By a participant, by answers, to criteria or not, by facts; with evidence and what to ask next."""
    by_words = run("segments", "qualify", "--participant", "P01").out
    assert "met 1.00  calm-routine: Looks once a month." in by_words
    assert "+ RT1 affirmed (person, 1.00) “Ich schaue einmal im Monat nach.” I01" in by_words
    given = ["--answer", "calm-routine=Ja, immer", "--answer", "Es regnet = oft", "--fact", "RT2=denied"]
    found = run("segments", "qualify", *given, "--fact", "calm/2=met", "--language", "de", "--json").json
    assert found["best"] == "calm"
    assert (found["answers"][0]["met"], found["answers"][1]["criterion"]) == (True, None)
    assert found["segments"][0]["verdict"] == "qualifies"
    nothing = run("segments", "qualify", "--language", "de").out
    assert "Schauen Sie einmal im Monat nach?" in nothing


def test_on_a_terminal_it_asks_until_it_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """One question after another; what is passed over is not asked again, and the end of input ends it."""
    monkeypatch.setattr(sys, "stdin", _Terminal("\nJa, jeden Morgen\n"))
    outcome = run("segments", "qualify", "--language", "de")
    assert outcome.code == 0
    assert "Schauen Sie einmal im Monat nach?" in outcome.err
    assert outcome.err.count("Schauen Sie einmal im Monat nach?") == 1
    assert "keen-routine met" in outcome.err
    assert outcome.out.startswith("Eifrige: 1 von 1 Kriterien erfüllt")
    monkeypatch.setattr(sys, "stdin", _Terminal(""))
    ended = run("segments", "qualify")
    assert (ended.code, ended.out.startswith("Undecided")) == (0, True)


def test_the_matrix_and_its_quotes() -> None:
    """Rows with a line for each option that somebody named; quotes of a cell, in pages."""
    out = run("matrix", "--by-persons").out
    assert "CR1 Gebühren vorher sichtbar" in out
    assert "Valora" in out
    assert "3+ 3− (1·1)" not in out
    assert run("matrix", "--json", "--by-persons").json["rows"][0]["cells"][0]["of"] == 2
    quotes = run("matrix", "--quotes", "CR1", "--segment", "calm", "--option", "Valora", "--side", "against")
    assert "“Bei Valora waren die Kosten versteckt.”" in quotes.out
    page = run("matrix", "--quotes", "CR1", "--limit", "4")
    assert "--cursor" in page.err
    assert run("matrix", "--quotes", "CR2").err.strip() == "Nobody said that."


def test_hypotheses_from_adding_to_the_report(tmp_path: Path) -> None:
    """Added, imported twice, tested by another rule, shown, reported and removed."""
    assert "There are no hypotheses yet" in run("hypotheses").err
    added = run("hypotheses", "add", "Fees must be visible", "--code", "CR1", "--author", "Owen").out
    assert "H001  Fees must be visible  Owen" in added
    assert "Mixed: 3 of 5 people speak for it, 3 against it." in added
    listed = tmp_path / "beliefs.csv"
    listed.write_text("belief;code\nThey look once a month;RT1\n", encoding="utf-8")
    assert "1 created  H002" in run("hypotheses", "import", str(listed)).out
    assert "1 unchanged  H002" in run("hypotheses", "import", str(listed)).out
    assert run("hypotheses", "test", "H002", "--least-people", "1", "--json").json["current"]["verdict"] == "supported"
    assert "supported" in run("hypotheses", "test", "--least-people", "1").out
    report = run("hypotheses", "report", "--told-in", "de").out
    assert report.startswith("Hypothesen: 2. Bewährt: 1, ")
    shown = run("hypotheses", "show", "H002").out
    assert "Before" in shown
    assert "by RT1 affirmed · judged by codes" in shown
    assert run("hypotheses", "remove", "H001").code == 0
    assert [each["id"] for each in run("hypotheses", "--json").json["hypotheses"]] == ["H002"]


@pytest.mark.parametrize(
    ("arguments", "code", "advice"),
    [
        (["segments", "show", "clam"], 1, "known: calm, keen"),
        (["segments", "--study", "shop"], 1, "known: market"),
        (["segments", "qualify", "--participant", "P99"], 1, "known: P01, P02"),
        (["segments", "qualify", "--fact", "RT1"], 2, "CODE=affirmed"),
        (["segments", "qualify", "--fact", "RT9=denied"], 1, "no code of study market"),
        (["segments", "qualify", "--language", "german"], 2, "language"),
        (["segments", "qualify", "--answer", ""], 2, "at least 1 character"),
        (["matrix", "--segment", "calm"], 2, "--quotes"),
        (["matrix", "--quotes", "CR9"], 1, "did you mean 'CR"),
        (["matrix", "--quotes", "CR1", "--side", "up"], 2, "'for'"),
        (["hypotheses", "add", "???"], 2, "words in it"),
        (["hypotheses", "add", "Fees", "--code", "CR9"], 1, "no code of study market"),
        (["hypotheses", "show", "H9"], 1, "no hypothesis 'H9'"),
        (["hypotheses", "test", "H9"], 1, "no hypothesis 'H9'"),
        (["hypotheses", "remove", "H9"], 1, "no hypothesis 'H9'"),
        (["hypotheses", "import", "nowhere.csv"], 1, "No such file"),
        (["hypotheses", "test", "--ratio", "0"], 2, "ratio"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_write(arguments: list[str], code: int, advice: str) -> None:
    """1 for what is not there, 2 for wrong usage; stdout stays empty, and nothing is a traceback."""
    outcome = run(*arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert advice in outcome.err
    assert "Traceback" not in outcome.err
