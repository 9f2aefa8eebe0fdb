"""Evidence of other classes beside what people said: conclusions with their quotes, documents, never people."""

import pytest
from sqlalchemy import text
from study_factory import MadeStudy, add_study

from app.answering.answer import find_answer
from app.answering.schemas import Answer, OtherCitation, Question
from app.evidence.insights.given import GivenEvidence, NewInsight
from app.evidence.insights.intake import save_insights
from app.evidence.sources.arrivals import Arrival
from app.evidence.sources.facts import SourceFacts
from app.evidence.sources.intake import add_document
from app.models import SourceVersion
from app.services import Services
from app.vocabulary import SourceKind

TAX_DOCUMENT = (
    "Why does the tax document fail them?",
    "¿Por qué falla el documento de impuestos?",
)


def ask(services: Services, question: str, study: str = "nido", **fields: object) -> Answer:
    """Ask without a chat model."""
    return find_answer(Question.model_validate({"question": question, "study": study, **fields}), services)


def cited(answer: Answer, evidence: str) -> list[OtherCitation]:
    """What is cited of a class of evidence other than the interviews."""
    return [each for each in answer.citations if isinstance(each, OtherCitation) and each.evidence == evidence]


def test_a_conclusion_stands_beside_the_words_that_it_rests_on(nido: Services) -> None:
    """Whatever the language of the question; every quote of it is one of a participant, numbered as all others."""
    for question in TAX_DOCUMENT:
        answer = ask(nido, question, limit=20)
        insight = next(each for each in cited(answer, "insight") if each.origin.code == "IN08")
        assert insight.origin.author
        assert insight.origin.rests_on
        assert {quote.n for quote in answer.quotes} >= set(insight.origin.rests_on)
        claim = next(claim for claim in answer.claims if insight.n in claim.citations)
        assert claim.evidence == "insight"
        speakers = {quote.participant for quote in answer.quotes if quote.n in insight.origin.rests_on}
        assert claim.support.participants >= len(speakers) > 0
        assert [each.n for each in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_quotes_of_conclusions_keep_to_the_limit(nido: Services) -> None:
    """However much the conclusions rest on."""
    for question in TAX_DOCUMENT:
        assert len(ask(nido, question, limit=3).quotes) <= 3


def test_conclusions_are_told_of_a_segment_only_where_they_are_about_it(nido: Services) -> None:
    """Nor are words of others cited for them."""
    question = "What do Kapitalo customers say about the bonus?"
    answer = ask(nido, question, filters={"segments": ["optimiser"]})
    assert "IN10" not in [each.origin.code for each in cited(answer, "insight")]
    assert {quote.segment for quote in answer.quotes} <= {"optimiser"}


def test_a_competitors_price_is_answered_from_its_page(nido: Services) -> None:
    """It is external, with its date and link, behind what participants said, and nobody stands behind it."""
    answer = ask(nido, "What does Valora charge per order?")
    (page, *_) = cited(answer, "external")
    assert page.origin.title is not None
    assert page.origin.title.startswith("Valora")
    assert (page.participant, page.interview) == (None, None)
    assert page.span is not None
    with nido.database.sessions() as session:
        stored = session.scalars(
            text("SELECT source_version.text FROM source_version JOIN source ON source.id = source_id").columns(
                SourceVersion.text
            )
        ).all()
    start, end = page.span
    assert page.quote in [document[start:end] for document in stored]
    claim = next(claim for claim in answer.claims if page.n in claim.citations)
    assert (claim.evidence, claim.support.participants) == ("external", 0)
    assert all(claims.evidence != "external" for claims in answer.claims[: answer.claims.index(claim)])


@pytest.mark.parametrize("question", ["How do I bake bread?", "Which planet is the largest?"])
def test_documents_answer_nothing_else(nido: Services, question: str) -> None:
    """What nobody was asked and no document speaks of stays unanswered."""
    answer = ask(nido, question)
    assert (answer.status, answer.citations) == ("no_evidence", ())


def test_documents_count_nobody(services: Services, study: MadeStudy) -> None:
    """The counts of people, and their claims, are the same before and after."""
    question = "Why is everything in one place?"
    before = ask(services, question, "acme")
    for number in range(10):
        words = f"# Everything in one place {number}\n\nPeople say that everything in one place is what they want."
        add_document(
            services,
            study.study_id,
            SourceFacts(SourceKind.OTHER),
            Arrival(f"{number}.md", f"{words} {number}".encode()),
        )
    after = ask(services, question, "acme")
    assert [claim for claim in after.claims if claim.evidence == "interview"] == list(before.claims)
    assert after.quotes == before.quotes
    assert all(claim.support.participants == 0 for claim in after.claims if claim.evidence == "external")


def test_a_stale_conclusion_without_words_is_not_told(services: Services, study: MadeStudy) -> None:
    """It has nothing to rest on; nor is one of another study ever told."""
    statement = "People fear that their money is gone."
    insight = NewInsight("IN01", "anna", statement, evidence=(GivenEvidence("Nie gesagt."),))
    save_insights(services, study.study_id, "test", [insight])
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
    for slug in ("acme", "rival"):
        assert not cited(ask(services, "Do people fear that their money is gone?", slug), "insight")
