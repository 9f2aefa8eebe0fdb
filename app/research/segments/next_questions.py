"""What to ask next: the open criteria whose answers would separate the segments that are still possible. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.research.segments.criteria import Criterion, Segment
from app.research.segments.signs import Weighed
from app.research.segments.verdicts import Judged
from app.vocabulary import Dimension

MOST_QUESTIONS = 3
_OPEN = frozenset({"unknown", "contradictory"})
_DIMENSIONS = tuple(Dimension)


@dataclass(frozen=True)
class Chosen:
    """A criterion worth asking about, its segment, and the segments that a yes would set apart from it."""

    criterion: Criterion
    segment: Segment
    separates: tuple[str, ...]


def choose_questions(
    segments: Sequence[Segment],
    weighed: Mapping[str, Sequence[Weighed]],
    judged: Mapping[str, Judged],
    asked: Collection[str],
) -> tuple[Chosen, ...]:
    """Choose up to three questions, the most deciding first, each on another dimension; none where one qualifies.

    A yes meets the criterion; with its codes it also speaks for or against the open criteria of the other segments that
    have them among their indicators. The further that drives the segments apart, the better the question. Of equals the
    one about the segment comes first that is ahead.

    Args:
        segments: of the study.
        weighed: the criteria of each segment, by its slug.
        judged: the segments, by slug.
        asked: ids of criteria that were asked about in vain.
    """
    if any(each.verdict == "qualifies" for each in judged.values()):
        return ()
    possible = [segment for segment in segments if judged[segment.slug].verdict != "does_not"]
    still_open = {
        segment.slug: [each.criterion for each in weighed[segment.slug] if each.verdict in _OPEN]
        for segment in possible
    }
    ranked = sorted(
        (
            (_separation(criterion, segment.slug, still_open), -judged[segment.slug].tally.balance, criterion, segment)
            for segment in possible
            for criterion in still_open[segment.slug]
            if criterion.id not in asked
        ),
        key=lambda each: (-sum(each[0].values()), each[1], _order(each[2]), each[2].id),
    )
    chosen: dict[object, Chosen] = {}
    for separation, _, criterion, segment in ranked:
        separates = tuple(slug for slug, distance in separation.items() if distance > 1)
        chosen.setdefault(criterion.dimension or criterion.id, Chosen(criterion, segment, separates))
    return tuple(chosen.values())[:MOST_QUESTIONS]


def _separation(criterion: Criterion, own: str, still_open: Mapping[str, Sequence[Criterion]]) -> dict[str, int]:
    """How much further each other segment falls behind that of a criterion when the answer is yes."""
    return {
        slug: 1 - sum(_effect(criterion, other) for other in criteria)
        for slug, criteria in still_open.items()
        if slug != own
    }


def _effect(asked: Criterion, other: Criterion) -> int:
    """What a yes to one criterion speaks for another one: 1 for it, -1 against it, 0 for neither or both."""
    agrees = not asked.speaks_for.isdisjoint(other.speaks_for)
    contradicts = not asked.speaks_for.isdisjoint(other.speaks_against)
    return agrees - contradicts


def _order(criterion: Criterion) -> int:
    return _DIMENSIONS.index(criterion.dimension) if criterion.dimension else len(_DIMENSIONS)
