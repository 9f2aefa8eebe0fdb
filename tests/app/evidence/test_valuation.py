"""Bands and classes follow the scheme of their study, and filters and questions follow them."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.answering.queries import check_filters, read_vocabulary
from app.answering.schemas import Question
from app.answering.understand import understand
from app.customer_value import ValueScheme
from app.errors import InvalidInputError
from app.evidence.valuation import read_scheme, save_scheme
from app.library.queries import find_study
from app.models import Customer
from app.scope import Filters


def valued(session: Session) -> dict[str, tuple[str | None, str | None]]:
    """Band and class of each customer."""
    rows = session.execute(select(Customer.code, Customer.band, Customer.abcd_class).order_by(Customer.code))
    return {code: (band, abcd_class) for code, band, abcd_class in rows}


def test_a_scheme_values_all_customers_anew(shop: Session) -> None:
    """LTV 250, 60, 450 and none, revenue 300, 100, 500, 100: by other limits, by limits of classes, and back again."""
    by_default = {"C1": ("200-500", "B"), "C2": ("50-100", "C"), "C3": ("200-500", "A"), "C4": (None, "C")}
    study_id = find_study(shop, "shop")
    assert valued(shop) == by_default
    save_scheme(shop, study_id, ValueScheme.model_validate({"bands_eur": [60, 300], "class_shares": {"A": "1"}}))
    assert valued(shop) == {"C1": ("60-300", "A"), "C2": ("60-300", "A"), "C3": ("300+", "A"), "C4": (None, "A")}
    save_scheme(shop, study_id, ValueScheme.model_validate({"class_limits_eur": {"A": 250, "B": 100}}))
    assert [each[1] for each in valued(shop).values()] == ["A", "C", "A", None]
    save_scheme(shop, study_id, None)
    assert valued(shop) == by_default
    assert read_scheme(shop, study_id) == ValueScheme()


@pytest.mark.parametrize(
    ("question", "band"),
    [("What do customers over 1,500 euros LTV fear?", "1500+"), ("LTV-Band 30–1.500: was war der Anlass?", "30-1500")],
)
def test_questions_name_the_bands_of_the_study(shop: Session, question: str, band: str) -> None:
    """Bands that are not those by default are recognised by their limits."""
    study_id = find_study(shop, "shop")
    for customer in shop.scalars(select(Customer).where(Customer.code == "C3")):
        customer.ltv_eur = customer.ltv_eur and customer.ltv_eur * 10
    shop.flush()
    save_scheme(shop, study_id, ValueScheme(bands_eur=(30, 1500)))
    understood = understand(Question(question=question, study="shop"), read_vocabulary(shop, "shop"))
    assert understood.filters.bands == (band,)


def test_a_band_that_the_study_does_not_have_is_refused(shop: Session, client: TestClient) -> None:
    """Bands without customers are known all the same; others are refused with those that there are."""
    check_filters(read_vocabulary(shop, "shop"), Filters(bands=("1000+", "0-50")))
    with pytest.raises(InvalidInputError) as refusal:
        check_filters(read_vocabulary(shop, "shop"), Filters(bands=("200-499",)))
    assert "known: 0-50, 50-100" in str(refusal.value.faults[0])
    response = client.get("/v1/quotes", params={"study": "shop", "band": "7-9"})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "#/query/band")
