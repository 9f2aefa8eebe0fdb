"""What a question asks for: its language, its words, whose words it wants."""

from dataclasses import dataclass

from app.answering.phrases import FALLBACK
from app.answering.queries import StudyVocabulary
from app.answering.schemas import Question
from app.language import identify_languages
from app.scope import Filters

QUESTION_LANGUAGES = ("en", "de", "es")


@dataclass(frozen=True)
class Understanding:
    """A question as it is searched: `language` is that of the answer."""

    text: str
    language: str
    filters: Filters
    limit: int


def understand(question: Question, vocabulary: StudyVocabulary) -> Understanding:
    """Find the language of a question; its filters are those given."""
    candidates = tuple(dict.fromkeys((*vocabulary.languages, *QUESTION_LANGUAGES)))
    language = question.language or identify_languages([question.question], candidates, FALLBACK)[0].language
    return Understanding(question.question, language, question.filters, question.limit)
