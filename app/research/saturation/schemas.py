"""The saturation of a study as it is told."""

from app.frozen import Frozen


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


class Saturation(Frozen):
    """How much each further interview still tells.

    `codes_expected` estimates how many codes there are, `more_interviews` how many further interviews would tell 95 %.
    """

    study: str
    segment: str | None
    language: str | None
    base: int
    run: int
    threshold: float
    steps: tuple[SaturationStep, ...]
    runs: tuple[SaturationRun, ...]
    saturated_at: int | None
    last_new: int
    codes_expected: float
    more_interviews: int
    sentence: str
