"""Customers of a file into a study, by hand-checked numbers."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from table_sample import table_of

from app.errors import NotFoundError
from app.models import Customer, Participant
from app.research.customers.importing import import_customers
from app.research.economics.read import read_economics

FILE = """customer_id,ltv,revenue,country
c1,600,800,DE
 C3 ,10,100,ES
N1,,300,
"""


def customers_of(session: Session) -> dict[str, tuple[Decimal | None, str | None, str | None]]:
    """Revenue, band and class of each customer."""
    session.expire_all()
    rows = session.scalars(select(Customer).order_by(Customer.code))
    return {row.code: (row.revenue_eur, row.band, row.abcd_class) for row in rows}


def test_customers_are_added_and_updated_by_code(shop: Session) -> None:
    """Known ones keep their spelling and what the file does not speak of; bands and classes are those of all."""
    report = import_customers(shop, "shop", table_of(FILE), dry_run=False)
    assert (report.customers, report.added, report.updated, report.removed, report.unclassified) == (3, 1, 2, 0, 1)
    assert customers_of(shop) == {
        "C1": (Decimal("800.00"), "500-1000", "A"),
        "C2": (Decimal("100.00"), "50-100", "B"),
        "C3": (Decimal("100.00"), "0-50", "C"),
        "C4": (Decimal("100.00"), None, "C"),
        "N1": (Decimal("300.00"), None, "B"),
    }
    first = shop.scalars(select(Customer).where(Customer.code == "C1")).one()
    assert (first.purchases, first.attributes["country"]) == (4, "DE")
    assert read_economics(shop, "shop").customers == 5


def test_importing_twice_changes_nothing(shop: Session) -> None:
    """The second time all are known."""
    import_customers(shop, "shop", table_of(FILE), dry_run=False)
    before = customers_of(shop)
    report = import_customers(shop, "shop", table_of(FILE), dry_run=False)
    assert (report.added, report.updated) == (0, 3)
    assert customers_of(shop) == before


def test_a_dry_run_says_the_same_and_changes_nothing(shop: Session) -> None:
    """Also which customers of participants would be unknown."""
    before = customers_of(shop)
    table = table_of(FILE, replace=True)
    told = import_customers(shop, "shop", table, dry_run=True)
    assert customers_of(shop) == before
    done = import_customers(shop, "shop", table, dry_run=False)
    assert done.model_copy(update={"dry_run": True}) == told


def test_replacing_removes_who_is_not_in_the_file(shop: Session) -> None:
    """A participant whose customer is gone is told, and is the customer again when it comes back."""
    report = import_customers(shop, "shop", table_of(FILE, replace=True), dry_run=False)
    assert (report.removed, list(customers_of(shop))) == (2, ["C1", "C3", "N1"])
    assert [(each.participant, each.customer_id) for each in report.unknown_customers] == [("P02", "C2")]
    assert read_economics(shop, "shop").interviewed_without_customer == 2
    back = import_customers(shop, "shop", table_of("customer_id,ltv\nC2,70\n"), dry_run=False)
    assert not back.unknown_customers
    linked = shop.scalars(select(Participant.customer_code).where(Participant.customer_id.is_not(None)))
    assert set(linked) == {"C1", "C2"}


def test_of_one_study_alone(shop: Session) -> None:
    """An unknown study is refused."""
    with pytest.raises(NotFoundError):
        import_customers(shop, "nothing", table_of(FILE), dry_run=False)
