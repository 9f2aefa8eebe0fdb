"""The language that is typical of some people beside others, by weighted log-odds. Pure functions."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.research.segments.queries import Words

LEAST_PEOPLE = 2
MOST_PHRASES = 10

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

Numbers = NDArray[np.float64]
Wording = tuple[str, ...]


class Phrase(NamedTuple):
    """One or two words in a row: as they are compared, and where they stand, half-open."""

    words: Wording
    start: int
    end: int


@dataclass(frozen=True)
class Typical:
    """A phrase with its z-score, how many people say it on both sides, and where those of the one side do."""

    words: Wording
    z: float
    people: int
    elsewhere: int
    said: tuple[tuple[Words, Phrase], ...]


def phrases_in(text: str) -> Iterator[Phrase]:
    """The words of a text and the pairs of words with nothing but a space between, without case."""
    words = [Phrase((match[0].casefold(),), *match.span()) for match in _WORD.finditer(text)]
    yield from words
    for first, second in pairwise(words):
        if text[first.end : second.start] == " ":
            yield Phrase(first.words + second.words, first.start, second.end)


def wordings_in(text: str) -> set[Wording]:
    """What `phrases_in` finds, without where it stands: faster, for everything that was ever said."""
    places = list(_WORD.finditer(text))
    words = [place[0].casefold() for place in places]
    ends = [place.end() for place in places]
    starts = [place.start() for place in places]
    pairs = zip(pairwise(words), ends, starts[1:], strict=False)
    return {(word,) for word in words} | {pair for pair, end, start in pairs if text[end:start] == " "}


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

    Source: Monroe, Colaresi, Quinn, "Fightin' Words", Political Analysis 16(4), 2008, section 3: the log-odds
    ratio with an informative Dirichlet prior, and its z-score.
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
    own_people, other_people, places = _count(said)
    every = list(dict.fromkeys((*own_people, *other_people)))
    if len(every) < 2 or not own_people or not other_people:
        return []
    own, others = (
        np.fromiter(map(side.__getitem__, every), np.float64, len(every)) for side in (own_people, other_people)
    )
    z = log_odds(own, others)
    rows = [int(row) for row in np.flatnonzero((own >= LEAST_PEOPLE) & (z > 0))]
    content = frozenset(content_words({word for row in rows for word in every[row]}))
    rows = [row for row in rows if content.issuperset(every[row])]
    rows.sort(key=lambda row: (-round(float(z[row]), 6), -places[every[row]], -len(every[row]), every[row]))
    chosen = _apart(rows, every)[:MOST_PHRASES]
    located = _locate({every[row] for row in chosen}, said)
    return [
        Typical(every[row], float(z[row]), int(own[row]), int(others[row]), tuple(located[every[row]]))
        for row in chosen
    ]


def spelling_of(typical: Typical) -> str:
    """The phrase as it is written most often."""
    written = Counter(words.text[phrase.start : phrase.end] for words, phrase in typical.said)
    return min(written, key=lambda text: (-written[text], text))


def choose_quotes(found: Sequence[Typical]) -> Mapping[Wording, tuple[Words, Phrase]]:
    """Choose a place to quote for each phrase, of somebody who is not quoted yet where there is one."""
    quoted: Counter[str] = Counter()
    chosen = {}
    for typical in found:
        place = min(typical.said, key=lambda each: (quoted[each[0].person], each[0].person, str(each[0].utterance_id)))
        quoted[place[0].person] += 1
        chosen[typical.words] = place
    return chosen


def _count(said: Sequence[Words]) -> tuple[Counter[Wording], Counter[Wording], Counter[Wording]]:
    """How many people say each phrase, inside and elsewhere, and in how many places inside."""
    spoken: dict[tuple[bool, str], set[Wording]] = defaultdict(set)
    places: Counter[Wording] = Counter()
    for words in said:
        phrases = wordings_in(words.text)
        spoken[words.inside, words.person] |= phrases
        places.update(phrases if words.inside else ())
    own, others = Counter[Wording](), Counter[Wording]()
    for (inside, _), phrases in spoken.items():
        (own if inside else others).update(phrases)
    return own, others, places


def _locate(phrases: Collection[Wording], said: Sequence[Words]) -> Mapping[Wording, list[tuple[Words, Phrase]]]:
    """Where people inside say some phrases."""
    located: dict[Wording, list[tuple[Words, Phrase]]] = defaultdict(list)
    openings = {phrase[0] for phrase in phrases}
    for words in (each for each in said if each.inside and any(map(each.text.casefold().__contains__, openings))):
        for phrase in phrases_in(words.text):
            if phrase.words in phrases:
                located[phrase.words].append((words, phrase))
    return located


def _apart(rows: Sequence[int], phrases: Sequence[Wording]) -> list[int]:
    """The phrases that share no word with one before them."""
    taken: set[str] = set()
    kept = []
    for row in rows:
        if taken.isdisjoint(phrases[row]):
            taken.update(phrases[row])
            kept.append(row)
    return kept
