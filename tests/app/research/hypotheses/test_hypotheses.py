"""Hypotheses in the database: evidence, verdicts over time, lists of a workshop, and what a chat model adds."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from scripted_provider import Asked, Fails, Says, ScriptedProvider
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.chat import Chat
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.main import create_app
from app.models import Code, HypothesisEvidence, HypothesisVerdict, Participant, Passage, Tagging
from app.prompts import load_prompts
from app.research.hypotheses.examine import add_hypothesis, examine_hypothesis
from app.research.hypotheses.imports import import_hypotheses
from app.research.hypotheses.read import read_hypothesis
from app.research.hypotheses.rule import VerdictRule
from app.research.hypotheses.schemas import Hypothesis, NewHypothesis
from app.services import Services

FEES = "Fees must be visible before"


@pytest.fixture
def chatting(services: Services, chat: Chat) -> Services:
    """The services with a chat model."""
    return replace(services, chat=chat, prompts=load_prompts())


def add(services: Services, statement: str = FEES, **given: object) -> Hypothesis:
    """Add a hypothesis to the market."""
    new = NewHypothesis.model_validate({"study": "market", "statement": statement, **given})
    return add_hypothesis(new, "Owen", services, "en")


def people(found: Hypothesis) -> tuple[int, ...]:
    """For, against, both, asked in vain, never asked, and of how many."""
    assert found.current is not None
    counts = found.current.counts
    return (
        counts.supporting,
        counts.contradicting,
        counts.both,
        counts.asked_without_mention,
        counts.never_asked,
        counts.of,
    )


def verdict(found: Hypothesis) -> str | None:
    """The current verdict."""
    return found.current.verdict if found.current else None


def test_evidence_for_and_against_is_counted(market: Session, services: Services) -> None:
    """P01, P04 and P05 say so of CR1, P01, P03 and P05 the opposite; P02 was asked, and spoke of the weather."""
    found = add(services, codes=["CR1"])
    assert (found.id, found.author, found.origin, verdict(found)) == ("H001", "Owen", "added", "mixed")
    assert people(found) == (3, 3, 2, 1, 0, 5)
    assert found.current is not None
    assert found.current.counts.by_segment["keen"].model_dump() == {"supporting": 1, "contradicting": 2, "of": 2}
    assert found.current.counts.by_language["es"].model_dump() == {"supporting": 0, "contradicting": 1, "of": 1}
    assert [quote.participant for quote in found.supporting] == ["P01", "P04", "P05"]
    assert {quote.quote for quote in found.contradicting} == {
        "Bei Valora waren die Kosten versteckt.",
        "Las comisiones me daban igual.",
        "Die Gebühren waren mir egal.",
    }
    assert (found.current.judge, found.current.rule, found.stale) == ("codes", VerdictRule(), False)


def test_a_denial_turns_the_sides(market: Session, services: Services) -> None:
    """Who denies the code speaks for the statement that denies it; quotes say who denied it."""
    found = add(services, "Nobody needs it", codes=["CR1"], segments=["keen"])
    assert found.polarity == "denied"
    assert people(found)[:2] == (2, 1)
    assert {quote.polarity for quote in found.supporting} == {"denied"}
    assert add(services, "Nobody needs it at all", codes=["CR1"], polarity="affirmed").polarity == "affirmed"


def test_words_say_of_whom_and_of_what_it_speaks(market: Session, services: Services) -> None:
    """The nearest code and the segment are found in the statement, and told."""
    found = add(services, "Ruhige Kunden wollen, dass die Gebühren vor dem Kauf sichtbar sind")
    assert found.current is not None
    assert (found.current.codes, found.current.filters.segments, found.codes) == (("CR1",), ("calm",), ())
    assert (people(found), verdict(found)) == ((1, 1, 1, 1, 0, 2), "untested")
    nothing = add(services, "Der Mond ist aus Käse")
    assert nothing.current is not None
    assert (nothing.current.codes, nothing.current.verdict) == ((), "untested")
    assert "No code of the study stands out" in nothing.current.sentence


def test_the_rule_is_stated_and_can_be_another(market: Session, services: Services) -> None:
    """Only P01 looks once a month: too few by the usual rule, enough by one that asks for one person."""
    found = add(services, "They look once a month", codes=["RT1"])
    assert (verdict(found), people(found)[0]) == ("untested", 1)
    again = examine_hypothesis("market", found.id, services, "de", rule=VerdictRule(least_people=1))
    assert again.current is not None
    assert (again.current.verdict, again.current.rule.least_people) == ("supported", 1)
    assert again.current.sentence.startswith("Gestützt: 1 von 5")


def test_history_grows_only_where_something_changed(market: Session, services: Services) -> None:
    """The same result keeps its row with fresh evidence; other counts make a new one, and the old one stays."""
    found = add(services, codes=["CR1"])
    examine_hypothesis("market", found.id, services, "en")
    assert market.scalar(select(func.count()).select_from(HypothesisVerdict)) == 1
    market.execute(delete(Tagging).where(Tagging.polarity == "denied"))
    market.commit()
    changed = examine_hypothesis("market", found.id, services, "en")
    assert (verdict(changed), [each.verdict for each in changed.history]) == ("supported", ["supported", "mixed"])
    assert changed.contradicting == ()
    assert changed.history[1].counts.contradicting == 3


def test_what_may_not_be_quoted_any_more_makes_it_stale(market: Session, services: Services) -> None:
    """Without P04's passage the quote is gone at once; the counts say so until it is tested again."""
    found = add(services, codes=["CR1"])
    gone = select(Participant.id).where(Participant.code == "P04").scalar_subquery()
    market.execute(delete(Passage).where(Passage.participant_id == gone))
    market.commit()
    stale = read_hypothesis(market, "market", found.id, "en")
    assert (stale.stale, [quote.participant for quote in stale.supporting]) == (True, ["P01", "P05"])
    fresh = examine_hypothesis("market", found.id, services, "en")
    assert (fresh.stale, people(fresh)) == (False, (2, 3, 2, 1, 0, 4))


def test_erasing_a_person_takes_the_evidence_along(market: Session, services: Services) -> None:
    """No span of an erased participant is left."""
    found = add(services, codes=["CR1"])
    before = market.scalar(select(func.count()).select_from(HypothesisEvidence))
    market.execute(delete(Participant).where(Participant.code == "P05"))
    market.commit()
    after = market.scalar(select(func.count()).select_from(HypothesisEvidence))
    assert (before, after) == (6, 4)
    assert read_hypothesis(market, "market", found.id, "en").stale


def test_merged_codes_are_followed(market: Session, services: Services) -> None:
    """A code that was given and merged since counts as the one that it became."""
    found = add(services, codes=["CR2"])
    target = select(Code.id).where(Code.code == "CR1").scalar_subquery()
    market.execute(update(Code).where(Code.code == "CR2").values(merged_into=target))
    market.commit()
    again = examine_hypothesis("market", found.id, services, "en")
    assert again.current is not None
    assert (again.codes, again.current.codes, people(again)[:2]) == (("CR2",), ("CR1",), (3, 3))


def test_wrong_names_and_taken_ids(market: Session, services: Services) -> None:
    """All unknown names at once; an id is given once, and numbers go on after the highest."""
    with pytest.raises(InvalidInputError) as refused:
        add(services, codes=["CR9", "CR1"], segments=["clam"])
    assert [fault.place for fault in refused.value.faults] == ["codes.0", "segments.0"]
    add(services, id="H041", codes=["CR1"])
    assert add(services, "Another", codes=["CR1"]).id == "H042"
    with pytest.raises(ConflictError):
        add(services, "A third", id="H041", codes=["CR1"])
    with pytest.raises(NotFoundError):
        examine_hypothesis("market", "H999", services, "en")


def test_a_list_is_taken_in_and_never_twice(market: Session, services: Services) -> None:
    """Known again by id or statement; what changed is updated; a wrong list changes nothing."""

    def take(table: str) -> dict[str, tuple[str, ...]]:
        found = import_hypotheses("market", table.encode(), "list.csv", "Owen", services, "en")
        return found.model_dump(include={"created", "updated", "unchanged"})

    table = "id,belief,author,code\nB1,Fees must be visible,Anna,CR1\n,They look once a month,,RT1\n"
    assert take(table) == {"created": ("B1", "H001"), "updated": (), "unchanged": ()}
    assert take(table) == {"created": (), "updated": (), "unchanged": ("B1", "H001")}
    changed = "id,belief,author,code\nB1,Fees must be visible,Jo,CR1\nX9,They look once a month!,,RT2\n"
    assert take(changed) == {"created": (), "updated": ("B1", "H001"), "unchanged": ()}
    kept = read_hypothesis(market, "market", "H001", "en")
    assert (kept.codes, kept.author, kept.origin) == (("RT2",), "Owen", "list.csv")
    with pytest.raises(InvalidInputError):
        take("belief,code\nA new one,CR1\nAnother,CR9\n")
    counted = import_hypotheses("market", table.encode(), "list.csv", "Owen", services, "de")
    assert sum(counted.verdicts.values()) == 2
    assert counted.sentence.startswith("Hypothesen: 2. Bewährt:")


def judging(asked: Asked) -> Says:
    """A model that finds support in words about seeing, and a contradiction in those about the weather."""
    found = {"sehen": "supports", "Wetter": "contradicts"}
    verdicts = [
        (line["id"], next((each for word, each in found.items() if word in line["text"]), "unrelated"))
        for line in asked.lines
        if "text" in line and "id" in line
    ]
    return Says({"judgements": [{"claim": 1, "id": id_, "verdict": each} for id_, each in verdicts]})


def test_a_chat_model_judges_what_codes_do_not_tell(
    market: Session, chatting: Services, provider: ScriptedProvider
) -> None:
    """What it finds to support or contradict counts beside the codes; the rest does not, and it is told who judged."""
    provider.rule = judging
    found = add(chatting, "Die Gebühren wollen sie vorher sehen", codes=["RT2"])
    assert found.current is not None
    assert "Die Gebühren wollte ich vorher sehen." in {quote.quote for quote in found.supporting}
    assert {quote.participant for quote in found.supporting} >= {"P01", "P05"}
    assert found.current.judge.startswith("codes; openai:scripted by judge_support 1@")
    assert all("Sparstrumpf" not in quote.quote for quote in found.supporting)


def test_without_a_usable_model_the_codes_decide(
    market: Session, chatting: Services, provider: ScriptedProvider
) -> None:
    """It is told that the model was of no use, and why."""
    provider.rule = lambda _: Fails(401)
    found = add(chatting, "Die Gebühren wollen sie vorher sehen", codes=["RT2"])
    assert found.current is not None
    assert people(found)[:2] == (1, 0)
    assert found.current.judge.startswith("codes; openai:scripted was of no use (")


def test_lists_over_http_are_read_by_the_model_too(
    market: Session, chatting: Services, provider: ScriptedProvider
) -> None:
    """As they are on the command line, out of the budget of who sends them."""
    provider.rule = lambda _: Fails(401)
    listed = {"file": ("list.csv", f"belief,code\n{FEES},RT2\n".encode())}
    with TestClient(create_app(chatting, require_keys=False), base_url="http://127.0.0.1") as client:
        assert client.post("/v1/hypotheses/import", data={"study": "market"}, files=listed).status_code == 200
        judge = client.get("/v1/hypotheses/H001?study=market").json()["current"]["judge"]
    assert judge.startswith("codes; openai:scripted was of no use (")


def test_the_routes(client: TestClient, market: Session) -> None:
    """Create, list, read, test, import and delete; what is not there, or of another study, is not found."""
    body = {"study": "market", "statement": FEES, "codes": ["CR1"]}
    made = client.post("/v1/hypotheses", json=body)
    assert (made.status_code, made.json()["current"]["verdict"]) == (201, "mixed")
    listed = {"file": ("beliefs.csv", b"belief,code\nThey look once a month,RT1\n")}
    imported = client.post("/v1/hypotheses/import", data={"study": "market", "author": "Ina"}, files=listed)
    assert imported.json()["created"] == ["H002"]
    kept = client.get("/v1/hypotheses/H002?study=market").json()
    assert (kept["author"], kept["origin"]) == ("Ina", "beliefs.csv")
    page = client.get("/v1/hypotheses?study=market&limit=1").json()
    assert (page["verdicts"]["mixed"], page["verdicts"]["untested"]) == (1, 1)
    rest = client.get("/v1/hypotheses", params={"study": "market", "cursor": page["next_cursor"]}).json()
    assert [each["id"] for each in (*page["hypotheses"], *rest["hypotheses"])] == ["H001", "H002"]
    tested = client.post("/v1/hypotheses/H002/test?study=market&least_people=1&told_in=es").json()
    assert tested["current"]["sentence"].startswith("Respaldada")
    assert client.get("/v1/hypotheses/H002?study=market").json()["current"]["rule"]["least_people"] == 1
    assert client.delete("/v1/hypotheses/H001?study=market").status_code == 204
    assert client.get("/v1/hypotheses/H001?study=market").status_code == 404
    assert client.delete("/v1/hypotheses/H001?study=market").status_code == 404
    assert client.get("/v1/hypotheses/H002?study=nothing").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"statement": "???"},
        {"statement": ""},
        {"statement": "x" * 1001},
        {"statement": FEES, "codes": ["CR9"]},
        {"statement": FEES, "segments": ["clam"]},
        {"statement": FEES, "id": "a b"},
        {"statement": FEES, "polarity": "maybe"},
        {"statement": FEES, "colour": "red"},
        {"statement": FEES, "codes": ["CR1"] * 21},
    ],
)
def test_wrong_hypotheses_are_problems(client: TestClient, market: Session, wrong: dict[str, object]) -> None:
    """And nothing is kept of them."""
    assert client.post("/v1/hypotheses", json={"study": "market", **wrong}).status_code == 422
    assert client.get("/v1/hypotheses?study=market").json()["hypotheses"] == []


def test_wrong_lists_are_problems(client: TestClient, market: Session) -> None:
    """They come as forms; faults come with their lines; too much is too much."""

    def send(content: bytes) -> Response:
        return client.post(url, data={"study": "market"}, files={"file": ("list.csv", content)})

    url = "/v1/hypotheses/import"
    assert client.post(url, content=b"belief\nx y\n", headers={"content-type": "text/csv"}).status_code == 415
    refused = send(b"belief,code\nx y,CR9\n")
    (fault,) = refused.json()["errors"]
    assert (refused.status_code, fault["pointer"]) == (422, "#/file")
    assert fault["detail"].startswith("list.csv:2: `CR9` is no code")
    assert send(b"").status_code == 422
    assert send(b"x" * 1_000_001).status_code == 413
    assert client.get("/v1/hypotheses?study=market&told_in=english").status_code == 422
