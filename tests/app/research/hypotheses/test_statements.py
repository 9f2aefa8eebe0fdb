"""What a statement is about, and whether it affirms or denies it."""

import pytest

from app.answering.find import read_question
from app.answering.schemas import Question
from app.research.hypotheses.statements import find_codes, statement_polarity
from app.research.queries import CodeVectors, read_code_vectors
from app.services import Services

STATEMENTS = [
    ("Customers do not care about deposit protection", "CR4", "denied"),
    ("A nadie le importa la protección de depósitos", "CR4", "denied"),
    ("Niemand vergleicht uns mit Valora", "AL1", "denied"),
    ("Nadie se queja del soporte", "DS1", "denied"),
    ("Kunden haben Angst, die falsche Taste zu drücken", "AX2", "affirmed"),
    ("Customers do not understand the tax document", "PB2", "affirmed"),
    ("Starters have no routine and open the app only when something pops up", "RT3", "affirmed"),
    ("La identificación por vídeo falla", "PB1", "affirmed"),
    ("Der Support antwortet zu langsam", "DS1", "affirmed"),
    ("Customers want a cryptocurrency wallet", None, "affirmed"),
    ("Die Farbe des Logos ist wichtig", None, "affirmed"),
    ("Los clientes viajan mucho", None, "affirmed"),
]


@pytest.mark.parametrize(("statement", "code", "polarity"), STATEMENTS)
def test_statements_are_understood(nido: Services, statement: str, code: str | None, polarity: str) -> None:
    """The nearest code comes first, in whatever language; what is about no code finds none."""
    with nido.database.sessions() as session:
        vocabulary, understood = read_question(session, Question(question=statement, study="nido"))
        codes = read_code_vectors(session, vocabulary.study_id, nido.embedder)
    vector = nido.embedder.embed_questions([understood.matter])[0]
    found = find_codes(vector, codes, nido.embedder)
    labels = [label for each in found for label in vocabulary.codes[each].labels.values()]
    assert next(iter(found), None) == code
    assert statement_polarity(statement, understood.language, labels) == polarity


def test_a_language_without_rules_affirms() -> None:
    """Where nobody knows how a language denies, nothing is taken for a denial."""
    assert statement_polarity("Les clients ne veulent pas de carte", "fr", ()) == "affirmed"


def test_a_study_without_codes_is_about_nothing(nido: Services) -> None:
    """There is nothing to be near to."""
    vector = nido.embedder.embed_questions(["Fees"])[0]
    assert find_codes(vector, CodeVectors((), vector[None, :][:0]), nido.embedder) == ()
