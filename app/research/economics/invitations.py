"""Who brings the money, and who of them was heard: interviews of customers against their revenue."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.evidence.economics import Group
from app.research.economics.schemas import Invitation

MOST_INVITED = 10
FIRST_INTERVIEWS = 10
"""How many interviews are shared out among the groups while none was held."""


@dataclass(frozen=True)
class Uninterviewed:
    """A customer whom nobody has interviewed yet, and the band or class."""

    code: str
    group: str


def invite_next(
    groups: Sequence[Group], customers: Sequence[Uninterviewed], planned: int | None = None
) -> tuple[Invitation, ...]:
    """Say of which groups too few were interviewed for the revenue that they bring, the most wanting first.

    A group's share of the interviews should be its share of the revenue: it wants for
    round(revenue_share * interviews) - interviewed of it.

    Args:
        groups: every band or every class, the unclassified aside.
        customers: those who could be invited, those who bring most first.
        planned: how many interviews there will be in the end; unset, as many as there are.
    """
    interviewed = sum(group.interviewed for group in groups)
    target = max(planned or 0, interviewed) or FIRST_INTERVIEWS
    wanting = [(round(group.revenue_share * target) - group.interviewed, group) for group in groups]
    chosen = sorted((pair for pair in wanting if pair[0] > 0), key=lambda pair: -pair[0])
    return tuple(
        Invitation(
            name=group.name,
            wanting=most,
            customers=tuple(each.code for each in customers if each.group == group.name)[: min(most, MOST_INVITED)],
        )
        for most, group in chosen
    )
