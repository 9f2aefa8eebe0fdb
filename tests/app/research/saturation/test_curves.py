"""Saturation, on the worked example of its source, on numbers checked by hand, and on whatever sets there are."""

from hypothesis import given
from hypothesis import strategies as st

from app.research.saturation.curves import (
    StoppingRule,
    count_distinct,
    forecast,
    last_news,
    measure_runs,
    saturated_at,
    shuffle_orders,
    steady_since,
)

INTERVIEWS = st.lists(st.frozensets(st.sampled_from("abcdefghij")), max_size=12)


def telling(*news: int) -> list[frozenset[str]]:
    """Interviews that each tell so many new codes, beside one that all tell."""
    return [frozenset({"all", *(f"{place}-{n}" for n in range(new))}) for place, new in enumerate(news)]


def test_the_worked_example_of_the_source() -> None:
    """Base 37 from four interviews, then 7 new in the next two: 18.9 %; then 3: 8.1 %; then 1: 2.7 %, saturated."""
    interviews = telling(20, 8, 5, 3, 4, 3, 0, 1)
    assert count_distinct(interviews)[3] == 37
    runs = measure_runs(interviews, StoppingRule())
    assert [(run.first, run.last, run.new) for run in runs] == [(5, 6, 7), (6, 7, 3), (7, 8, 1)]
    assert [round(run.share, 3) for run in runs] == [0.189, 0.081, 0.027]
    assert saturated_at(interviews, StoppingRule()) == 6
    assert saturated_at(interviews, StoppingRule(threshold=0.0)) is None
    assert steady_since(interviews, StoppingRule()) == 6
    assert last_news(interviews) == 8


def test_a_quiet_run_is_no_end_where_later_ones_are_loud() -> None:
    """Base 21; runs of 0, 0, 5, 5, 0 new: saturated by the source at 4; steady since 8, after the last loud run."""
    interviews = telling(20, 0, 0, 0, 0, 0, 0, 5, 0, 0)
    runs = measure_runs(interviews, StoppingRule())
    assert [run.new for run in runs] == [0, 0, 5, 5, 0]
    assert (saturated_at(interviews, StoppingRule()), steady_since(interviews, StoppingRule())) == (4, 8)
    assert steady_since(interviews[:9], StoppingRule()) is None
    assert steady_since(interviews[:5], StoppingRule()) is None


def test_too_few_interviews_say_nothing() -> None:
    """Without a full run after the base, or with a base that tells nothing, there is no verdict."""
    assert measure_runs(telling(3, 2, 1, 1, 0), StoppingRule()) == ()
    assert saturated_at([], StoppingRule()) is None
    assert measure_runs([frozenset[str]()] * 8, StoppingRule()) == ()
    assert last_news([]) == 0


def test_the_forecast_by_hand() -> None:
    """n = 4, S = 6, Q1 = 3, Q2 = 1: S_all = 6 + 3/4 * 9/2 = 9.375; to 95 %: ln(1 - 2.90625 / 3.375) / ln(1 - 2/11)."""
    interviews = [frozenset(codes) for codes in ("abc", "abd", "abe", "cf")]
    told = forecast(interviews)
    assert told.codes == 9.375
    assert told.more_interviews == 10


def test_nothing_new_needs_nothing_more() -> None:
    """Where every code was told by many, no more interviews are asked for."""
    assert forecast([frozenset("ab")] * 5).more_interviews == 0
    assert forecast([]).codes == 0
    assert forecast([frozenset("abc")]).more_interviews == 0


@given(INTERVIEWS, st.integers(0, 9))
def test_orders_change_the_way_and_not_the_end(interviews: list[frozenset[str]], seed: int) -> None:
    """Curves never fall, end where all orders end, and lie between the bounds; the same seed draws the same."""
    band = shuffle_orders(interviews, 20, seed)
    assert band == shuffle_orders(interviews, 20, seed)
    for lower, median, upper in zip(band.lower, band.median, band.upper, strict=True):
        assert lower <= median <= upper
    for curve in (band.lower, band.median, band.upper, count_distinct(interviews)):
        assert list(curve) == sorted(curve)
        assert curve[-1:] == count_distinct(interviews)[-1:]


@given(INTERVIEWS)
def test_the_forecast_never_falls_below_what_was_told(interviews: list[frozenset[str]]) -> None:
    """There are at least as many codes as were told, and never a negative number of interviews to hold."""
    told = forecast(interviews)
    assert told.codes >= len(frozenset[str]().union(*interviews))
    assert told.more_interviews >= 0


@given(INTERVIEWS)
def test_saying_it_again_changes_nothing(interviews: list[frozenset[str]]) -> None:
    """An interview that only repeats what was told adds nothing new."""
    repeated = [*interviews, frozenset[str]().union(*interviews)]
    assert last_news(repeated) == last_news(interviews)
