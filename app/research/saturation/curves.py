"""Saturation: what each further interview still tells that no earlier one told. Pure functions over sets of codes."""

import math
import random
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

Codes = Set[str]


@dataclass(frozen=True)
class StoppingRule:
    """When a study is saturated: a run of interviews adds at most `threshold` of what the base told.

    Source: Guest, Namey, Chen, "A simple method to assess and report thematic saturation in qualitative research",
    PLoS ONE 15(5), 2020: base 4, run 2, threshold 5 %.
    """

    base: int = 4
    run: int = 2
    threshold: float = 0.05


@dataclass(frozen=True)
class Run:
    """Interviews `first` to `last` (counted from 1), how many codes they added, and these as a share of the base."""

    first: int
    last: int
    new: int
    share: float


@dataclass(frozen=True)
class Band:
    """Of many random orders, how many distinct codes so many interviews tell: shape (n_interviews,) each."""

    lower: tuple[int, ...]
    median: tuple[int, ...]
    upper: tuple[int, ...]


@dataclass(frozen=True)
class Forecast:
    """How many codes there are to be found, estimated, and how many more interviews would tell nearly all of them.

    Source: Chao2 (Chao, Biometrics 43, 1987) and Chao, Colwell, Lin, Gotelli, Ecology 90, 2009, equation 12.
    """

    codes: float
    more_interviews: int


def count_distinct(interviews: Sequence[Codes]) -> tuple[int, ...]:
    """How many distinct codes the first 1, 2, … n interviews tell."""
    told: set[str] = set()
    counts = []
    for codes in interviews:
        told |= codes
        counts.append(len(told))
    return tuple(counts)


def last_news(interviews: Sequence[Codes]) -> int:
    """The last interview (counted from 1) that told something new; 0 where none tells anything."""
    counts = (0, *count_distinct(interviews))
    return max((place for place in range(1, len(counts)) if counts[place] > counts[place - 1]), default=0)


def measure_runs(interviews: Sequence[Codes], rule: StoppingRule) -> tuple[Run, ...]:
    """The new information of each full run after the base; runs overlap: each begins one interview after the last.

    Empty where the base tells nothing, or where no full run follows it.
    """
    counts = count_distinct(interviews)
    if len(counts) < rule.base + rule.run or not counts[rule.base - 1]:
        return ()
    ends = range(rule.base + rule.run, len(counts) + 1)
    added = [(end, counts[end - 1] - counts[end - rule.run - 1]) for end in ends]
    return tuple(Run(end - rule.run + 1, end, new, new / counts[rule.base - 1]) for end, new in added)


def saturated_at(interviews: Sequence[Codes], rule: StoppingRule) -> int | None:
    """The interview (counted from 1) before the first run that adds no more than the threshold; `None` if none does."""
    return next((run.first - 1 for run in measure_runs(interviews, rule) if run.share <= rule.threshold), None)


def steady_since(interviews: Sequence[Codes], rule: StoppingRule) -> int | None:
    """The interview (counted from 1) since which no run added more than the threshold; `None` if the last one did.

    Saturation by the first quiet run alone, as in the source, would not see that later interviews told more.
    """
    runs = measure_runs(interviews, rule)
    loud = max((place for place, run in enumerate(runs, start=1) if run.share > rule.threshold), default=0)
    return runs[loud].first - 1 if loud < len(runs) else None


def shuffle_orders(interviews: Sequence[Codes], orders: int, seed: int) -> Band:
    """What random orders of the same interviews would have shown: the middle 90 % and the median."""
    draw = random.Random(seed)  # noqa: S311 no secret
    curves = sorted_columns([count_distinct(draw.sample(interviews, len(interviews))) for _ in range(orders)])
    return Band(*(tuple(column[round(share * (orders - 1))] for column in curves) for share in (0.05, 0.5, 0.95)))


def sorted_columns(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Each column of a table, sorted."""
    return [sorted(column) for column in zip(*rows, strict=True)]


def forecast(interviews: Sequence[Codes], share: float = 0.95) -> Forecast:
    """Estimate how many codes there are, from those that one or two interviews tell, and how many more to hold.

    With n interviews, S distinct codes, Q1 of them told by one interview and Q2 by two:
    S_all = S + (n - 1) / n * Q1² / (2 Q2), bias-corrected where Q2 = 0; and to find the share g of them takes
    m = ln(1 - n / (n - 1) * 2 Q2 / Q1² * (g S_all - S)) / ln(1 - 2 Q2 / ((n - 1) Q1 + 2 Q2)) more.
    """
    interviewed, told = len(interviews), Counter(code for codes in interviews for code in codes)
    once, twice = (sum(count == often for count in told.values()) for often in (1, 2))
    if interviewed < 2 or not once:
        return Forecast(len(told), 0)
    shrink = (interviewed - 1) / interviewed
    unseen = shrink * once**2 / (2 * twice) if twice else shrink * once * (once - 1) / 2
    missing = share * (len(told) + unseen) - len(told)
    if missing <= 0:
        return Forecast(len(told) + unseen, 0)
    pairs = 2 * max(twice, 1)
    left = 1 - missing / (shrink * once**2 / pairs)
    more = math.log(max(left, 1e-9)) / math.log(1 - pairs / ((interviewed - 1) * once + pairs))
    return Forecast(len(told) + unseen, math.ceil(more))
