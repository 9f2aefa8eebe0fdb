"""Kinds of the codebook that a question asks for by name, or only hints at."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from app.answering.facets.question_text import whole_words
from app.answering.facets.reading import Reading
from app.answering.facets.words import grammar_of, requests_of, words_of_kind
from app.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class KindMention:
    """A kind at some tokens of a question, half-open; `is_asked` says that quotes of this kind are asked for."""

    kind: Kind
    start: int
    end: int
    is_asked: bool


def find_kinds(reading: Reading, kinds: Iterable[Kind], people: Collection[int]) -> Iterator[KindMention]:
    """The first words for each kind; `people` are the tokens that choose people."""
    for kind in kinds:
        words = words_of_kind(kind, reading.language)
        asked = next(_asked(reading, words.names, people), None)
        found = asked or next(reading.question.find(words.hints), None)
        if found:
            yield KindMention(kind, *found, is_asked=asked is not None)


def _asked(reading: Reading, names: str, people: Collection[int]) -> Iterator[tuple[int, int]]:
    """Where a kind is called a kind ("of kind anxiety"), or is all that is wanted ("show me the triggers")."""
    called, wanted = _patterns(names, reading.language)
    for pattern in (called, wanted):
        for match in pattern.finditer(reading.question.normal):
            start, end = reading.question.places(*match.span("name"))
            if pattern is called or _says_no_more(reading, end, people):
                yield start, end


@cache
def _patterns(names: str, language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What calls a kind a kind, and what wants nothing else; `names` are those of words.py."""
    grammar, requests = grammar_of(language), requests_of(language)
    asking, joining = requests.asking, "|".join(grammar.prepositions | grammar.determiners)
    return (
        whole_words(rf"(?:{'|'.join(grammar.kinds)})(?: [:=])? (?P<name>{names})"),
        whole_words(
            rf"(?:(?:{asking})(?: {requests.quotes})?|{requests.quotes})(?: (?:{joining})){{0,6}} (?P<name>{names})"
        ),
    )


def _says_no_more(reading: Reading, place: int, people: Collection[int]) -> bool:
    """Whether nothing follows but the people who are asked for."""
    grammar, tokens = reading.grammar, reading.question.tokens
    passing = {",", ".", "!", "?"} | grammar.prepositions | grammar.determiners | grammar.only | grammar.people
    return all(index in people or tokens[index].normal in passing for index in range(place, len(tokens)))
