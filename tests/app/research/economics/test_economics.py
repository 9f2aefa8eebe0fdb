"""The economics of a study in the database, against numbers computed by hand."""

from decimal import Decimal

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.evidence.economics import Group
from app.evidence.valuation import value_customers
from app.library.queries import find_study
from app.models import Customer, Participant
from app.research.economics.invitations import Uninterviewed, invite_next
from app.research.economics.read import Wanted, read_economics


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
    assert [(each.name, each.wanting, each.customers) for each in found.invite_next.bands] == [("200-500", 1, ("C3",))]
    assert [(each.name, each.wanting, each.customers) for each in found.invite_next.classes] == [("A", 1, ("C3",))]


def test_coverage_is_the_share_of_interviews_over_that_of_revenue(shop: Session) -> None:
    """One of two interviews each: 0.5 / 0.1 and 0.5 / 0.8; class A 0 / 0.5, B 0.5 / 0.3, C 0.5 / 0.2."""
    found = read_economics(shop, "shop")
    assert [(band.interview_share, band.coverage) for band in found.bands] == [(0.5, 5.0), (0.5, 0.625)]
    assert [band.coverage for band in found.classes] == pytest.approx([0.0, 5 / 3, 2.5])
    assert found.sentences == (
        "The band 200-500 brings 80% of the revenue; 1 of 2 interviews with customers were held there (50%).",
        "1 of 4 customers are in no band, because their lifetime value is not known or below zero.",
    )


def test_refunds_can_make_shares_negative(shop: Session) -> None:
    """Of 300 - 100 + 500 + 100 = 800 the second brings -12.5 % and is in no class; all refunded, shares are 0."""
    shop.execute(update(Customer).where(Customer.code == "C2").values(revenue_eur=-100))
    value_customers(shop, find_study(shop, "shop"))
    found = read_economics(shop, "shop")
    assert [(band.revenue_share, band.coverage) for band in found.bands] == [(-0.125, None), (1.0, 0.5)]
    assert found.unclassified_classes is not None
    assert found.unclassified_classes.customers == 1
    shop.execute(update(Customer).values(revenue_eur=-1))
    assert {band.revenue_share for band in read_economics(shop, "shop").bands} == {0.0}
    assert "no revenue" in read_economics(shop, "shop").sentences[0]


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_it_is_told_when_nobody_has_a_lifetime_value(shop: Session, language: str) -> None:
    """Then all are unclassified, and nobody of any band is invited; in English where the language is not known."""
    shop.execute(update(Customer).values(ltv_eur=None))
    value_customers(shop, find_study(shop, "shop"))
    found = read_economics(shop, "shop", Wanted(told_in=language))
    assert (found.bands, found.invite_next.bands) == ((), ())
    assert found.unclassified_bands is not None
    assert found.unclassified_bands.customers == 4
    assert "LTV" in found.sentences[0] or "lifetime value" in found.sentences[0]


def test_invitations_follow_the_plan(shop: Session) -> None:
    """Of ten interviews one, and eight, and none of the unclassified; nobody heard yet makes ten by default."""
    planned = read_economics(shop, "shop", Wanted(planned=10)).invite_next.bands
    assert [(each.name, each.wanting) for each in planned] == [("200-500", 7)]
    shop.execute(update(Participant).values(customer_id=None))
    found = read_economics(shop, "shop")
    assert [(each.name, each.wanting) for each in found.invite_next.bands] == [("200-500", 8), ("50-100", 1)]
    assert found.invite_next.bands[0].customers == ("C3", "C1")
    assert any("No interview is with a known customer" in sentence for sentence in found.sentences)


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
    assert not found.invite_next.bands
    assert found.sentences[0].startswith("The study knows no customers")
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
            interview_share=interviewed / 10,
            coverage=interviewed / 10 / share,
        )

    bands = [band("0-50", 0.1, 6), band("50-100", 0.3, 2), band("100-200", 0.6, 2)]
    invited = invite_next(bands, [Uninterviewed("C7", "100-200"), Uninterviewed("C8", "0-50")])
    assert [(each.name, each.wanting, each.customers) for each in invited] == [
        ("100-200", 4, ("C7",)),
        ("50-100", 1, ()),
    ]


def test_the_route_tells_of_one_study(client: TestClient, shop: Session) -> None:
    """What is right is answered; an unknown study is a problem."""
    assert client.get("/v1/economics", params={"study": "shop"}).json()["customers"] == 4
    assert client.get("/v1/economics", params={"study": "nothing"}).status_code == 404
