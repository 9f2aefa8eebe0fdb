"""The saturation of a study in the database, and of the sample study, against what is known of them."""

import csv
import io
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session
from study_factory import MadeStudy

from app.errors import InvalidInputError
from app.evaluation.gold import read_gold
from app.research.saturation.curves import StoppingRule, last_news
from app.research.saturation.read import Wanted, conclude, read_saturation
from app.research.saturation.schemas import Verdict
from app.research.saturation.sentences import Findings, say_saturation

NIDO = Path(__file__).resolve().parents[4] / "examples" / "nido"


def test_saturation_goes_by_date_and_by_what_is_affirmed(shop: Session) -> None:
    """The interview of the first day comes first; what is denied, or only a kind, is no new code."""
    found = read_saturation(shop, "shop", Wanted(by_persons=True, planned=25))
    assert [(step.interview, step.new, step.distinct) for step in found.steps] == [
        ("I02", ("AX1", "AX2"), 2),
        ("I01", (), 2),
        ("I03", (), 2),
    ]
    assert (found.last_new, found.saturated_at) == (1, None)
    assert found.sentence.startswith("After interview 1 of 3 nothing new came up.")


def say(verdict: Verdict, language: str = "en", held: int = 23, planned: int | None = 25, more: int = 0) -> str:
    """The sentence about a study whose last news were in interview 20."""
    steady = 19 if verdict == "saturated" else None
    last = 0 if verdict in ("none", "untagged") else min(held, 20)
    return say_saturation(Findings(held, last, verdict, StoppingRule(), steady, more, 9, planned), language)


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_sentence_says_whether_to_stop(language: str) -> None:
    """Every case has a sentence of its own with its numbers, in English where the language is not known."""
    stop = say("saturated", language)
    assert all(number in stop for number in ("20", "23", "19", "25"))
    assert "7" in say("open", language, more=7)
    assert all(number in say("insufficient", language, held=5, more=7) for number in ("5", "6", "7", "20"))
    verdicts: tuple[Verdict, ...] = ("saturated", "open", "insufficient", "untagged", "none")
    assert len({say(verdict, language) for verdict in verdicts}) == 5


def test_the_sentences_in_words() -> None:
    """As somebody would say it."""
    assert say("saturated") == (
        "After interview 20 of 23 nothing new came up. "
        "Since interview 19 no run of 2 told more than 5\xa0% new; you planned 25: you can stop."
    )
    assert say("open", held=20, more=4) == (
        "Interview 20 of 20 still told something new. "
        "About 4 more interviews would tell 95 % of what there is; 5 of 25 planned are left."
    )
    assert "insufficient" in say("insufficient", held=5)
    assert say("saturated", more=4).endswith("An estimate still expects about 9 codes that nobody has spoken of.")


def test_too_few_interviews_are_insufficient(shop: Session) -> None:
    """Three interviews are fewer than four and two, and enough for one and one; a base without news is no measure."""
    assert read_saturation(shop, "shop", Wanted()).verdict == "insufficient"
    quiet = read_saturation(shop, "shop", Wanted(rule=StoppingRule(1, 1), by_persons=True))
    assert (quiet.verdict, quiet.steady_since) == ("saturated", 1)
    telling = [frozenset[str](), frozenset("a"), frozenset("a")]
    assert conclude(telling, Wanted(rule=StoppingRule(1, 1))).verdict == "insufficient"
    assert conclude([], Wanted()).verdict == "none"
    assert conclude([frozenset[str]()] * 9, Wanted()).verdict == "untagged"


def test_what_the_study_does_not_have_is_refused(shop: Session, client: TestClient) -> None:
    """A segment or language that is not the study's, each with its parameter."""
    with pytest.raises(InvalidInputError):
        read_saturation(shop, "shop", Wanted(segment="careful"))
    for parameter, value in (("segment", "careful"), ("language", "fr")):
        refusal = client.get("/v1/saturation", params={"study": "shop", parameter: value})
        assert (refusal.status_code, refusal.json()["errors"][0]["pointer"]) == (422, f"#/query/{parameter}")


def test_groups_are_compared(client: TestClient, shop: Session, study: MadeStudy) -> None:
    """By language, one row each, with the verdict of its own interviews; by segment likewise, in JSON and CSV."""
    found = client.get("/v1/saturation/groups", params={"study": "shop", "by": "language", "by_persons": True}).json()
    (german,) = found["groups"]
    assert (german["name"], german["interviews"], german["codes"], german["last_new"]) == ("de", 3, 2, 1)
    assert german["verdict"] == "insufficient"
    segments = client.get("/v1/saturation/groups", params={"study": "acme", "by": "segment"}).json()["groups"]
    assert [(group["name"], group["interviews"]) for group in segments] == [("careful", 2), ("starter", 1)]
    table = client.get("/v1/saturation/groups", params={"study": "acme", "by": "segment", "format": "csv"})
    assert [row["name"] for row in csv.DictReader(io.StringIO(table.text))] == ["careful", "starter"]
    assert client.get("/v1/saturation/groups", params={"study": "shop", "by": "age"}).status_code == 422
    assert client.get("/v1/saturation/groups", params={"study": "none", "by": "segment"}).status_code == 404


def test_the_last_news_of_the_sample_study_is_in_interview_20() -> None:
    """Computed from the true tags of every turn."""
    interviews = read_gold(NIDO / "gold.yaml").interviews
    told = [frozenset().union(*(turn.affirmed for turn in interviews[name])) for name in sorted(interviews)]
    assert len(told) == 23
    assert last_news(told) == 20
    found = conclude(told, Wanted(planned=25))
    assert (found.verdict, found.saturated_at, found.steady_since) == ("saturated", 8, 13)
    assert found.sentence.startswith("After interview 20 of 23 nothing new came up.")
    assert found.sentence.endswith("you planned 25: you can stop.")


def test_the_route_refuses_what_makes_no_sense(client: TestClient, shop: Session) -> None:
    """Numbers out of range, unknown parameters and unknown studies are problems; what is right is answered."""
    told = client.get("/v1/saturation", params={"study": "shop", "base": 1, "run": 1, "told_in": "de"}).json()
    assert [run["share"] for run in told["runs"]] == [0.0, 0.0]
    for wrong in ({"base": 0}, {"threshold": 2}, {"colour": "red"}, {"told_in": "deutsch"}):
        assert client.get("/v1/saturation", params={"study": "shop", **wrong}).status_code == 422
    assert client.get("/v1/saturation", params={"study": "nothing"}).status_code == 404
