"""The verdict on a hypothesis, and the counts behind it, by hand and for whatever people say."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.hypotheses.rule import EvidenceCounts, Heard, Sides, VerdictRule, count_evidence, judge
from app.research.queries import Person
from app.vocabulary import Stance

PEOPLE = (
    Person("P1", "calm", frozenset({"de"})),
    Person("P2", "calm", frozenset({"de", "es"})),
    Person("P3", "keen", frozenset({"es"})),
    Person("P4", None, frozenset({"de"})),
)
HEARD = st.lists(
    st.builds(
        Heard, st.sampled_from(["P1", "P2", "P3", "P4", "P9"]), st.sampled_from(["de", "es"]), st.sampled_from(Stance)
    ),
    max_size=20,
)
ASKED = st.frozensets(st.sampled_from(["P1", "P2", "P3", "P4", "P9"]))


@pytest.mark.parametrize(
    ("supporting", "contradicting", "spoke", "verdict"),
    [
        (0, 0, 0, "untested"),
        (2, 0, 2, "untested"),
        (3, 0, 3, "supported"),
        (3, 1, 4, "supported"),
        (5, 2, 7, "mixed"),
        (2, 2, 2, "untested"),
        (2, 2, 3, "mixed"),
        (1, 3, 4, "contradicted"),
        (0, 3, 3, "contradicted"),
        (1, 2, 3, "mixed"),
    ],
)
def test_the_rule_by_hand(supporting: int, contradicting: int, spoke: int, verdict: str) -> None:
    """Three people must speak, and three times as many on the one side as on the other."""
    assert judge(VerdictRule(), supporting, contradicting, spoke) == verdict


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 9), st.floats(1, 9))
def test_the_other_side_has_the_opposite_verdict(one: int, other: int, least: int, ratio: float) -> None:
    """Swapping the sides swaps supported and contradicted, and more people for it never hurt it."""
    rule = VerdictRule(least_people=least, ratio=ratio)
    opposite = {"supported": "contradicted", "contradicted": "supported", "mixed": "mixed", "untested": "untested"}
    if one != other or ratio > 1:
        assert judge(rule, other, one, one + other) == opposite[judge(rule, one, other, one + other)]
    order = ["contradicted", "mixed", "supported"]
    verdict, stronger = judge(rule, one, other, 99), judge(rule, one + 1, other, 99)
    assert order.index(verdict) <= order.index(stronger)


def test_the_counts_by_hand() -> None:
    """P1 says both, P2 says it in Spanish, P3 was asked and is silent, P4 was never asked; P9 is not in scope."""
    heard = [
        Heard("P1", "de", Stance.FOR),
        Heard("P1", "de", Stance.AGAINST),
        Heard("P2", "es", Stance.FOR),
        Heard("P9", "de", Stance.FOR),
    ]
    assert count_evidence(PEOPLE, heard, {"P1", "P3", "P9"}, quotes=7) == EvidenceCounts(
        supporting=2,
        contradicting=1,
        of=4,
        both=1,
        raised_with=2,
        asked_without_mention=1,
        never_asked=1,
        by_segment={
            "calm": Sides(supporting=2, contradicting=1, of=2),
            "keen": Sides(supporting=0, contradicting=0, of=1),
        },
        by_language={
            "de": Sides(supporting=1, contradicting=1, of=3),
            "es": Sides(supporting=1, contradicting=0, of=2),
        },
        quotes=7,
    )


@given(HEARD, ASKED, st.integers(0, 9))
def test_counts_add_up_and_repetition_changes_nothing(heard: list[Heard], asked: frozenset[str], seed: int) -> None:
    """People are in one of three parts; saying it twice in another order is saying it once."""
    counts = count_evidence(PEOPLE, heard, asked, quotes=0)
    assert counts.raised_with + counts.asked_without_mention + counts.never_asked == counts.of == 4
    assert counts.supporting + counts.contradicting - counts.both == counts.raised_with
    for group in (*counts.by_segment.values(), *counts.by_language.values()):
        assert max(group.supporting, group.contradicting) <= group.of
    again = [*heard, *heard]
    random.Random(seed).shuffle(again)  # noqa: S311 no secret
    assert count_evidence(PEOPLE, again, asked, quotes=0) == counts
