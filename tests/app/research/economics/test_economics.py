"""The economics of a study in the database, against numbers computed by hand."""

from decimal import Decimal

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.evidence.economics import Group
from app.models import Customer
from app.research.economics.invitations import Uninterviewed, invite_next
from app.research.economics.read import read_economics


def test_bands_and_classes_by_hand(shop: Session) -> None:
    """Shares are of all revenue; who has no lifetime value is unclassified; who is no customer is told."""
    found = read_economics(shop, "shop")
    assert (found.customers, found.revenue_eur, found.interviewed_without_customer) == (4, Decimal("1000.00"), 1)
    assert [(band.name, band.customers, band.revenue_share, band.interviewed) for band in found.bands] == [
        ("50-100", 1, 0.1, 1),
        ("200-500", 2, 0.8, 1),
    ]
    rich = found.bands[1]
    assert (rich.mean_purchases, rich.mean_ltv_eur, rich.revenue_eur) == (5.0, Decimal("350.00"), Decimal("800.00"))
    assert found.unclassified_bands is not None
    assert (found.unclassified_bands.customers, found.unclassified_bands.mean_ltv_eur) == (1, None)
    assert [(group.name, group.customers) for group in found.classes] == [("A", 1), ("B", 1), ("C", 2)]
    assert [(each.band, each.wanting, each.customers) for each in found.invite_next] == [("200-500", 1, ("C3",))]


def test_no_customers_are_no_fault(shop: Session) -> None:
    """A study whose customers earn nothing has no shares; an unknown study is refused."""
    shop.execute(update(Customer).values(revenue_eur=0))
    assert {band.revenue_share for band in read_economics(shop, "shop").bands} == {0.0}
    with pytest.raises(NotFoundError):
        read_economics(shop, "nothing")


def test_a_study_without_customers_says_so(shop: Session) -> None:
    """Nobody is counted, and nobody is invited."""
    shop.execute(delete(Customer))
    found = read_economics(shop, "shop")
    assert (found.customers, found.revenue_eur) == (0, Decimal(0))
    assert not found.bands
    assert not found.invite_next
    assert found.interviewed_without_customer == 3


def test_the_most_wanting_band_comes_first() -> None:
    """Of ten interviews a band with 60 % of the revenue should have six; a band with enough is not named."""

    def band(name: str, share: float, interviewed: int) -> Group:
        return Group(
            name=name,
            customers=9,
            mean_purchases=None,
            revenue_eur=Decimal(1),
            revenue_share=share,
            mean_ltv_eur=None,
            interviewed=interviewed,
        )

    bands = [band("0-50", 0.1, 6), band("50-100", 0.3, 2), band("100-200", 0.6, 2)]
    invited = invite_next(bands, [Uninterviewed("C7", "100-200"), Uninterviewed("C8", "0-50")])
    assert [(each.band, each.wanting, each.customers) for each in invited] == [
        ("100-200", 4, ("C7",)),
        ("50-100", 1, ()),
    ]


def test_the_route_tells_of_one_study(client: TestClient, shop: Session) -> None:
    """What is right is answered; an unknown study is a problem."""
    assert client.get("/v1/economics", params={"study": "shop"}).json()["customers"] == 4
    assert client.get("/v1/economics", params={"study": "nothing"}).status_code == 404
