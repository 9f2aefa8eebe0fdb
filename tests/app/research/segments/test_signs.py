"""Whether a criterion is met, from signs weighed by hand."""

from typing import Any

import pytest

from app.research.segments.criteria import Criterion, read_criteria
from app.research.segments.signs import Sign, weigh
from app.vocabulary import Dimension, Polarity, Stance

CALM = Criterion("calm", None, "Wants calm.", {}, frozenset({"A", "B"}), frozenset({"C"}))


def sign(code: str, polarity: str = "affirmed", basis: str = "person", confidence: float = 1.0) -> Sign:
    """That a code is affirmed or denied."""
    return Sign(Polarity(polarity), basis, confidence, code=code)  # type: ignore[arg-type] # a basis


def told(polarity: str, basis: str = "fact") -> Sign:
    """That the criterion itself was told."""
    return Sign(Polarity(polarity), basis, 1.0, criterion="calm")  # type: ignore[arg-type] # a basis


@pytest.mark.parametrize(
    ("signs", "verdict", "confidence"),
    [
        ([], "unknown", None),
        ([sign("X")], "unknown", None),
        ([sign("A")], "met", 1.0),
        ([sign("A", "denied")], "failed", 1.0),
        ([sign("C")], "failed", 1.0),
        ([sign("C", "denied")], "met", 1.0),
        ([sign("A"), sign("C")], "contradictory", None),
        ([sign("A"), sign("A", "denied")], "contradictory", None),
        ([sign("A"), sign("B"), sign("C")], "met", 0.667),
        ([sign("A"), sign("C", basis="model", confidence=0.8)], "met", 0.714),
        ([sign("A", basis="model", confidence=0.6)], "met", 0.6),
        ([sign("A"), sign("C"), told("denied")], "failed", 1.0),
        ([told("affirmed"), told("denied", "answer")], "met", 0.667),
        ([told("affirmed"), told("denied")], "contradictory", None),
    ],
)
def test_signs_are_weighed(signs: list[Sign], verdict: str, confidence: float | None) -> None:
    """A person's sign weighs 1, a model's half its confidence; one side must weigh twice the other."""
    weighed = weigh(CALM, signs)
    assert (weighed.verdict, weighed.confidence) == (verdict, confidence)


def test_saying_it_again_changes_nothing() -> None:
    """Of each code and polarity the strongest sign counts, once."""
    once = weigh(CALM, [sign("A"), sign("C")])
    again = weigh(CALM, [*[sign("A", basis="model", confidence=0.9)] * 9, sign("A"), sign("C"), *[sign("A")] * 9])
    assert once == again
    assert [stance for stance, _ in once.signs] == [Stance.FOR, Stance.AGAINST]


def test_criteria_are_read_as_they_are_stored() -> None:
    """A bare text has a place for an id; merged codes are followed; codes that are gone are named."""
    stored: list[dict[str, Any]] = [
        {"statement": "Sleeps well."},
        {
            "id": "c2",
            "dimension": "risk_attitude",
            "statement": "Wants calm.",
            "ask": {"de": "Ruhig?"},
            "indicators": {"speaks_for": ["OLD", "GONE"], "speaks_against": ["C"]},
        },
        {"statement": "From before.", "dimension": "mood", "indicators": None},
    ]
    first, second, third = read_criteria("calm", stored, {"OLD": "NEW", "NEW": "NEW", "C": "C"})
    assert (first.id, first.indicators) == ("calm/1", frozenset())
    assert (second.id, second.dimension, second.ask) == ("c2", Dimension.RISK_ATTITUDE, {"de": "Ruhig?"})
    assert (set(second.speaks_for), set(second.speaks_against)) == ({"NEW"}, {"C"})
    assert second.unknown_codes == ("GONE",)
    assert (third.id, third.dimension) == ("calm/3", None)
