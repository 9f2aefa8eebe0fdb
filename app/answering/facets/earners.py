"""Customers whom a question chooses by the money that they bring: "our best customers", "wer bringt den Umsatz"."""

from collections.abc import Iterator, Sequence

from app.answering.facets.identifiers import Identified
from app.answering.facets.question_text import QuestionText
from app.answering.facets.reading import Reading
from app.answering.facets.words import grammar_of


def find_earners(reading: Reading, leading_bands: Sequence[str]) -> Iterator[Identified]:
    """The LTV bands that bring most of the revenue, where a question asks for those who do.

    Args:
        reading: the question.
        leading_bands: the fewest bands that bring half of the revenue of the study or more.
    """
    for start, end in reading.question.find(reading.grammar.earners):
        if not reading.is_excluded(start):
            yield from (Identified("bands", band, (start, end), (start, end)) for band in leading_bands)


def asks_worth(question: str, language: str) -> bool:
    """Whether a question asks what customers are worth, or for those who bring the money."""
    text, grammar = QuestionText(question), grammar_of(language)
    return any(next(text.find(pattern), None) for pattern in (grammar.worth, grammar.earners))
