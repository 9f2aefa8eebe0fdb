"""All personal data in the turns of one conversation: what is found once is found wherever it stands."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.pseudonyms.addresses import find_addresses
from app.pseudonyms.companies import find_companies
from app.pseudonyms.findings import Finding, PersonalKind, without_overlaps
from app.pseudonyms.identifiers import find_identifiers
from app.pseudonyms.people import find_people
from app.pseudonyms.registered import Person, find_registered
from app.pseudonyms.tokens import tokens_of
from app.pseudonyms.words import given_names, is_unknown

Finder = Callable[[str, str], Iterable[Finding]]
"""Finds personal data in a text of a language."""

_LONGEST_ENDING = 2
_NAMED = frozenset({PersonalKind.NAME, PersonalKind.COMPANY, PersonalKind.ADDRESS})


@dataclass(frozen=True)
class Said:
    """A text and the language that it is in."""

    text: str
    language: str


@dataclass(frozen=True)
class Known:
    """What helps to find personal data: the participants, words that are no names, and further finders."""

    persons: tuple[Person, ...] = ()
    keep: frozenset[str] = frozenset()
    finders: tuple[Finder, ...] = ()


def find_personal(turns: Sequence[Said], known: Known) -> list[list[Finding]]:
    """Find personal data in the turns of one conversation, for each turn in the order of its text."""
    found = [list(_found_in(turn, known)) for turn in turns]
    again = _patterns_of(turns, found)
    return [without_overlaps([*own, *_repeated(turn.text, again)]) for turn, own in zip(turns, found, strict=True)]


def _found_in(turn: Said, known: Known) -> Iterator[Finding]:
    text, language = turn.text, turn.language
    registered = {(each.start, each.end): each for each in find_registered(text, known.persons)}
    yield from registered.values()
    yield from find_identifiers(text, language)
    yield from find_addresses(text)
    # The genitive of a registered name is that name, and no longer one.
    endings = {(start, end + more) for start, end in registered for more in range(1, _LONGEST_ENDING + 1)}
    tokens = tokens_of(text)
    yield from (each for each in find_people(tokens, language, known.keep) if (each.start, each.end) not in endings)
    yield from find_companies(text, tokens, language, known.keep)
    for finder in known.finders:
        for each in finder(text, language):
            if not known.keep.issuperset(text[each.start : each.end].casefold().split()):
                yield each


def _patterns_of(turns: Sequence[Said], found: Sequence[Sequence[Finding]]) -> dict[str, Finding]:
    """What is to be found again, by its words, with a finding of it: no word that people commonly say alone."""
    seen: dict[str, Finding] = {}
    for turn, findings in zip(turns, found, strict=True):
        for finding in findings:
            words = turn.text[finding.start : finding.end]
            if finding.kind in _NAMED and (" " in words or is_unknown(words) or given_names().may_have(words)):
                seen.setdefault(words, finding)
    return seen


def _repeated(text: str, again: dict[str, Finding]) -> Iterator[Finding]:
    for words, finding in again.items():
        if words not in text:
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?=(?:['’]?s)?(?!\w))", text):
            yield Finding(*match.span(), finding.kind, finding.keys)
