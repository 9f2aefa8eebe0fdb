"""What to ask next: what separates the segments that are still possible."""

from app.research.segments.criteria import Criterion, Segment
from app.research.segments.next_questions import Chosen, choose_questions
from app.research.segments.signs import Sign, weigh
from app.research.segments.verdicts import count, judge
from app.vocabulary import Dimension, Polarity


def criterion(name: str, dimension: Dimension | None, for_: str, against: str = "") -> Criterion:
    """A criterion with one-letter codes."""
    return Criterion(name, dimension, name, {}, frozenset(for_), frozenset(against))


def segment(slug: str, *criteria: Criterion) -> Segment:
    """A segment with these criteria."""
    return Segment(slug, {}, (), None, 0, criteria)


CALM = segment(
    "calm",
    criterion("calm-goal", Dimension.GOALS_AND_MOTIVATION, "G"),
    criterion("calm-routine", Dimension.ROUTINES_AND_RITUALS, "M", "D"),
    criterion("calm-risk", Dimension.RISK_ATTITUDE, "R"),
)
KEEN = segment(
    "keen",
    criterion("keen-goal", Dimension.GOALS_AND_MOTIVATION, "G"),
    criterion("keen-routine", Dimension.ROUTINES_AND_RITUALS, "D", "M"),
    criterion("keen-risk", Dimension.RISK_ATTITUDE, "S"),
)


def chosen(*signs: Sign, asked: tuple[str, ...] = ()) -> tuple[Chosen, ...]:
    """The questions when these signs are known."""
    weighed = {each.slug: [weigh(one, signs) for one in each.criteria] for each in (CALM, KEEN)}
    judged = judge({slug: count(each) for slug, each in weighed.items()})
    return choose_questions((CALM, KEEN), weighed, judged, asked)


def affirmed(*codes: str) -> list[Sign]:
    """That codes are affirmed."""
    return [Sign(Polarity.AFFIRMED, "fact", 1.0, code=code) for code in codes]


def names(questions: tuple[Chosen, ...]) -> list[str]:
    """What the questions are about."""
    return [each.criterion.id for each in questions]


def test_what_contradicts_the_other_segment_comes_first() -> None:
    """The routine drives them two apart, the risk one; the goal, which both share, separates nothing."""
    questions = chosen()
    assert names(questions) == ["calm-routine", "calm-risk", "calm-goal"]
    assert [each.separates for each in questions] == [("keen",), (), ()]


def test_the_segment_ahead_is_asked_about_first() -> None:
    """Of two questions that are as good, the one about the segment with more criteria met."""
    assert names(chosen(*affirmed("S"))) == ["keen-routine", "calm-risk", "keen-goal"]


def test_what_was_asked_in_vain_is_not_asked_again() -> None:
    """The same dimension is tried from the other side."""
    assert names(chosen(asked=("calm-routine",)))[0] == "keen-routine"
    everything = tuple(one.id for each in (CALM, KEEN) for one in each.criteria)
    assert chosen(asked=everything) == ()


def test_a_decided_case_needs_no_questions() -> None:
    """Two of three met and none failed qualifies; a segment that is ruled out is asked about no more."""
    assert chosen(*affirmed("M", "R")) == ()
    ruled_out = chosen(
        *affirmed("D"), Sign(Polarity.DENIED, "fact", 1.0, criterion="calm-risk"), asked=("keen-goal", "keen-risk")
    )
    assert names(ruled_out) == []
