"""The words of questions in German, Spanish and English, read once from the data files beside this module."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from app.answering.facets.question_text import normal_form, normal_pattern, whole_words
from app.vocabulary import Kind

FALLBACK = "en"
_NOTHING = r"(?!)"
_PATTERNS = ("excluding", "idioms", "ranges", "floors", "comparing", "earners", "worth", "contrasting", "passing")


@dataclass(frozen=True, kw_only=True)
class Grammar:
    """How a language says whose words are wanted: sets of words, and patterns; grammar.yaml tells what each is."""

    customers: frozenset[str]
    people: frozenset[str]
    speech: frozenset[str]
    groups: frozenset[str]
    determiners: frozenset[str]
    plurals: frozenset[str]
    possessives: frozenset[str]
    only: frozenset[str]
    prepositions: frozenset[str]
    adverbs: frozenset[str]
    conjunctions: frozenset[str]
    followers: frozenset[str]
    linking: frozenset[str]
    postmodifiers: frozenset[str]
    things: frozenset[str]
    telling: frozenset[str]
    answering: frozenset[str]
    participants: frozenset[str]
    codes: frozenset[str]
    values: frozenset[str]
    classes: frozenset[str]
    kinds: frozenset[str]
    languages_in: frozenset[str]
    countries_in: frozenset[str]
    excluding: re.Pattern[str]
    idioms: re.Pattern[str]
    ranges: str
    floors: str
    comparing: str
    earners: re.Pattern[str]
    worth: re.Pattern[str]
    contrasting: re.Pattern[str]
    passing: re.Pattern[str]


@dataclass(frozen=True)
class LanguageNames:
    """What a language, its speakers and the country that speaks it are called in one language."""

    speakers: tuple[str, ...]
    language: str
    country: str


@dataclass(frozen=True)
class KindWords:
    """How a language names a kind of the codebook, and how it circles around it."""

    names: str
    hints: re.Pattern[str]


@dataclass(frozen=True)
class Requests:
    """What a question says beside its matter: how it asks for quotes, how it opens and closes."""

    asking: str
    quotes: str
    purpose: re.Pattern[str]
    openers: re.Pattern[str]
    closers: re.Pattern[str]


@cache
def grammar_of(language: str) -> Grammar:
    """The grammar of a question's language; English where there is none."""
    data = dict(_in_language(_data("grammar"), language))
    patterns = {name: _either(data.pop(name)) for name in _PATTERNS}
    words = {name: frozenset(map(normal_form, listed)) for name, listed in data.items()}
    between = "|".join(sorted(words["determiners"] | words["prepositions"] | words["only"] | words["adverbs"]))
    words["people"] |= words["customers"]
    people = f"(?:{'|'.join(sorted(map(re.escape, words['people'])))})"
    return Grammar(
        **words,
        excluding=re.compile(rf"(?<!\S)(?:{patterns['excluding']})(?: (?:{between})){{0,6}}$"),
        idioms=whole_words(patterns["idioms"]),
        ranges=patterns["ranges"],
        floors=patterns["floors"],
        comparing=patterns["comparing"].replace("{people}", people),
        earners=whole_words(patterns["earners"].replace("{people}", people)),
        worth=whole_words(patterns["worth"]),
        contrasting=whole_words(patterns["contrasting"]),
        passing=whole_words(patterns["passing"]),
    )


@cache
def determiners_and_customers() -> tuple[frozenset[str], frozenset[str]]:
    """The determiners and the words for customers of all languages, which say nothing in the name of a segment."""
    grammars = [grammar_of(language) for language in _data("grammar")]
    determiners = frozenset().union(*(grammar.determiners for grammar in grammars))
    customers = frozenset().union(*(grammar.customers | grammar.groups for grammar in grammars))
    return determiners, customers


@cache
def names_of_language(spoken: str, language: str) -> LanguageNames | None:
    """What a language is called in a question's language; `None` where that is not known."""
    data = _data("languages").get(spoken)
    if data is None:
        return None
    return LanguageNames(
        tuple(_in_language(data["speakers"], language)),
        normal_form(_in_language(data["language"], language)),
        normal_form(_in_language(data["country"], language)),
    )


@cache
def names_of_speech(spoken: str) -> tuple[str, ...]:
    """What a language, its speakers and its country are called in all languages that are known."""
    data = _data("languages").get(spoken, {"speakers": {}, "language": {}, "country": {}})
    speakers = [name for names in data["speakers"].values() for name in names]
    return (spoken, *speakers, *data["language"].values(), *data["country"].values())


@cache
def words_of_kind(kind: Kind, language: str) -> KindWords:
    """How a question's language names a kind and hints at it."""
    data = _in_language(_data("kinds")[kind], language)
    names = _either([*data["names"], kind.replace("_", "[ _]")])
    return KindWords(names, whole_words(f"{names}|{_either(data['hints'])}"))


@cache
def requests_of(language: str) -> Requests:
    """What a question of a language says beside its matter."""
    data = _in_language(_data("requests"), language)

    parts = {name: data[name] for name in ("asking", "quotes", "purpose")}
    openers, closers = (_either(_filled(pattern, parts) for pattern in data[name]) for name in ("openers", "closers"))
    return Requests(
        normal_pattern(parts["asking"]),
        normal_pattern(parts["quotes"]),
        re.compile(rf" (?:{normal_pattern(parts['purpose'])})(?: [.!]){{0,3}}$"),
        re.compile(rf"(?:{openers})(?!\S)"),
        re.compile(rf"(?:{closers})$"),
    )


@cache
def _data(name: str) -> dict[str, Any]:
    text = files("app.answering.facets").joinpath(f"{name}.yaml").read_text("utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))


def _in_language(by_language: Mapping[str, Any], language: str) -> Any:
    return by_language.get(language, by_language[FALLBACK])


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", f"(?:{part})")
    return pattern


def _either(patterns: Iterable[str]) -> str:
    return "|".join(map(normal_pattern, patterns)) or _NOTHING
