"""Whether somebody qualifies for a segment, by the rule, on numbers computed by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.segments.verdicts import Tally, judge, leading

TALLIES = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.builds(Tally, *[st.integers(0, 6)] * 4), min_size=1, max_size=3
)


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [
        (Tally(2, 0, 0, 4), Tally(0, 1, 0, 5), "qualifies"),
        (Tally(1, 0, 0, 5), Tally(0, 2, 0, 4), "undecided"),
        (Tally(2, 1, 0, 3), Tally(0, 1, 0, 5), "qualifies"),
        (Tally(3, 2, 0, 1), Tally(0, 3, 0, 3), "undecided"),
        (Tally(3, 0, 0, 3), Tally(2, 0, 0, 4), "undecided"),
        (Tally(0, 2, 0, 4), Tally(0, 0, 0, 6), "does_not"),
        (Tally(0, 1, 0, 5), Tally(3, 0, 0, 3), "undecided"),
        (Tally(1, 0, 0, 0), Tally(0, 1, 0, 0), "qualifies"),
        (Tally(0, 1, 0, 0), Tally(1, 0, 0, 0), "does_not"),
        (Tally(0, 0, 0, 0), Tally(0, 0, 0, 0), "undecided"),
        (Tally(0, 0, 6, 0), Tally(0, 0, 0, 6), "undecided"),
    ],
)
def test_the_rule_by_hand(own: Tally, other: Tally, verdict: str) -> None:
    """Two criteria met or failed, two thirds of those decided, a lead of a quarter of the criteria."""
    assert judge({"own": own, "other": other})["own"].verdict == verdict


def test_the_lead_is_over_the_best_other_segment() -> None:
    """Balances are 4/6, 1/6 and -2/6; alone, the lead is the balance itself."""
    judged = judge({"a": Tally(4, 0, 0, 2), "b": Tally(1, 0, 0, 5), "c": Tally(0, 2, 0, 4)})
    assert [round(judged[slug].lead, 3) for slug in "abc"] == [0.5, -0.5, -1.0]
    assert judge({"a": Tally(3, 1, 0, 0)})["a"].lead == 0.5
    assert leading(judged) == "a"


def test_nobody_leads_without_being_ahead() -> None:
    """Neither of two equals leads, nor who is ahead only by failing less."""
    assert leading(judge({"a": Tally(2, 0, 0, 4), "b": Tally(2, 0, 0, 4)})) is None
    assert leading(judge({"a": Tally(0, 1, 0, 5), "b": Tally(0, 2, 0, 4)})) is None
    assert leading({}) is None


@given(TALLIES)
def test_at_most_one_segment_qualifies(tallies: dict[str, Tally]) -> None:
    """And it is the one that leads; shares and leads stay within their limits."""
    judged = judge(tallies)
    qualified = [slug for slug, each in judged.items() if each.verdict == "qualifies"]
    assert len(qualified) <= 1
    assert all(leading(judged) == slug for slug in qualified)
    assert all(-2 <= each.lead <= 2 and 0 <= (each.tally.share or 0) <= 1 for each in judged.values())
