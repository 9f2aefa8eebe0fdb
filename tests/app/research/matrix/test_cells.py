"""The cells of the matrix, on numbers computed by hand and on whatever people say."""

import random

from hypothesis import given
from hypothesis import strategies as st

from app.research.matrix.cells import Asked, Counts, Voice, tally
from app.research.matrix.options import ANY
from app.vocabulary import Polarity

PEOPLE = frozenset({"P1", "P2", "P3", "P4", "P5"})
OPTIONS = st.frozensets(st.sampled_from(["us", "Valora", "house"]), min_size=1)
VOICES = st.lists(
    st.builds(
        Voice,
        st.sampled_from([*sorted(PEOPLE), "P9"]),
        st.sampled_from(["CR1", "CR2", "RC1"]),
        st.sampled_from(list(Polarity)),
        OPTIONS,
    ),
    max_size=20,
)
ASKED = st.lists(
    st.builds(Asked, st.sampled_from(sorted(PEOPLE)), st.sampled_from(["CR1", "CR2", "RC1"]), OPTIONS), max_size=10
)
CRITERIA = frozenset({"CR1", "CR2"})
KEYS = [(code, option) for code in ("CR1", "CR2", "RC1", None) for option in (ANY, "us", "Valora", "house")]


def voice(person: str, polarity: str = "affirmed", code: str = "CR1", option: str = "us") -> Voice:
    """Somebody who says something of a criterion."""
    return Voice(person, code, Polarity(polarity), frozenset({option}))


def test_silent_rejected_and_never_asked_are_three_things() -> None:
    """P1 names it both ways, P2 rejects it, P3 was asked and is silent, P4 and P5 were never asked."""
    voices = [voice("P1"), voice("P1", "denied"), voice("P2", "denied", option="Valora"), voice("P1")]
    counted = tally(voices, [Asked("P3", "CR1", frozenset({"us"})), Asked("P1", "CR1", frozenset({"us"}))], CRITERIA)
    assert counted.count("CR1", ANY, PEOPLE) == Counts(5, 1, 2, 1, 1, 2)
    assert counted.count("CR1", "us", PEOPLE) == Counts(5, 1, 1, 1, 1, 3)
    assert counted.count("CR1", "Valora", PEOPLE) == Counts(5, 0, 1, 0, 0, 4)
    assert counted.count("CR1", "us", frozenset({"P4"})) == Counts(1, 0, 0, 0, 0, 1)


def test_totals_are_of_criteria_and_not_of_reasons() -> None:
    """Who names two criteria counts once; who gives a reason for a competitor names no criterion."""
    voices = [voice("P1"), voice("P1", code="CR2"), voice("P2", code="RC1", option="Valora")]
    total = tally(voices, [], CRITERIA).count(None, ANY, PEOPLE)
    assert (total.named_for, total.never_asked) == (1, 4)


@given(VOICES, ASKED)
def test_cells_add_up_and_never_exceed_people(voices: list[Voice], asked: list[Asked]) -> None:
    """Each person of a cell is in one of its parts, whoever says something both ways in two."""
    counted = tally(voices, asked, CRITERIA)
    for code, option in KEYS:
        cell = counted.count(code, option, PEOPLE)
        assert cell.of == len(PEOPLE) >= max(cell.named_for, cell.named_against)
        assert 0 <= cell.both <= min(cell.named_for, cell.named_against)
        spoke = cell.named_for + cell.named_against - cell.both
        assert spoke + cell.asked_without_mention + cell.never_asked == cell.of
        assert cell.named_for <= counted.count(code, ANY, PEOPLE).named_for


@given(VOICES, ASKED, st.integers(0, 9))
def test_order_and_repetition_change_nothing(voices: list[Voice], asked: list[Asked], seed: int) -> None:
    """Saying everything twice, in another order, gives the same cells."""
    again = [*voices, *voices]
    random.Random(seed).shuffle(again)  # noqa: S311 no secret
    one, two = tally(voices, asked, CRITERIA), tally(again, [*asked, *asked], CRITERIA)
    assert [one.count(*key, PEOPLE) for key in KEYS] == [two.count(*key, PEOPLE) for key in KEYS]
