"""The economics of a study as they are told: every number counted or computed from counts."""

from decimal import Decimal

from pydantic import Field

from app.customer_value import ValueScheme
from app.evidence.economics import Group
from app.frozen import Frozen


class Invitation(Frozen):
    """A band or class of which too few were interviewed for the revenue that it brings, with customers to invite."""

    name: str
    wanting: int
    customers: tuple[str, ...]


class Invitations(Frozen):
    """Whom to invite next, the most wanting first."""

    bands: tuple[Invitation, ...]
    classes: tuple[Invitation, ...]


class Economics(Frozen):
    """Customers by band and by class; who has no lifetime value, or no revenue, is `unclassified`."""

    study: str
    customers: int
    revenue_eur: Decimal
    scheme: ValueScheme
    bands: tuple[Group, ...]
    classes: tuple[Group, ...]
    unclassified_bands: Group | None
    unclassified_classes: Group | None
    interviewed_without_customer: int
    invite_next: Invitations
    sentences: tuple[str, ...] = Field(description="what it comes to, and what is missing")
