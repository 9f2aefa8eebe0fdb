"""The forms that a name takes in a sentence: plurals, cases and genders of German, Spanish and English, no more.

Forms are made from the study's own words and compared whole. A stemmer would work on the question's words instead, and
bring "Start" and "Starter" together.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from app.answering.facets.question_text import normal_form

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# "lich" and the like make adjectives. "ig" does too, but more nouns are like "Einsteiger" than like "Freiwilliger".
_SUFFIXES = ("lich", "isch", "sam", "bar", "haft", "los")
_NOT_ADJECTIVE = "".join(f"(?<!{suffix})" for suffix in _SUFFIXES)
_ADJECTIVE = "|".join(f"(?<={suffix})" for suffix in (*_SUFFIXES, "ig", "sch"))

# Of each language the first pattern that ends the word counts; each of the endings takes the place of what it matched.
_RULES: Mapping[str, Sequence[tuple[re.Pattern[str], Sequence[str]]]] = {
    "en": (
        (re.compile(r"i[sz]ers?$"), ("iser", "isers", "izer", "izers")),
        (re.compile(r"(?<=[^aeiou])(?:y|ies)$"), ("y", "ies")),
        (re.compile(r"(?:(?<=ss)|(?<=sh)|(?<=ch))(?:es)?$"), ("", "es")),
        (re.compile(r"(?<![su])s$|(?<!s)$"), ("", "s")),
    ),
    "de": (
        (re.compile(rf"{_NOT_ADJECTIVE}er(?:n|s|in|innen)?$"), ("er", "ern", "ers", "erin", "erinnen")),
        (re.compile(r"ling(?:e|en|s)?$"), ("ling", "linge", "lingen", "lings")),
        (re.compile(r"(?:e[nmrs]?|in|innen)$"), ("e", "en", "em", "er", "es", "in", "innen")),
        (re.compile(rf"(?:{_ADJECTIVE})$"), ("", "e", "en", "em", "er", "es")),
        (re.compile(r"$"), ("", "e", "en", "n", "s", "es", "in", "innen")),
    ),
    "es": (
        (re.compile(r"(?:o|a)s?$"), ("o", "a", "os", "as")),
        (re.compile(r"(?<=[^aeiou])es?$"), ("", "e", "es", "a", "as")),
        (re.compile(r"(?:z|ces)$"), ("z", "ces")),
        (re.compile(r"$"), ("", "a", "s", "es", "as")),
    ),
}


@lru_cache(maxsize=8192)
def inflections(word: str, language: str) -> frozenset[str]:
    """The normal forms that a word may take in a sentence of a language, its own among them."""
    plain = word.casefold()
    pattern, endings = next(
        ((pattern, endings) for pattern, endings in _RULES.get(language, ()) if pattern.search(plain)),
        (re.compile(r"$"), ("",)),
    )
    forms = {plain, *(pattern.sub(ending, plain, count=1) for ending in endings)}
    return frozenset(normal_form(spelling) for form in forms for spelling in (form, form.translate(_UMLAUTS)))
