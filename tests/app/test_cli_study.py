"""Commands on a study: ask, quotes, status, keys, eval, reembed, retag."""

import re
from pathlib import Path

import pytest
from cli_runner import point_at, run
from narrow_embedder import write_narrow_embedder
from sqlalchemy import select
from study_factory import MadeStudy, add_study

from app.database import Database
from app.embedding import Embedder
from app.models import Answer, IngestRun, Interview
from app.privacy.keys import KeyRole, verify_key

FEAR = "Who was afraid of losing money?"


@pytest.fixture
def empty(own_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """A database without any study, which the commands are set to."""
    point_at(own_database, monkeypatch, tmp_path)
    return own_database


@pytest.fixture
def acme(empty: Database, embedder: Embedder) -> MadeStudy:
    """The study `acme`, in the database that the commands are set to."""
    with empty.sessions.begin() as session:
        return add_study(session, embedder, "acme")


def test_an_answer_has_counts_quotes_times_and_links(acme: MadeStudy) -> None:
    """For people: each quote with participant, segment, language, time and link, claims with their counts."""
    outcome = run("ask", FEAR)
    assert outcome.code == 0
    assert outcome.err == ""
    assert "2 of 3 people" in outcome.out
    assert "“Ich hatte Angst, dass mein Geld weg ist, wenn die App verschwindet.”" in outcome.out
    assert "P01 · careful · de · 00:10" in outcome.out
    assert f"http://127.0.0.1:8321/interviews/I01?study=acme#u-{acme.utterances['I01', 1]}" in outcome.out


def test_json_is_the_answer_that_was_kept(acme: MadeStudy, empty: Database) -> None:
    """`--json` writes the contract's answer, under the id of its permanent link."""
    answer = run("ask", FEAR, "--json").json
    with empty.sessions() as session:
        kept = session.scalars(select(Answer.body)).one()
    assert answer == kept
    assert {citation["participant"] for citation in answer["citations"]} == {"P01", "P02", "P03"}


def test_filters_narrow(acme: MadeStudy) -> None:
    """Filters of one kind widen, of several kinds narrow; all of them are those of the answer."""
    answer = run(
        "ask", FEAR, "--json", *"--segment careful --language de --language en --class A --kind anxiety".split()
    ).json
    assert {citation["participant"] for citation in answer["citations"]} == {"P01", "P03"}
    assert answer["filters"]["languages"] == ["de", "en"]
    narrow = run(
        "ask", FEAR, "--json", "--band", "200-500", "--code", "AX1", "--participant", "P01", "--limit", "1"
    ).json
    assert [citation["participant"] for citation in narrow["citations"]] == ["P01"]


@pytest.mark.parametrize(
    ("arguments", "code", "advice"),
    [
        (["--segment", "carefull"], 1, "did you mean 'careful'?"),
        (["--study", "acne"], 1, "known: acme"),
        (["--kind", "fear"], 2, "anxiety"),
        (["--class", "E"], 2, "'A'"),
        (["--limit", "0"], 2, "--limit"),
    ],
)
def test_a_wrong_filter_says_what_is_known(acme: MadeStudy, arguments: list[str], code: int, advice: str) -> None:
    """Each wrong value is named with what can be written instead, and stdout stays empty."""
    outcome = run("ask", FEAR, *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert advice in outcome.err


@pytest.mark.parametrize("arguments", [["???"], ["Angst \udcff"], ["Angst", *["--segment", "x"] * 101], ["a " * 2000]])
def test_what_cannot_be_asked_is_wrong_usage(acme: MadeStudy, arguments: list[str]) -> None:
    """No words, bytes that are no text, too long, too many filters: refused before anything is searched."""
    outcome = run("ask", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Invalid value" in outcome.err


def test_the_study_is_named_when_there_are_several(acme: MadeStudy, empty: Database, embedder: Embedder) -> None:
    """With one study nothing has to be said; with two the command names both and shows nothing of either."""
    with empty.sessions.begin() as session:
        add_study(session, embedder, "zeta", marker="Zeta")
    outcome = run("quotes")
    assert (outcome.code, outcome.out) == (1, "")
    assert "acme, zeta" in outcome.err
    assert "Zeta" not in run("quotes", "--study", "acme").out


def test_without_a_study_the_first_step_is_named(empty: Database) -> None:
    """Somebody who asks before ingesting learns what to run."""
    assert "verbatim ingest" in run("ask", FEAR).err
    assert "verbatim ingest" in run("status").out


def test_quotes_are_listed_and_searched(acme: MadeStudy) -> None:
    """Without a query all quotes in order, page by page; with one the best first."""
    listed = run("quotes", "--limit", "3", "--json").json
    assert [quote["utterance"] for quote in listed["quotes"]] == [
        str(acme.utterances[place]) for place in (("I01", 1), ("I01", 3), ("I02", 2))
    ]
    rest = run("quotes", "--cursor", listed["next_cursor"])
    assert "“No, losing money was never a worry for me." in rest.out
    assert "Katrin" not in rest.out
    found = run("quotes", "Angst, dass mein Geld weg ist", "--limit", "1", "--json").json
    assert [quote["utterance"] for quote in found["quotes"]] == [str(acme.utterances["I01", 1])]


def test_more_quotes_are_announced_on_stderr(acme: MadeStudy) -> None:
    """How to go on is said beside the data, not in it."""
    outcome = run("quotes", "--limit", "1")
    assert "--cursor" in outcome.err
    assert "--cursor" not in outcome.out


def test_status_says_why_an_interview_failed(acme: MadeStudy, empty: Database) -> None:
    """Per interview: what was published, what is quotable of it, and the problem of the newest file."""
    with empty.sessions.begin() as session:
        interview = session.scalars(select(Interview).where(Interview.code == "I02")).one()
        problem = "P02.srt:7: no time stands above the words → export it again"
        session.add(
            IngestRun(
                study_id=acme.study_id,
                interview_id=interview.id,
                fingerprint="2",
                status="failed",
                stage="parse",
                error=problem,
            )
        )
    shown = run("status")
    assert shown.code == 0
    assert "version 1, 1 of 4 utterances quotable (interpreter 2, interviewer 1, participant 1)" in shown.out
    assert problem in shown.out
    told = {entry["interview"]: entry for entry in run("status", "--json").json["acme"]["interviews"]}
    assert (told["I02"]["status"], told["I02"]["problem"], told["I02"]["passages"]) == ("failed", problem, 1)
    assert run("status", "--study", "other").code == 1


def test_a_key_is_shown_once_and_revoked(empty: Database) -> None:
    """The key alone goes to stdout, ready for a pipe; the list never shows a secret."""
    made = run("keys", "create", "--role", "viewer", "--name", "Anna")
    key = made.out.strip()
    with empty.sessions.begin() as session:
        assert verify_key(session, key).role is KeyRole.VIEWER
    identifier = key.split("_")[1]
    listed = run("keys", "list")
    assert identifier in listed.out
    assert key not in listed.out
    assert run("keys", "revoke", identifier).code == 0
    assert run("keys", "list", "--json").json[0]["revoked_at"] is not None
    assert "no key" in run("keys", "revoke", "nonsense").err


def test_a_key_needs_a_role(empty: Database) -> None:
    """What a key allows is never guessed."""
    outcome = run("keys", "create")
    assert outcome.code == 2
    assert "--role" in outcome.err


def test_evaluation_reports_the_gold_file(acme: MadeStudy, tmp_path: Path) -> None:
    """Fidelity and hits are printed as a table, and as JSON."""
    gold = tmp_path / "gold.yaml"
    question = f"{{id: q1, language: en, question: '{FEAR}', relevant_codes: [AX1]}}"
    gold.write_text(f"study: acme\ngold: gold/\nquestions: [{question}]\n", encoding="utf-8")
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "P03.tsv").write_text(
        "interviewer\ten\t-\tWhat made you hesitate?\n"
        "participant\ten\tAX1\tNo, losing money was never a worry for me.\n",
        encoding="utf-8",
    )
    assert run("eval", str(gold), "--json").json["verbatim_fidelity"] == 1.0
    table = run("eval", str(gold)).out
    assert re.search(r"verbatim fidelity +1\.000", table)
    assert re.search(r"role accuracy +1\.000", table)
    assert "nothing.yaml cannot be read" in run("eval", str(tmp_path / "nothing.yaml")).err


def test_reembed_is_needed_before_another_embedder_answers(
    acme: MadeStudy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A mixed index is refused with the remedy; after it the same question is answered."""
    assert "already" in run("reembed").out
    monkeypatch.setenv("VERBATIM_EMBEDDER", str(write_narrow_embedder(tmp_path / "narrow")))
    refused = run("ask", FEAR)
    assert refused.code == 1
    assert "verbatim reembed" in refused.err
    report = run("reembed", "--json").json
    assert (report["passages"], report["codes"]) == (4, 1)
    assert run("ask", FEAR).code == 0


def test_retag_says_what_it_tagged(acme: MadeStudy) -> None:
    """A report for people and for machines; a study that is not there is named."""
    assert re.fullmatch(r"acme: 3 interviews tagged anew, \d+ tags\n", run("retag", "acme").out)
    report = run("retag", "acme", "--json").json
    assert (report["study"], report["interviews"]) == ("acme", 3)
    refused = run("retag", "acne")
    assert (refused.code, refused.out) == (1, "")
    assert "there is no study 'acne'" in refused.err
    assert run("retag").code == 2
