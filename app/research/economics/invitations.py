"""Who brings the money, and who of them was heard: interviews of customers against their revenue."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.evidence.economics import Group
from app.research.economics.schemas import Invitation

MOST_INVITED = 10


@dataclass(frozen=True)
class Uninterviewed:
    """A customer whom nobody has interviewed yet."""

    code: str
    band: str


def invite_next(bands: Sequence[Group], customers: Sequence[Uninterviewed]) -> tuple[Invitation, ...]:
    """Say of which bands too few were interviewed for the revenue that they bring, the most wanting first.

    A band's share of the interviews should be its share of the revenue: it wants for
    round(revenue_share * interviewed in all) - interviewed of it.

    Args:
        bands: every band, the unclassified aside.
        customers: those who could be invited, those who bring most first.
    """
    interviewed = sum(band.interviewed for band in bands)
    wanting = [(round(band.revenue_share * interviewed) - band.interviewed, band) for band in bands]
    chosen = sorted((pair for pair in wanting if pair[0] > 0), key=lambda pair: -pair[0])
    return tuple(
        Invitation(
            band=band.name,
            wanting=most,
            customers=tuple(each.code for each in customers if each.band == band.name)[: min(most, MOST_INVITED)],
        )
        for most, band in chosen
    )
