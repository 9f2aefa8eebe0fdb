"""How things are measured side by side: in rounds, interleaved, in rotated order, as ratios with intervals.

A run above a load of 2.5 is void: what it found about recall and errors counts, its times do not.
"""

import json
import os
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

HIGHEST_LOAD = 2.5
RESULTS = Path(__file__).resolve().parent / "results"
_DRAWS = 1_000

Asked = TypeVar("Asked")
Times = dict[str, list[list[float]]]
"""Milliseconds of each question, by system and round."""


@dataclass(frozen=True)
class Ratio:
    """The median over rounds of one percentile ÷ another, and the interval that holds it in 95 of 100 draws."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True)
class Measured:
    """A number beside its goal, if it has one, such as `≤ 2`."""

    name: str
    value: float | str
    unit: str = ""
    goal: str = ""


def interleave(
    systems: Mapping[str, Callable[[Asked], object]], questions: Sequence[Asked], rounds: int, warm: int = 10
) -> Times:
    """Ask every question of every system, one after the other; who is first changes with each question."""
    names = list(systems)
    for question in questions[:warm]:
        for ask in systems.values():
            ask(question)
    times: Times = {name: [] for name in names}
    for turn in range(rounds):
        for name in names:
            times[name].append([])
        for place, question in enumerate(questions):
            first = (place + turn) % len(names)
            for name in names[first:] + names[:first]:
                start = time.perf_counter()
                systems[name](question)
                times[name][-1].append((time.perf_counter() - start) * 1000)
    return times


def percentile(times: Sequence[float], share: int) -> float:
    """The value that so many in a hundred do not exceed."""
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def over_rounds(rounds: Sequence[Sequence[float]], share: int) -> float:
    """The median over rounds of a percentile."""
    return statistics.median(percentile(times, share) for times in rounds)


def ratio(ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]], share: int) -> Ratio:
    """Compare two systems round by round; the interval is of a bootstrap over the questions of each round."""
    pairs = list(zip(ours, theirs, strict=True))
    value = statistics.median(percentile(one, share) / percentile(other, share) for one, other in pairs)
    chance = random.Random(7)  # noqa: S311
    drawn = sorted(
        statistics.median(_drawn(one, share, chance) / _drawn(other, share, chance) for one, other in pairs)
        for _ in range(_DRAWS)
    )
    return Ratio(value, drawn[_DRAWS // 40], drawn[-_DRAWS // 40])


def _drawn(times: Sequence[float], share: int, chance: random.Random) -> float:
    return percentile(chance.choices(times, k=len(times)), share)


def load() -> float:
    """The load average of the last minute."""
    return os.getloadavg()[0]


def write_results(family: str, measured: Sequence[Measured], highest_load: float) -> str:
    """Keep the results of a family as JSON, and give them as a Markdown table."""
    RESULTS.mkdir(exist_ok=True)
    kept: dict[str, Any] = {
        "family": family,
        "load": round(highest_load, 2),
        "void": highest_load > HIGHEST_LOAD,
        "measured": [asdict(each) for each in measured],
    }
    (RESULTS / f"{family}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return table(kept)


def table(kept: Mapping[str, Any]) -> str:
    """The results of a family as a Markdown table."""
    void = "; void, to be taken again on a quiet machine" if kept["void"] else ""
    rows = [f"| {each['name']} | {_shown(each)} | {each['goal']} |" for each in kept["measured"]]
    return "\n".join([f"load {kept['load']}{void}", "", "| | measured | goal |", "|---|---|---|", *rows]) + "\n"


def _shown(measured: Mapping[str, Any]) -> str:
    value = measured["value"]
    if isinstance(value, float):
        value = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value} {measured['unit']}".strip()
