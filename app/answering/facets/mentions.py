"""Where a question says the name of a segment or of the speakers of a language, whatever it means by it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from app.answering.facets.inflection import inflections
from app.answering.facets.question_text import QuestionText, normal_form
from app.answering.facets.words import determiners_and_customers, names_of_language
from app.language import primary_language

SHORT_NAME = 2
_PHRASE_END = re.compile(r"[,;/&]|\b(?:und|oder|and|or|y|o)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_AGENT = re.compile(r"(?:er|or|ist|ian|ant|ent|ee)s?$")


@dataclass(frozen=True, slots=True)
class Name:
    """One way to name a value; each word in all the forms that it takes in the question's language.

    `needs` says what must stand beside it: nothing, a word for people ("spreadsheet" of "spreadsheet people"), or a
    word for a group ("A" of "segment A"). `is_noun` tells a starter from the careful.
    """

    field: Literal["segments", "languages"]
    value: str
    words: tuple[frozenset[str], ...]
    needs: Literal["nothing", "people", "group"] = "nothing"
    is_noun: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at some tokens of a question, half-open."""

    name: Name
    start: int
    end: int


def names_of_segments(segments: Mapping[str, Sequence[str]], language: str) -> Iterator[Name]:
    """All names of the segments: the slug, labels and aliases, without articles and words for customers around them."""
    for slug, phrases in segments.items():
        yield from _names_of_segment(slug, tuple(phrases), language)


@lru_cache(1024)
def _names_of_segment(slug: str, phrases: tuple[str, ...], language: str) -> tuple[Name, ...]:
    cores: dict[tuple[str, ...], bool] = {}
    for phrase in (slug.replace("_", " "), *phrases):
        for part in _PHRASE_END.split(phrase):
            core, among_customers = _core(_WORD.findall(part))
            cores[core] = cores.get(core, True) and among_customers
    return tuple(
        _segment_name(slug, core, among_customers, language) for core, among_customers in cores.items() if core
    )


def names_of_speakers(languages: Iterable[str], language: str) -> Iterator[Name]:
    """What the speakers of the study's languages are called in the question's language."""
    for spoken in languages:
        names = names_of_language(primary_language(spoken), language)
        for speakers in names.speakers if names else ():
            forms = tuple(inflections(word, language) for word in speakers.split())
            is_noun = language == "de" and bool(_AGENT.search(speakers))
            yield Name("languages", spoken, forms, is_noun=is_noun)


def find_mentions(question: QuestionText, names: Iterable[Name]) -> tuple[Mention, ...]:
    """The names in a question, in order; of those that overlap the longest stays, and all of the same length."""
    by_first_word: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        for form in name.words[0]:
            by_first_word[form].append(name)
    found = [
        Mention(name, start, end)
        for start, token in enumerate(question.tokens)
        for name in by_first_word.get(token.normal, ())
        if (end := _end_of(name, question, start))
    ]
    found.sort(key=lambda mention: (mention.start - mention.end, mention.start, mention.name.value))
    kept: list[Mention] = []
    for mention in found:
        rivals = [other for other in kept if other.start < mention.end and mention.start < other.end]
        if all((other.start, other.end) == (mention.start, mention.end) for other in rivals):
            kept.append(mention)
    return tuple(sorted(kept, key=lambda mention: mention.start))


def _core(words: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The words that name a segment, and whether words for customers stood around them."""
    determiners, customers = determiners_and_customers()
    core = list(words)
    among_customers = False
    while len(core) > 1 and normal_form(core[0]) in determiners | customers:
        among_customers |= normal_form(core.pop(0)) in customers
    while len(core) > 1 and normal_form(core[-1]) in customers:
        core.pop()
        among_customers = True
    return tuple(core), among_customers


def _segment_name(slug: str, core: tuple[str, ...], among_customers: bool, language: str) -> Name:
    determiners, customers = determiners_and_customers()
    too_common = len(core) == 1 and (len(core[0]) <= SHORT_NAME or normal_form(core[0]) in determiners | customers)
    needs: Literal["nothing", "people", "group"] = "group" if too_common else "people" if among_customers else "nothing"
    forms = tuple(inflections(word, language) for word in core)
    return Name("segments", slug, forms, needs, bool(_AGENT.search(core[-1].casefold())))


def _end_of(name: Name, question: QuestionText, start: int) -> int:
    """Behind the last token of a name that begins at a token; 0 where it does not stand there."""
    place = start
    for number, forms in enumerate(name.words):
        if number and place < len(question.tokens) and question.tokens[place].normal == "-":
            place += 1
        if place >= len(question.tokens) or question.tokens[place].normal not in forms:
            return 0
        place += 1
    return place
