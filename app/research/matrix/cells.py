"""The cells of the matrix: how many people named a criterion, were asked in vain, were never asked. Pure functions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from itertools import product

from app.research.matrix.options import ANY
from app.vocabulary import Polarity


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who affirms a code or denies it, of which options."""

    person: str
    code: str
    polarity: Polarity
    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked about a code, of which options."""

    person: str
    code: str
    options: frozenset[str]


@dataclass(frozen=True)
class Counts:
    """People of a cell; those who named it both ways are in both of the first two, and in `both`.

    named_for + named_against - both + asked_without_mention + never_asked = of
    """

    of: int
    named_for: int
    named_against: int
    both: int
    asked_without_mention: int
    never_asked: int


@dataclass(frozen=True)
class Tally:
    """Who named what, and who was asked about what, by code and option; under the code `None` of any criterion."""

    named: Mapping[tuple[str | None, str, Polarity], Set[str]]
    asked: Mapping[tuple[str | None, str], Set[str]]

    def count(self, code: str | None, option: str, people: Set[str]) -> Counts:
        """Count the people of a cell, each once."""
        speaking_for = people & self.named.get((code, option, Polarity.AFFIRMED), frozenset())
        against = people & self.named.get((code, option, Polarity.DENIED), frozenset())
        silent = people - speaking_for - against
        in_vain = silent & self.asked.get((code, option), frozenset())
        return Counts(
            of=len(people),
            named_for=len(speaking_for),
            named_against=len(against),
            both=len(speaking_for & against),
            asked_without_mention=len(in_vain),
            never_asked=len(silent - in_vain),
        )


def tally(voices: Iterable[Voice], asked: Iterable[Asked], criteria: Set[str]) -> Tally:
    """Sort what people said and were asked, of which `criteria` are totalled; saying it again changes nothing."""
    named: dict[tuple[str | None, str, Polarity], set[str]] = defaultdict(set)
    put: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for voice in voices:
        for code, option in product(_keys(voice.code, criteria), voice.options | {ANY}):
            named[code, option, voice.polarity].add(voice.person)
    for question in asked:
        for code, option in product(_keys(question.code, criteria), question.options | {ANY}):
            put[code, option].add(question.person)
    return Tally(named, put)


def _keys(code: str, criteria: Set[str]) -> tuple[str | None, ...]:
    return (code, None) if code in criteria else (code,)
