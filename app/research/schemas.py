"""The research artefacts as they are told: frozen, every number counted or computed from counts."""

from decimal import Decimal

from pydantic import Field

from app.answering.schemas import Frozen


class Group(Frozen):
    """Customers of one LTV band or ABCD class; shares are of all revenue, in [0, 1]."""

    name: str
    customers: int
    mean_purchases: float | None
    revenue_eur: Decimal
    revenue_share: float
    mean_ltv_eur: Decimal | None
    interviewed: int = Field(description="participants who are such customers")


class Invitation(Frozen):
    """A band of which too few were interviewed for the revenue that it brings, with customers to invite."""

    band: str
    wanting: int
    customers: tuple[str, ...]


class Economics(Frozen):
    """Customers by band and by class; who has no lifetime value, or no revenue, is `unclassified`."""

    study: str
    customers: int
    revenue_eur: Decimal
    bands: tuple[Group, ...]
    classes: tuple[Group, ...]
    unclassified_bands: Group | None
    unclassified_classes: Group | None
    interviewed_without_customer: int
    invite_next: tuple[Invitation, ...]


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
