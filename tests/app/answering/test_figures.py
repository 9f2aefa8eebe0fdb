"""Questions about money: figures of the customer base by SQL, beside what the people who bring it said."""

import pytest
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from app.answering.answer import find_answer
from app.answering.schemas import Answer, OtherCitation, Question
from app.models import Customer
from app.scope import Filters
from app.services import Services

MONEY = {
    "en": "Which customers bring the money and why do they stay?",
    "de": "Welche Kunden bringen das Geld, und wovor haben sie Angst?",
    "es": "¿Qué clientes traen el dinero y por qué se quedan?",
}


def ask(services: Services, question: str, study: str = "nido", **fields: object) -> Answer:
    """Ask without a chat model."""
    return find_answer(Question.model_validate({"question": question, "study": study, **fields}), services)


def figures(answer: Answer) -> list[OtherCitation]:
    """What is cited of the customer base."""
    return [each for each in answer.citations if isinstance(each, OtherCitation)]


@pytest.mark.parametrize("language", MONEY)
def test_figures_stand_beside_the_words_of_those_who_bring_the_money(nido: Services, language: str) -> None:
    """The band with most of the revenue becomes a filter, which is shown and can be taken off; counts are SQL's."""
    answer = ask(nido, MONEY[language])
    assert answer.filters.bands == ("200-500",)
    assert [(facet.field, facet.value) for facet in answer.facets if facet.hard] == [("bands", "200-500")]
    (told,) = figures(answer)
    with nido.database.sessions() as session:
        row = session.execute(
            text(
                "SELECT count(*) FILTER (WHERE band = '200-500') AS customers, round("
                "100 * sum(revenue_eur) FILTER (WHERE band = '200-500') / sum(revenue_eur)) AS share FROM customer"
            )
        ).one()
    assert str(row.customers) in told.quote
    assert row.share == 56
    assert "56" in told.quote
    assert answer.claims[0].text == told.quote
    assert answer.claims[0].support.participants == 0
    assert {quote.participant for quote in answer.quotes} <= people_of_band(nido, "200-500")
    assert ask(nido, MONEY[language], recognise=False).filters == Filters()


def people_of_band(services: Services, band: str) -> set[str]:
    """The participants of a band."""
    statement = "SELECT participant.code FROM participant JOIN customer ON customer.id = customer_id WHERE band = :band"
    with services.database.sessions() as session:
        return set(session.execute(text(statement), {"band": band}).scalars())


def test_other_questions_are_not_told_figures(nido: Services) -> None:
    """Neither where money only comes up, nor where a filter on customers is given."""
    assert not figures(ask(nido, "What did people fear would happen to their money?"))
    assert not figures(ask(nido, "What did people fear?", filters={"bands": ["200-500"]}))


def test_figures_by_hand(shop: Session, services: Services) -> None:
    """Of 1,000 euros the band 200-500 brings 800, with two customers of whom one was interviewed."""
    answer = ask(services, "Wer bringt den meisten Umsatz?", "shop")
    (told,) = figures(answer)
    assert told.quote == (
        "LTV-Band 200-500: 2 von 4 Kunden bringen 80\N{NO-BREAK SPACE}% des Umsatzes (800,00\N{NO-BREAK SPACE}€); "
        "mittlerer Kundenwert 350,00\N{NO-BREAK SPACE}€, 1 interviewt"
    )
    assert (told.evidence, told.participant, told.origin.code) == ("economics", None, "200-500")


def test_figures_answer_where_nobody_said_anything(shop: Session, services: Services) -> None:
    """The answer is partial then: it says that no participant speaks of it, and what to ask."""
    answer = ask(services, "Which customers bring in most of the revenue?", "shop", filters={"codes": ["AX3"]})
    assert figures(answer)
    assert answer.status == ("partial" if not answer.quotes else "answered")
    if not answer.quotes:
        assert answer.gaps
        assert answer.summary.splitlines()[0].startswith("No participant")


def test_without_customers_nobody_is_said_to_bring_money(shop: Session, services: Services) -> None:
    """Nothing is guessed: no figures, and no band becomes a filter."""
    shop.execute(delete(Customer))
    shop.commit()
    answer = ask(services, "Wer bringt den meisten Umsatz?", "shop")
    assert not figures(answer)
    assert answer.filters == Filters()


def test_bands_that_bring_half_are_the_fewest(shop: Session, services: Services) -> None:
    """Two bands where no single one brings half of the revenue; a customer without a value belongs to none."""
    shop.execute(text("UPDATE customer SET revenue_eur = 300, band = code WHERE code <> 'C4'"))
    shop.execute(text("UPDATE customer SET revenue_eur = 5000, band = NULL WHERE code = 'C4'"))
    shop.commit()
    answer = ask(services, "Wer bringt den meisten Umsatz?", "shop")
    assert answer.filters.bands == ("C1", "C2")
    assert len(figures(answer)) == 2
