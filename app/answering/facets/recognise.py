"""Facets: what a question narrows down to, in the study's own vocabulary, with the words that say it."""

from collections.abc import Iterable, Iterator, Sequence, Set

from app.answering.facets.competitors import find_comparers
from app.answering.facets.customer_groups import find_bands, find_classes
from app.answering.facets.earners import find_earners
from app.answering.facets.identifiers import Identified, find_codes, find_participants
from app.answering.facets.kinds import find_kinds
from app.answering.facets.mentions import Mention, find_mentions, names_of_segments, names_of_speakers
from app.answering.facets.origins import find_origins
from app.answering.facets.people import choose_people
from app.answering.facets.question_text import QuestionText
from app.answering.facets.reading import Reading
from app.answering.facets.words import grammar_of
from app.answering.queries import StudyVocabulary
from app.answering.schemas import Facet, FacetField
from app.vocabulary import Kind

Place = tuple[int, int]


def recognise_facets(question: str, language: str, vocabulary: StudyVocabulary) -> tuple[Facet, ...]:
    """Find the facets that a question names, in the order of its words.

    Whose words are wanted is hard and becomes a filter. A kind of the codebook is hard only where quotes of it are
    asked for by name and anything is tagged with it; otherwise it hints at what helps. Facets only ever name values of
    the study.

    Args:
        question: as it was asked; spans are code points of it.
        language: of the question, ISO 639-1; its grammar tells "careful customers" from "the careful mix".
        vocabulary: the names that the study knows.
    """
    reading = Reading(QuestionText(question), grammar_of(language), language)
    named = _without_rivals([*_of_people(reading, vocabulary), *_of_identifiers(reading, vocabulary)])
    places = _places_apart(named)
    facets = [_facet(reading, item.field, item.value, places[item.core], hard=True) for item in named]
    facets += _of_kinds(reading, vocabulary, {index for place in places.values() for index in range(*place)})
    facets.sort(key=lambda facet: (facet.span, facet.field, facet.value))
    first = {(facet.field, facet.value): facet for facet in reversed(facets)}
    return tuple(facet for facet in facets if facet is first[facet.field, facet.value])


def _of_people(reading: Reading, vocabulary: StudyVocabulary) -> Iterator[Identified]:
    names = [
        *names_of_segments(vocabulary.segments, reading.language),
        *names_of_speakers(vocabulary.languages, reading.language),
    ]
    chosen = choose_people(reading, find_mentions(reading.question, names))
    for mention in chosen:
        core = (mention.start, mention.end)
        yield Identified(mention.name.field, mention.name.value, core, _with_people(reading, mention))
    people = {index for mention in chosen for index in range(mention.start, mention.end)}
    yield from find_origins(reading, vocabulary.languages, people)


def _of_identifiers(reading: Reading, vocabulary: StudyVocabulary) -> Iterator[Identified]:
    yield from find_participants(reading, vocabulary.participants)
    yield from find_comparers(reading, vocabulary.competitors)
    yield from find_codes(reading, vocabulary.codes)
    yield from find_bands(reading, vocabulary.bands)
    yield from find_earners(reading, vocabulary.leading_bands)
    yield from find_classes(reading, vocabulary.classes)


def _of_kinds(reading: Reading, vocabulary: StudyVocabulary, taken: Set[int]) -> Iterator[Facet]:
    kinds = dict.fromkeys(Kind(code.kind) for code in vocabulary.codes.values())
    for found in find_kinds(reading, kinds, taken):
        if taken.isdisjoint(range(found.start, found.end)):
            is_hard = found.is_asked and found.kind in vocabulary.tagged_kinds
            yield _facet(reading, "kinds", found.kind, (found.start, found.end), hard=is_hard)


def _with_people(reading: Reading, mention: Mention) -> Place:
    """The tokens of a mention with the words beside it that say the same: "only" before, "customers" after."""
    question, grammar = reading.question, reading.grammar
    start, end = mention.start, mention.end
    beside = grammar.people | grammar.groups
    after = reading.after(mention.end)
    if after and after.normal in beside:
        end += 1 + reading.is_compound(mention.end)
    before = question.word(start - 1)
    if before and before.normal in (beside if reading.language == "es" else grammar.groups):
        start -= 1
    before = question.word(start - 1)
    return (start - 1 if before and before.normal in grammar.only else start), end


def _without_rivals(found: Iterable[Identified]) -> list[Identified]:
    """Of values that overlap the ones named by the most words; several values of one field may have the same words."""
    kept: list[Identified] = []
    for item in sorted(found, key=lambda item: item.core[0] - item.core[1]):
        rivals = [other for other in kept if other.core[0] < item.core[1] and item.core[0] < other.core[1]]
        if all((other.field, other.core) == (item.field, item.core) for other in rivals):
            kept.append(item)
    return kept


def _places_apart(items: Sequence[Identified]) -> dict[Place, Place]:
    """The tokens that say each core; what several could claim, as "customers" between two, goes to the first."""
    taken = {index for item in items for index in range(*item.core)}
    places: dict[Place, Place] = {}
    for item in sorted(items, key=lambda item: item.core):
        start, end = item.core
        while start > item.place[0] and start - 1 not in taken:
            start -= 1
        while end < item.place[1] and end not in taken:
            end += 1
        taken |= set(range(start, end))
        places.setdefault(item.core, (start, end))
    return places


def _facet(reading: Reading, field: FacetField, value: str, place: Place, *, hard: bool) -> Facet:
    span = reading.question.span(*place)
    words = reading.question.source[span[0] : span[1]]
    return Facet(field=field, value=value, words=words, span=span, hard=hard)
