"""Whether a criterion is met: what speaks for it is weighed against what speaks against it. Pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.library.marks import Mark
from app.research.segments.attributes import AttributeValue
from app.research.segments.criteria import Criterion
from app.vocabulary import Polarity, Stance

Basis = Literal["fact", "person", "answer", "model", "rule"]
CriterionVerdict = Literal["met", "failed", "contradictory", "unknown"]

WEIGHTS: Mapping[Basis, float] = {"fact": 1.0, "person": 1.0, "answer": 0.5, "model": 0.5, "rule": 0.5}
"""How much a sign weighs at full confidence: what somebody decided twice as much as what a model found in words."""

CLEAR = 2.0
"""How many times the one side must outweigh the other."""


@dataclass(frozen=True, slots=True)
class Sign:
    """That a code is affirmed or denied, that a criterion is met or not, or what an attribute is.

    It stands at `mark`, or in an answer.
    """

    polarity: Polarity
    basis: Basis
    confidence: float
    code: str | None = None
    criterion: str | None = None
    mark: Mark | None = None
    answer: int | None = None
    attribute: str | None = None
    value: AttributeValue | None = None

    @property
    def weight(self) -> float:
        """How much it counts, in [0, 1]."""
        return WEIGHTS[self.basis] * self.confidence


@dataclass(frozen=True)
class Weighed:
    """A criterion with its verdict, how sure that is in [0, 1], and the signs that it rests on."""

    criterion: Criterion
    verdict: CriterionVerdict
    confidence: float | None
    signs: tuple[tuple[Stance, Sign], ...]


def weigh(criterion: Criterion, signs: Iterable[Sign]) -> Weighed:
    """Weigh what is known of a criterion.

    Of each code and polarity, and of each attribute, the strongest sign counts, once; what was told of the criterion
    itself counts alone. It is met where the signs for it weigh at least twice as much as those against it, failed the
    other way round, and contradictory where there are both and neither does.
    """
    strongest: dict[tuple[str | None, str | None, Polarity], Sign] = {}
    for sign in signs:
        if _stance(criterion, sign) is not None:
            key = sign.code, sign.attribute, sign.polarity
            strongest[key] = max(strongest.get(key, sign), sign, key=lambda each: each.weight)
    told = [sign for sign in strongest.values() if sign.criterion is not None]
    counted = tuple((stance, sign) for sign in told or strongest.values() if (stance := _stance(criterion, sign)))
    weights = {side: sum(sign.weight for stance, sign in counted if stance is side) for side in Stance}
    verdict = _verdict(weights[Stance.FOR], weights[Stance.AGAINST])
    side = {"met": Stance.FOR, "failed": Stance.AGAINST}.get(verdict)
    if side is None:
        return Weighed(criterion, verdict, None, counted)
    surest = max(sign.confidence for stance, sign in counted if stance is side)
    return Weighed(criterion, verdict, round(surest * weights[side] / sum(weights.values()), 3), counted)


def _stance(criterion: Criterion, sign: Sign) -> Stance | None:
    """Whether a sign speaks for a criterion or against it; `None` where it tells nothing of it."""
    if sign.attribute is not None:
        return _stance_of_attribute(criterion, sign.attribute, sign.value)
    affirms = sign.polarity is Polarity.AFFIRMED
    if sign.criterion is not None:
        return (Stance.FOR if affirms else Stance.AGAINST) if sign.criterion == criterion.id else None
    if sign.code in criterion.speaks_for:
        return Stance.FOR if affirms else Stance.AGAINST
    if sign.code in criterion.speaks_against:
        return Stance.AGAINST if affirms else Stance.FOR
    return None


def _stance_of_attribute(criterion: Criterion, attribute: str, value: AttributeValue | None) -> Stance | None:
    test = criterion.attributes.get(attribute)
    holds = None if test is None or value is None else test.holds(value)
    return None if holds is None else Stance.FOR if holds else Stance.AGAINST


def _verdict(speaking_for: float, speaking_against: float) -> CriterionVerdict:
    if speaking_for == speaking_against == 0:
        return "unknown"
    if speaking_for >= CLEAR * speaking_against:
        return "met"
    return "failed" if speaking_against >= CLEAR * speaking_for else "contradictory"
