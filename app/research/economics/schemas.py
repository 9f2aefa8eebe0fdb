"""The economics of a study as they are told: every number counted or computed from counts."""

from decimal import Decimal

from app.evidence.economics import Group
from app.frozen import Frozen


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
