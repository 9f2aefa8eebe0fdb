"""What a question asks for: its language, its matter, whose words it wants."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.answering.facets import only_contrasts, recognise_facets, says_no_more, searchable_text
from app.answering.phrases import FALLBACK, worded_languages
from app.answering.queries import StudyVocabulary
from app.answering.schemas import Facet, Question
from app.language import CERTAIN, identify_languages, primary_language
from app.scope import MOST_VALUES, Filters
from app.vocabulary import Kind

QUESTION_LANGUAGES = ("en", "de", "es")
LEAST_WORDS = 4


@dataclass(frozen=True)
class Understanding:
    """A question as it is searched.

    `text` is what was asked, `matter` what of it is searched, `language` that of the answer. `filters` hold what was
    given and the hard ones of `facets`. `is_of_kinds` is whether all that is asked for is one kind of thing or several,
    such as fears.
    """

    text: str
    matter: str
    language: str
    filters: Filters
    facets: tuple[Facet, ...]
    limit: int
    is_of_kinds: bool = False

    @property
    def hinted_kinds(self) -> tuple[Kind, ...]:
        """Kinds that the question speaks of without asking for them by name."""
        return tuple(Kind(facet.value) for facet in self.facets if facet.field == "kinds" and not facet.hard)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that it is limited to, else those that it speaks of."""
        return self.filters.kinds or self.hinted_kinds

    @property
    def groups(self) -> tuple[str, ...]:
        """The segments that it compares, else the languages; none where it is about one group or everybody."""
        asked = (values for values in (self.filters.segments, self.filters.languages) if len(values) > 1)
        return next(asked, ())


def understand(question: Question, vocabulary: StudyVocabulary) -> Understanding:
    """Find the language, the facets and the matter of a question; filters that were given win over its words."""
    asked = question.question
    language = asked_language(asked, vocabulary.languages)
    found = recognise_facets(asked, language, vocabulary) if question.recognise else ()
    filters = with_facets(question.filters, found)
    in_force = [facet for facet in found if not facet.hard or facet.value in getattr(filters, facet.field)]
    if len(filters.segments) > 1 or len(filters.languages) > 1:
        in_force = [facet for facet in in_force if facet.hard or not only_contrasts(facet.words, language)]
    facets = tuple(facet for facet in in_force if not getattr(question.filters, facet.field))
    matter = searchable_text(asked, in_force, language)
    is_of_kinds = any(facet.field == "kinds" for facet in in_force) and says_no_more(asked, in_force, language)
    return Understanding(asked, matter, question.language or language, filters, facets, question.limit, is_of_kinds)


def asked_language(question: str, study_languages: Sequence[str]) -> str:
    """The language that a question is asked in: one of the study's, or English, German or Spanish.

    Another one that the service has words in is believed where its words leave no doubt.
    """
    expected = tuple(dict.fromkeys((*map(primary_language, study_languages), *QUESTION_LANGUAGES)))
    every = tuple(dict.fromkeys((*expected, *worded_languages())))
    guess = identify_languages([question], every, FALLBACK)[0]
    if guess.language in expected or (guess.confidence >= CERTAIN and len(question.split()) >= LEAST_WORDS):
        return guess.language
    return identify_languages([question], expected, FALLBACK)[0].language


def with_facets(filters: Filters, facets: Sequence[Facet]) -> Filters:
    """The filters with the hard facets in those fields that are empty, no more of them than a filter may hold."""
    fields = {facet.field for facet in facets if facet.hard and not getattr(filters, facet.field)}
    values = {
        field: [facet.value for facet in facets if facet.hard and facet.field == field][:MOST_VALUES]
        for field in fields
    }
    return Filters.model_validate(filters.model_dump() | values)
