"""Consent holds at once and on its last day: nothing is shown, cited, counted or played without it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from study_factory import MadeStudy

from app.answering.answer import answer_by_id, answer_question
from app.answering.queries import read_vocabulary
from app.answering.schemas import Question
from app.errors import NotFoundError
from app.privacy.consent import ConsentChanges, change_consent, list_consent
from app.scope import QUOTABLE
from app.services import Services
from ingest.pipeline import ingest_study

QUESTION = Question(question="Hatten sie Angst um ihr Geld?", study="acme", recognise=False)
TODAY = datetime.now(UTC).date()
APP = Path(__file__).resolve().parents[3] / "app"


def change(services: Services, interview: str, changes: ConsentChanges) -> None:
    """Enter consent to an interview of acme."""
    with services.database.sessions.begin() as session:
        change_consent(session, "acme", interview, changes, "anna")


def quoted(client: TestClient, **query: str) -> set[str]:
    """Who is quoted in the list of quotes."""
    page = client.get("/v1/quotes", params={"study": "acme", **query}).json()
    return {quote["participant"] for quote in page["quotes"]}


@pytest.mark.parametrize("changes", [ConsentChanges(quotes=False), ConsentChanges(until=TODAY - timedelta(days=2))])
def test_who_withdrew_is_quoted_and_counted_no_more(
    services: Services, client: TestClient, study: MadeStudy, changes: ConsentChanges
) -> None:
    """At once, in lists, searches and answers; those who are left are counted among themselves."""
    assert quoted(client) == {"P01", "P02", "P03"}
    change(services, "I01", changes)
    assert quoted(client) == quoted(client, q="Angst um Geld") == {"P02", "P03"}
    answer = answer_question(QUESTION, services)
    assert "P01" not in {quote.participant for quote in answer.quotes}
    assert {claim.support.of for claim in answer.claims} == {2}
    assert client.get("/v1/taggings", params={"study": "acme"}).json()["taggings"]
    assert "P01" not in client.get("/v1/taggings", params={"study": "acme"}).text


def test_a_kind_that_nobody_may_be_quoted_of_is_offered_no_more(services: Services, study: MadeStudy) -> None:
    """Neither as a filter nor in examples of questions."""
    for interview in ("I01", "I02", "I03"):
        with services.database.sessions() as session:
            assert read_vocabulary(session, "acme").tagged_kinds == {"anxiety"}
        change(services, interview, ConsentChanges(quotes=False))
    with services.database.sessions() as session:
        assert read_vocabulary(session, "acme").tagged_kinds == frozenset()


def test_consent_holds_on_its_last_day_and_can_be_given_again(
    services: Services, client: TestClient, study: MadeStudy
) -> None:
    """Nothing was lost in between."""
    change(services, "I01", ConsentChanges(until=TODAY + timedelta(days=1)))
    assert "P01" in quoted(client)
    change(services, "I01", ConsentChanges(until=date(2020, 1, 1)))
    assert "P01" not in quoted(client)
    change(services, "I01", ConsentChanges(unlimited=True))
    assert "P01" in quoted(client)


def test_an_answer_from_before_withholds_the_quote(services: Services, study: MadeStudy) -> None:
    """Its permanent link shows a tombstone while consent is withdrawn, and the quote again afterwards."""
    answer = answer_question(QUESTION, services)
    numbers = {quote.n for quote in answer.quotes if quote.participant == "P01"}
    assert numbers
    change(services, "I01", ConsentChanges(quotes=False))
    kept = answer_by_id(answer.id, services)
    assert kept.stale
    assert {each.quote for each in kept.citations if each.n in numbers} == {""}
    assert "Angst" not in "".join(each.model_dump_json() for each in kept.citations if each.n in numbers)
    change(services, "I01", ConsentChanges(quotes=True))
    assert answer_by_id(answer.id, services) == answer


def test_marketing_takes_consent_of_its_own(services: Services, client: TestClient, study: MadeStudy) -> None:
    """Nobody's words unless they agreed to that too; who may not be quoted may not be advertised with either."""
    assert quoted(client, use="marketing") == set()
    change(services, "I02", ConsentChanges(marketing=True))
    change(services, "I03", ConsentChanges(marketing=True, quotes=False))
    assert quoted(client, use="marketing") == quoted(client, use="marketing", q="miedo") == {"P02"}
    exported = client.get("/v1/quotes", params={"study": "acme", "use": "marketing", "format": "csv"}).text
    assert "P02" in exported
    assert "P01" not in exported


def test_consent_is_listed_and_changed_over_http(client: TestClient, study: MadeStudy) -> None:
    """What is left out stays; what it allows today is told; who entered it is kept."""
    url = "/v1/interviews/I01/consent?study=acme"
    changed = client.patch(url, json={"marketing": True}).json()
    assert (changed["may_quote"], changed["may_market"]) == (True, True)
    assert not client.patch(url, json={"quotes": False}).json()["may_market"]
    listed = client.get("/v1/consent", params={"study": "acme"}).json()
    assert listed["withheld"] == ["I01"]
    assert client.patch("/v1/interviews/I09/consent?study=acme", json={"quotes": False}).status_code == 404
    assert client.patch(url, json={"quotes": "perhaps"}).status_code == 422


def test_a_folder_that_says_the_same_leaves_what_was_entered_here(services: Services, tmp_path: Path) -> None:
    """Withdrawn stays withdrawn when a folder is ingested again; a folder that says something new holds."""
    manifest = """
study: acme
languages: [de]
participants: [{id: P01, language: de}]
interviews: [{id: I01, participant: P01, files: [P01.txt], consent: {quotes: true}}]
"""
    (tmp_path / "P01.txt").write_text("Anna: Und?\nP01: Ich hatte Angst um mein Geld.\n", "utf-8")
    (tmp_path / "study.yaml").write_text(manifest, "utf-8")
    assert ingest_study(tmp_path, services, lambda *_: None).succeeded
    change(services, "I01", ConsentChanges(quotes=False))
    assert ingest_study(tmp_path, services, lambda *_: None).succeeded
    with services.database.sessions() as session:
        assert list_consent(session, "acme").withheld == ("I01",)
    (tmp_path / "study.yaml").write_text(manifest.replace("quotes: true", "quotes: true, marketing: true"), "utf-8")
    assert ingest_study(tmp_path, services, lambda *_: None).succeeded
    with services.database.sessions() as session:
        (entry,) = list_consent(session, "acme").interviews
        assert (entry.may_quote, entry.may_market) == (True, True)
        with pytest.raises(NotFoundError):
            list_consent(session, "other")


def test_no_search_reads_passages_past_consent() -> None:
    """Whatever shows words reads the view of those that may be quoted; the table is for those who make and keep it."""
    keepers = {"calibration.py", "lexicon.py", "scope.py", "tagging/store.py"}
    statements = {
        str(path.relative_to(APP))
        for path in APP.rglob("*.py")
        if any(f"{word} passage{end}" in path.read_text("utf-8") for word in ("FROM", "JOIN") for end in (" ", "\n"))
    }
    assert statements <= keepers


def test_consent_asked_once_is_that_of_the_view(services: Services, study: MadeStudy) -> None:
    """A search takes in the same passages as whatever reads the view."""
    change(services, "I01", ConsentChanges(quotes=False))
    change(services, "I02", ConsentChanges(until=TODAY - timedelta(days=2)))
    passages = "SELECT utterance_id FROM quotable ORDER BY utterance_id"
    with services.database.sessions() as session:
        shown = session.scalars(text(passages)).all()
        assert session.scalars(text(f"WITH {QUOTABLE} {passages}")).all() == shown
        assert 0 < len(shown) < session.scalar(text("SELECT count(*) FROM passage"))


def test_the_rule_of_consent(services: Services) -> None:
    """What is not said allows quotes and playing, and no marketing."""
    rows = {
        "{}": (True, True, False),
        '{"quotes": false}': (False, True, False),
        '{"recording": false, "marketing": true}': (True, False, True),
        '{"until": "2020-01-01", "marketing": true}': (False, False, False),
        '{"until": null, "marketing": true, "quotes": false}': (False, True, False),
    }
    statement = text("SELECT consents_to(CAST(:consent AS jsonb), :use)")
    with services.database.sessions() as session:
        for consent, allowed in rows.items():
            for use, may in zip(("quotes", "recording", "marketing"), allowed, strict=True):
                assert session.scalar(statement, {"consent": consent, "use": use}) is may, (consent, use)
