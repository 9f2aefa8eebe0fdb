"""How well coders agree: pure functions over what each of them said of the same units.

A unit is an utterance and a code; what a coder says of it is nominal: the code is affirmed, denied, or not there.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

Value = Hashable
Undefined = Literal["nothing_shared", "no_variation"]


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of agreement: 1 is perfect, 0 is chance, less is worse than chance; or why there is none."""

    value: float | None
    undefined: Undefined | None = None


NOTHING_SHARED = Coefficient(None, "nothing_shared")
NO_VARIATION = Coefficient(None, "no_variation")


def observed_agreement(pairs: Sequence[tuple[Value, Value]]) -> float | None:
    """The share of units of which two coders say the same; `None` without units."""
    return sum(one == other for one, other in pairs) / len(pairs) if pairs else None


def cohen_kappa(pairs: Sequence[tuple[Value, Value]]) -> Coefficient:
    """Agreement of two coders beyond what their own habits would bring about by chance.

    kappa = (p_o - p_e) / (1 - p_e), p_o = share of equal pairs, p_e = sum over values v of p_1(v) * p_2(v)

    Args:
        pairs: what the first and what the second coder says of each unit, n >= 0.

    Returns:
        in [-1, 1]; undefined without units, and where both say one and the same of every unit (p_e = 1).

    Source: Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20(1),
    1960.
    """
    if not pairs:
        return NOTHING_SHARED
    units = len(pairs)
    first, second = (Counter(pair[coder] for pair in pairs) for coder in (0, 1))
    by_chance = sum(first[value] * second[value] for value in first)
    if by_chance == units**2:
        return NO_VARIATION
    equal = sum(one == other for one, other in pairs)
    return Coefficient((equal * units - by_chance) / (units**2 - by_chance))


def krippendorff_alpha(units: Sequence[Sequence[Value]]) -> Coefficient:
    """Agreement of any number of coders, each of whom may have left out units.

    alpha = 1 - D_o / D_e, with the matrix of coincidences o(c, k) = sum over units u of
    (pairs of values c and k in u) / (m_u - 1), its margins n(c) and their sum n:
    D_o = sum over c != k of o(c, k) / n, D_e = sum over c != k of n(c) n(k) / (n (n - 1))

    Args:
        units: what coders say of each unit; a coder who says nothing of it is not among them. Units of which fewer
            than two say something tell nothing.

    Returns:
        at most 1; undefined where no unit has two values, and where all values are the same.

    Source: Krippendorff, "Content Analysis", 2nd ed., 2004, chapter 11; Hayes and Krippendorff, "Answering the call
    for a standard reliability measure for coding data", Communication Methods and Measures 1(1), 2007; nominal metric.
    """
    paired = [unit for unit in units if len(unit) > 1]
    if not paired:
        return NOTHING_SHARED
    margins = Counter(value for unit in paired for value in unit)
    total = sum(margins.values())
    expected = total**2 - sum(count**2 for count in margins.values())
    if expected == 0:
        return NO_VARIATION
    observed = sum(sum(one != other for one, other in permutations(unit, 2)) / (len(unit) - 1) for unit in paired)
    return Coefficient(1 - (total - 1) * observed / expected)
