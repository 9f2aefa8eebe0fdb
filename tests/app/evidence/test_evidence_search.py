"""The search in sources and insights of the sample study: the right thing across languages, and nothing by chance."""

import pytest
from sqlalchemy import select
from study_factory import MadeStudy, add_study

from app.evidence.insights.given import GivenEvidence, NewInsight
from app.evidence.insights.intake import save_insights
from app.evidence.insights.search import FoundInsight, ask_insights, search_insights
from app.evidence.sources.arrivals import Arrival
from app.evidence.sources.facts import SourceFacts
from app.evidence.sources.intake import add_document
from app.evidence.sources.search import FoundChunk, ask_sources, search_sources
from app.models import SourceVersion, Study
from app.services import Services
from app.vocabulary import SourceKind

OFF_TOPIC = (
    "How do you bake bread with a crisp crust?",
    "Which planet is the largest in the solar system?",
    "When does the next bus to the airport leave?",
    "Wie viele Planeten hat unser Sonnensystem?",
    "Wie backe ich Brot ohne Hefe?",
    "¿A qué hora sale el autobús al centro?",
    "¿Cuál es el planeta más grande?",
    "Who won the football match yesterday?",
    "Wie wird das Wetter morgen in Hamburg?",
    "¿Cómo se prepara una paella?",
    "What is the capital of Australia?",
    "How tall is Mount Everest?",
    "Wann wurde Goethe geboren?",
    "Can cats eat tomatoes?",
    "¿Dónde puedo comprar zapatos rojos?",
    "How do I change a bicycle tyre?",
    "Was macht ein Imker im Winter?",
    "¿Quién pintó Las Meninas?",
    "Why is the sky blue?",
    "Welche Schuhe passen zu einem grünen Kleid?",
)


def sources_for(
    services: Services, question: str, study: str = "nido", limit: int = 5, **scope: tuple[str, ...]
) -> tuple[FoundChunk, ...]:
    """What the sources of a study say to a question."""
    vector = services.embedder.embed_questions([question])[0]
    kinds = tuple(SourceKind(kind) for kind in scope.get("kinds", ()))
    query = ask_sources(question, vector, services.embedder, kinds, scope.get("competitors", ()))
    with services.database.sessions() as session:
        study_id = session.scalars(select(Study.id).where(Study.slug == study)).one()
        return search_sources(session, study_id, query, limit)


def insights_for(
    services: Services, question: str, study: str = "nido", segments: tuple[str, ...] = ()
) -> tuple[FoundInsight, ...]:
    """The insights of a study that answer a question."""
    vector = services.embedder.embed_questions([question])[0]
    with services.database.sessions() as session:
        study_id = session.scalars(select(Study.id).where(Study.slug == study)).one()
        return search_insights(session, study_id, ask_insights(question, vector, services.embedder, segments), 5)


@pytest.mark.parametrize(
    ("question", "title", "words"),
    [
        ("What does Valora charge per order?", "Valora: Preise", "genau einen Euro"),
        ("Was kostet ein Sparplan bei Valora?", "Valora: Preise", "Sparplan, je Ausführung | 1,00 €"),
        ("¿Qué bono da Kapitalo?", "Kapitalo: bono de bienvenida", "Los 50 €"),
        ("Do Germans and Spaniards save differently?", "Two ways of not spending", "Zaragoza"),
        ("Wie viele Typen hat Kapitalo?", "Kapitalo: So funktioniert", "Sieben Typen"),
        ("¿Cuánto cuesta una orden en Valora?", "Valora: Preise", "genau einen Euro"),
        ("¿Cómo ahorran los españoles?", "Two ways of not spending", "Zaragoza"),
    ],
)
def test_questions_find_what_answers_them(nido: Services, question: str, title: str, words: str) -> None:
    """In any of three languages, whatever language the document is in; each is a stretch of the stored text."""
    best = sources_for(nido, question)[0]
    assert best.title.startswith(title)
    assert words in best.text
    with nido.database.sessions() as session:
        stored = session.scalars(select(SourceVersion.text).where(SourceVersion.id == best.version_id)).one()
    assert stored[best.start : best.end] == best.text


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_what_nothing_answers_finds_nothing(nido: Services, question: str) -> None:
    """Questions about bread, planets and buses, in sources and in insights."""
    assert sources_for(nido, question) == ()
    assert insights_for(nido, question) == ()


def test_what_is_about_another_competitor_is_left_out(nido: Services) -> None:
    """Who asks about one of them is not told what another charges."""
    found = sources_for(nido, "What does Valora charge per order?", limit=50)
    assert {chunk.competitor for chunk in found} <= {"Valora", None}
    assert len(found) > 1


def test_scopes_narrow(nido: Services) -> None:
    """Kinds and competitors that are asked for."""
    question = "What do accounts and orders cost per month and year?"
    assert {chunk.kind for chunk in sources_for(nido, "How do people save?", kinds=("article",))} == {"article"}
    found = sources_for(nido, question, competitors=("Kapitalo", "Hausbank"), limit=50)
    assert {chunk.competitor for chunk in found} == {"Kapitalo", "Hausbank"}
    assert len(sources_for(nido, question, limit=1)) == 1


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("¿Por qué falla el documento de impuestos?", "IN08"),
        ("Wann ist es für Vorsichtige ein Erfolg?", "IN12"),
        ("What do Kapitalo customers say about the bonus?", "IN10"),
        ("What does the worst-case simulation do?", "IN06"),
        ("Why do people write to the chat before paying?", "IN09"),
    ],
)
def test_questions_find_insights_with_their_quotes(nido: Services, question: str, code: str) -> None:
    """The best is the right one, and it leads to words of participants."""
    best = insights_for(nido, question)[0]
    assert (best.code, best.is_stale, len(best.quotes)) == (code, False, best.balance.given)
    assert all(quote.participant and quote.words for quote in best.quotes)


def test_insights_for_all_customers_hold_for_each_segment(nido: Services) -> None:
    """A segment leaves those for it, and those for all."""
    question = "What do Kapitalo customers say about the bonus?"
    assert "IN10" in [found.code for found in insights_for(nido, question, segments=("starter",))]
    assert "IN10" not in [found.code for found in insights_for(nido, question, segments=("optimiser",))]
    assert "IN08" in [found.code for found in insights_for(nido, "Is the tax document late?", segments=("careful",))]


def test_only_what_a_study_holds_is_found(services: Services, study: MadeStudy) -> None:
    """The sources and insights of another study are not there, nor superseded versions, nor retired insights."""
    with services.database.sessions.begin() as session:
        rival = add_study(session, services.embedder, "rival")
    document = Arrival("a.md", b"# Zebra fees\n\nThe zebra bank takes five euros for every zebra account, each month.")
    add_document(services, rival.study_id, SourceFacts(SourceKind.OTHER), document)
    insight = NewInsight("IN01", "anna", "People think that zebra accounts cost too much each month.")
    save_insights(services, rival.study_id, "test", [insight])
    question = "What does a zebra account cost?"
    assert [chunk.source for chunk in sources_for(services, question, "rival")] == ["S01"]
    assert [found.code for found in insights_for(services, question, "rival")] == ["IN01"]
    assert sources_for(services, question, "acme") == ()
    assert insights_for(services, question, "acme") == ()


def test_an_insight_without_evidence_says_so(services: Services, study: MadeStudy) -> None:
    """It is found, stale, and has no quotes to cite."""
    insight = NewInsight(
        "IN01", "anna", "People fear that their money is gone.", evidence=(GivenEvidence("Nie gesagt."),)
    )
    save_insights(services, study.study_id, "test", [insight])
    (found,) = insights_for(services, "Do people fear that their money is gone?", "acme")
    assert (found.quotes, found.is_stale, found.balance.losses) == ((), True, ("not_found",))
