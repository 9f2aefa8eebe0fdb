"""The saturation of a study in the database, and of the sample study, against what is known of them."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.evaluation.gold import read_gold
from app.research.saturation.curves import last_news
from app.research.saturation.read import Wanted, read_saturation
from app.research.saturation.sentences import say_saturation

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


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_sentence_says_whether_to_stop(language: str) -> None:
    """Every case has a sentence with its numbers, in English where the language is not known."""
    assert "20" in say_saturation(23, 20, 20, 0, 25, language)
    assert "25" in say_saturation(23, 20, 20, 0, 25, language)
    assert "7" in say_saturation(9, 9, None, 7, None, language)
    nothing = {say_saturation(0, 0, None, 0, None, language), say_saturation(3, 0, None, 0, None, language)}
    assert len(nothing) == 2


def test_the_last_news_of_the_sample_study_is_in_interview_20() -> None:
    """Computed from the true tags of every turn."""
    interviews = read_gold(NIDO / "gold.yaml").interviews
    told = [frozenset().union(*(turn.affirmed for turn in interviews[name])) for name in sorted(interviews)]
    assert len(told) == 23
    assert last_news(told) == 20


def test_the_route_refuses_what_makes_no_sense(client: TestClient, shop: Session) -> None:
    """Numbers out of range, unknown parameters and unknown studies are problems; what is right is answered."""
    told = client.get("/v1/saturation", params={"study": "shop", "base": 1, "run": 1, "told_in": "de"}).json()
    assert [run["share"] for run in told["runs"]] == [0.0, 0.0]
    for wrong in ({"base": 0}, {"threshold": 2}, {"colour": "red"}, {"told_in": "deutsch"}):
        assert client.get("/v1/saturation", params={"study": "shop", **wrong}).status_code == 422
    assert client.get("/v1/saturation", params={"study": "nothing"}).status_code == 404
