"""Whether what is known of somebody is what a criterion asks for."""

import pytest

from app.research.segments.attributes import AttributeTest, AttributeValue, plain_name
from app.research.segments.criteria import read_criteria
from app.research.segments.signs import Sign, weigh
from app.vocabulary import Polarity


@pytest.mark.parametrize(
    ("value", "holds"),
    [(34, True), ("45.0", True), (33.9, False), ("46", False), ("forty", None), (True, None), ("nan", None)],
)
def test_a_range_holds_its_ends(value: AttributeValue, holds: bool | None) -> None:
    """From 34 to 45; what is no number cannot be tested."""
    assert AttributeTest(at_least=34, at_most=45).holds(value) is holds


@pytest.mark.parametrize(
    ("words", "value", "holds"),
    [
        (("Nurse", "teacher"), " nurse ", True),
        (("nurse",), "Nursery", False),
        (("yes",), True, True),
        (("true",), "Ja", True),
        (("no",), "sí", False),
        (("2",), 2.0, True),
    ],
)
def test_words_are_compared_as_they_are_meant(words: tuple[str, ...], value: AttributeValue, holds: bool) -> None:
    """Without case and white space, and a yes in three languages is a yes."""
    assert AttributeTest(one_of=words).holds(value) is holds


def test_names_may_be_written_differently() -> None:
    """White space, hyphens, underscores and case do not matter."""
    assert {plain_name(name) for name in ("Monthly saving", "monthly_saving", " MONTHLY-SAVING ")} == {"monthly_saving"}


def test_an_attribute_speaks_for_a_criterion_or_against_it() -> None:
    """Beside the codes; what nobody asks for, or what cannot be tested, tells nothing."""
    stored = [{"statement": "Is young.", "attributes": {"Age": {"at_most": 30}, "job": {"one_of": ["trainee"]}}}]
    (young,) = read_criteria("starter", stored, {})
    known: dict[str, AttributeValue] = {"age": 24, "job": "teacher", "city": "Köln"}
    signs = {name: Sign(Polarity.AFFIRMED, "fact", 1.0, attribute=name, value=value) for name, value in known.items()}
    assert weigh(young, [signs["age"]]).verdict == "met"
    assert weigh(young, [signs["job"]]).verdict == "failed"
    assert weigh(young, signs.values()).verdict == "contradictory"
    assert weigh(young, [signs["city"]]).verdict == "unknown"
