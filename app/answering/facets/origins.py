"""Languages named not by their speakers: "in Spanish", "customers from Spain"."""

from collections.abc import Iterable, Iterator, Set

from app.answering.facets.identifiers import Identified
from app.answering.facets.reading import Reading
from app.answering.facets.words import LanguageNames, names_of_language
from app.language import primary_language

NEARBY = 3


def find_origins(reading: Reading, languages: Iterable[str], people: Set[int]) -> Iterator[Identified]:
    """The languages in which something was said, and the countries that people are from.

    `people` are the tokens that choose people already: "starters from Spain".
    """
    for spoken in languages:
        names = names_of_language(primary_language(spoken), reading.language)
        for start in _places(reading, names, people) if names else ():
            before = reading.question.word(start - 1)
            is_led = before is not None and before.normal in reading.grammar.people
            yield Identified("languages", spoken, (start, start + 2), (start - is_led, start + 2))


def _places(reading: Reading, names: LanguageNames, people: Set[int]) -> Iterator[int]:
    grammar, tokens = reading.grammar, reading.question.tokens
    for place in range(len(tokens) - 1):
        opener, name = tokens[place].normal, tokens[place + 1].normal
        says_language = opener in grammar.languages_in and name == names.language and _is_said_in(reading, place)
        says_country = (
            opener in grammar.countries_in
            and name == names.country
            and (place - 1 in people or _is_of_people(reading, place))
        )
        if (says_language or says_country) and not reading.is_excluded(place):
            yield place


def _is_said_in(reading: Reading, place: int) -> bool:
    """Whether something was said in a language, rather than written, offered or to be answered in it."""
    grammar, tokens = reading.grammar, reading.question.tokens
    earlier = [token.normal for token in tokens[:place]]
    if not grammar.answering.isdisjoint(earlier[-NEARBY:]):
        return False
    before = earlier[-1] if earlier else ""
    if before in grammar.speech | grammar.people | grammar.telling | grammar.only:
        return True
    if before in grammar.things or grammar.speech.isdisjoint(earlier):
        return False
    return reading.question.word(place + 2) is None


def _is_of_people(reading: Reading, place: int) -> bool:
    before = reading.question.word(place - 1)
    grammar = reading.grammar
    return before is not None and before.normal in grammar.people | grammar.speech | grammar.plurals
