"""The language that is typical of some people beside others, by weighted log-odds. Pure functions."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.research.segments.queries import Words

LEAST_PEOPLE = 2
MOST_PHRASES = 10

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One or two words in a row: as they are compared, and where they stand, half-open."""

    words: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Typical:
    """A phrase with its z-score, the people who say it on both sides, and where those of the one side do."""

    words: tuple[str, ...]
    z: float
    people: frozenset[str]
    elsewhere: frozenset[str]
    said: tuple[tuple[Words, Phrase], ...]


def phrases_in(text: str) -> Iterator[Phrase]:
    """The words of a text and the pairs of words with nothing but a space between, without case."""
    words = [Phrase((match[0].casefold(),), *match.span()) for match in _WORD.finditer(text)]
    yield from words
    for first, second in pairwise(words):
        if text[first.end : second.start] == " ":
            yield Phrase(first.words + second.words, first.start, second.end)


def log_odds(own: Numbers, others: Numbers) -> Numbers:
    """Compare how often n phrases are said on two sides, by log-odds with an informative Dirichlet prior.

    delta = ln((y + a) / (n + a0 - y - a)) - ln((y' + a) / (n' + a0 - y' - a)), z = delta / sqrt(1/(y + a) + 1/(y' + a))

    with y and y' people who say a phrase on either side, n and n' their sums, and the prior a = y + y', a0 = n + n':
    what everybody says is typical of nobody.

    Args:
        own: shape (n,), people of the one side who say each phrase, >= 0.
        others: shape (n,), people of the other side; own + others > 0 everywhere, and at least two phrases.

    Returns:
        z-scores, shape (n,); positive where a phrase is typical of the one side.

    Source: Monroe, Colaresi, Quinn, "Fightin' Words", Political Analysis 16(4), 2008, equations 16, 18, 20 and 22.
    """
    prior = own + others
    weight = prior.sum()
    one, other = own + prior, others + prior
    delta = np.log(one / (own.sum() + weight - one)) - np.log(other / (others.sum() + weight - other))
    z: Numbers = delta / np.sqrt(1 / one + 1 / other)
    return z


def find_typical(said: Sequence[Words], content_words: Callable[[Collection[str]], Collection[str]]) -> list[Typical]:
    """Find the phrases most typical of the people inside, of what was said in one language; no word is shown twice.

    Counted are people, so that nobody's habit of speech counts twice. Only what at least two people inside say is
    looked at, and only content words; of equals the phrase comes first that is said in more places.

    Args:
        said: everything, inside and elsewhere.
        content_words: leaves the stop words out of some words.
    """
    places: dict[tuple[str, ...], list[tuple[Words, Phrase]]] = defaultdict(list)
    for words in said:
        for phrase in phrases_in(words.text):
            places[phrase.words].append((words, phrase))
    phrases = list(places)
    people = {inside: [_people(places[words], inside=inside) for words in phrases] for inside in (True, False)}
    if len(phrases) < 2 or not any(people[True]) or not any(people[False]):
        return []
    z = log_odds(*(np.array([len(each) for each in people[inside]], np.float64) for inside in (True, False)))
    content = content_words({word for row, words in enumerate(phrases) if len(people[True][row]) > 1 for word in words})
    rows = [
        row
        for row, words in enumerate(phrases)
        if z[row] > 0 and len(people[True][row]) >= LEAST_PEOPLE and set(words) <= set(content)
    ]
    found = [
        Typical(phrases[row], float(z[row]), people[True][row], people[False][row], _inside(places[phrases[row]]))
        for row in rows
    ]
    found.sort(key=lambda each: (-round(each.z, 6), -len(each.said), -len(each.words), each.words))
    return _apart(found)[:MOST_PHRASES]


def spelling_of(typical: Typical) -> str:
    """The phrase as it is written most often."""
    written = Counter(words.text[phrase.start : phrase.end] for words, phrase in typical.said)
    return min(written, key=lambda text: (-written[text], text))


def choose_quotes(found: Sequence[Typical]) -> Mapping[tuple[str, ...], tuple[Words, Phrase]]:
    """Choose a place to quote for each phrase, of somebody who is not quoted yet where there is one."""
    quoted: Counter[str] = Counter()
    chosen = {}
    for typical in found:
        place = min(typical.said, key=lambda each: (quoted[each[0].person], each[0].person, str(each[0].utterance_id)))
        quoted[place[0].person] += 1
        chosen[typical.words] = place
    return chosen


def _people(places: Sequence[tuple[Words, Phrase]], *, inside: bool) -> frozenset[str]:
    return frozenset(words.person for words, _ in places if words.inside is inside)


def _inside(places: Sequence[tuple[Words, Phrase]]) -> tuple[tuple[Words, Phrase], ...]:
    return tuple(place for place in places if place[0].inside)


def _apart(found: Sequence[Typical]) -> list[Typical]:
    """The phrases that share no word with one before them."""
    taken: set[str] = set()
    kept = []
    for typical in found:
        if taken.isdisjoint(typical.words):
            taken.update(typical.words)
            kept.append(typical)
    return kept
