"""`verbatim ask` and `verbatim eval` with a chat model: what it words, what it is of no use for, how to ask on."""

import csv
import io
import re
from pathlib import Path

import pytest
from cli_runner import run
from scripted_provider import Fails, ScriptedProvider
from study_factory import MadeStudy, add_study

from app.database import Database
from app.embedding import Embedder

FEAR = "Were people afraid of losing their money?"


@pytest.fixture
def acme(
    own_database: Database,
    embedder: Embedder,
    provider: ScriptedProvider,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> MadeStudy:
    """The study `acme`, in the database that the commands are set to, beside a chat model."""
    url = own_database.engine.url.render_as_string(hide_password=False)
    for name, value in {
        "DATABASE_URL": url,
        "DATA_DIR": str(tmp_path),
        "LOG_LEVEL": "warning",
        "CHAT_MODEL": "openai:scripted",
        "CHAT_BASE_URL": provider.url,
    }.items():
        monkeypatch.setenv(f"VERBATIM_{name}", value)
    with own_database.sessions.begin() as session:
        return add_study(session, embedder, "acme")


def test_claims_translations_and_the_thread_are_shown(acme: MadeStudy, provider: ScriptedProvider) -> None:
    """The model's words with the server's counts; translations under their quotes; the next question in the thread."""
    outcome = run("ask", FEAR)
    assert (outcome.code, outcome.err) == (0, "")
    assert "2 of 3 people · came up with 3 of 3 people" in outcome.out
    assert "machine translation (en): Rendition of t1" in outcome.out
    assert "worded by openai:scripted; every quote is cut from its transcript" in outcome.out
    thread = re.search(r"--thread (\S+)", outcome.out)
    assert thread
    provider.asked.clear()
    assert run("ask", "And then?", "--thread", thread[1]).code == 0
    assert FEAR in provider.asked[0].data("thread")


def test_without_use_of_the_model_the_quotes_are_shown(acme: MadeStudy, provider: ScriptedProvider) -> None:
    """The command succeeds, and says why no model worded the answer."""
    provider.rule = lambda _: Fails(401)
    outcome = run("ask", FEAR)
    assert (outcome.code, outcome.err) == (0, "")
    assert "“Ich hatte Angst, dass mein Geld weg ist, wenn die App verschwindet.”" in outcome.out
    assert "quotes alone: openai:scripted was of no use (credentials)" in outcome.out


def test_words_of_the_question_narrow_unless_told_not_to(acme: MadeStudy) -> None:
    """What was recognised is shown with the words that said it, and can be left out."""
    question = "What did the careful customers fear?"
    assert "only segment careful (“careful customers”)" in run("ask", question).out
    assert "only segment" not in run("ask", question, "--no-recognise").out


def test_both_modes_are_measured_side_by_side(acme: MadeStudy, tmp_path: Path) -> None:
    """A table with a column for each, and in JSON one beside the other; `--no-chat` leaves the model out."""
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "P01.tsv").write_text("participant\tde\tAX1\tIch hatte Angst.\n", encoding="utf-8")
    gold = tmp_path / "gold.yaml"
    gold.write_text(f"study: acme\ngold: gold\nquestions:\n  - {{id: q1, language: en, question: '{FEAR}'}}\n", "utf-8")
    measured = run("eval", str(gold), "--json").json
    assert (measured["chat_model"], measured["chat"]["chat_model"]) == (None, "openai:scripted")
    assert measured["chat"]["verbatim_fidelity"] == measured["verbatim_fidelity"] == 1.0
    assert measured["chat"]["fallbacks"] == 0
    table = run("eval", str(gold)).out
    assert re.search(r"quotes alone +openai:scripted", table)
    assert re.search(r"verbatim fidelity +1\.000 +1\.000", table)
    assert "chat" not in run("eval", str(gold), "--json", "--no-chat").json


def test_missing_translations_of_quotes_are_made_and_kept(acme: MadeStudy, provider: ScriptedProvider) -> None:
    """Beside the originals, in the wanted language alone; the second time nothing is asked."""
    for _ in range(2):
        rows = list(csv.DictReader(io.StringIO(run("quotes", "--translate", "en", "--format", "csv").out)))
        assert [row["translation_language"] for row in rows] == ["en", "en", "en", ""]
        assert rows[0]["translation"] == "Rendition of t1"
        assert rows[0]["quote"].startswith("Ich hatte Angst")
    assert len(provider.asked) == 1
