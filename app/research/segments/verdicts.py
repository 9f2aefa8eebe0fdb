"""Whether somebody qualifies for a segment, by how many of its criteria are met. Pure functions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.research.segments.signs import Weighed

Verdict = Literal["qualifies", "does_not", "undecided"]

LEAST_CRITERIA = 2
LEAST_SHARE = 2 / 3
LEAST_LEAD = 0.25


@dataclass(frozen=True)
class Tally:
    """How many criteria of a segment are met, failed, contradictory and unknown."""

    met: int
    failed: int
    contradictory: int
    unknown: int

    @property
    def of(self) -> int:
        """All of them."""
        return self.met + self.failed + self.contradictory + self.unknown

    @property
    def share(self) -> float | None:
        """Of the criteria that are met or failed those that are met, in [0, 1]; `None` without any."""
        return self.met / (self.met + self.failed) if self.met + self.failed else None

    @property
    def balance(self) -> float:
        """(met - failed) / all, in [-1, 1]; 0 without criteria."""
        return (self.met - self.failed) / self.of if self.of else 0.0

    @property
    def enough(self) -> int:
        """How many criteria decide: two, or the only one."""
        return min(LEAST_CRITERIA, self.of) or LEAST_CRITERIA


@dataclass(frozen=True)
class Judged:
    """A segment's tally, how far its balance is ahead of the best other one, and the verdict."""

    tally: Tally
    lead: float
    verdict: Verdict


def count(weighed: Sequence[Weighed]) -> Tally:
    """Count the verdicts on the criteria of a segment, each criterion once."""
    found = Counter(each.verdict for each in weighed)
    return Tally(found["met"], found["failed"], found["contradictory"], found["unknown"])


def judge(tallies: Mapping[str, Tally]) -> dict[str, Judged]:
    """Judge every segment by its slug.

    Somebody qualifies for a segment who meets at least two of its criteria (or the only one) and two thirds of those
    that are met or failed, where its balance leads that of every other segment by a quarter. Somebody does not belong
    to a segment who fails at least two of its criteria (or the only one) and meets no more than a third of those that
    are met or failed. All else is undecided.
    """
    judged = {}
    for slug, tally in tallies.items():
        others = [other.balance for name, other in tallies.items() if name != slug]
        lead = tally.balance - max(others, default=0.0)
        judged[slug] = Judged(tally, lead, _verdict(tally, lead))
    return judged


def leading(judged: Mapping[str, Judged]) -> str | None:
    """The segment that is ahead of all others and of which more criteria are met than failed; `None` if none is."""
    ahead = [slug for slug, each in judged.items() if each.lead > 0 and each.tally.balance > 0]
    return ahead[0] if ahead else None


def _verdict(tally: Tally, lead: float) -> Verdict:
    if tally.share is None:
        return "undecided"
    if tally.met >= tally.enough and tally.share >= LEAST_SHARE and lead >= LEAST_LEAD:
        return "qualifies"
    return "does_not" if tally.failed >= tally.enough and tally.share <= 1 - LEAST_SHARE else "undecided"
