"""The saturation of a study as it is told."""

from typing import Literal

from pydantic import Field

from app.frozen import Frozen

Verdict = Literal["saturated", "open", "insufficient", "untagged", "none"]


class SaturationRun(Frozen):
    """Interviews `first` to `last`, counted from 1, and what only they added."""

    first: int
    last: int
    new: int
    share: float


class SaturationStep(Frozen):
    """One interview in order: the codes that no earlier one told, and how many are told so far.

    `lower`, `median` and `upper` are of random orders of the same interviews, the middle 90 %.
    """

    number: int
    interview: str
    new: tuple[str, ...]
    distinct: int
    lower: int
    median: int
    upper: int


class Conclusion(Frozen):
    """What interviews come to by the rule.

    `saturated_at` is the interview before the first quiet run, as the source has it; `steady_since` the one after which
    no run was loud any more, which decides the verdict. `codes_expected` estimates how many codes there are,
    `more_interviews` how many further interviews would tell 95 % of them.
    """

    verdict: Verdict = Field(description="`insufficient`: fewer interviews than the rule needs")
    saturated_at: int | None
    steady_since: int | None
    last_new: int
    codes_expected: float
    more_interviews: int
    sentence: str


class Saturation(Conclusion):
    """How much each further interview still tells."""

    study: str
    segment: str | None
    language: str | None
    base: int
    run: int
    threshold: float
    steps: tuple[SaturationStep, ...]
    runs: tuple[SaturationRun, ...]


class SaturationGroup(Conclusion):
    """What the interviews of one segment, or in one language, come to."""

    name: str
    interviews: int
    codes: int


class SaturationGroups(Frozen):
    """The saturation of each segment or language."""

    study: str
    by: Literal["segment", "language"]
    base: int
    run: int
    threshold: float
    groups: tuple[SaturationGroup, ...]
