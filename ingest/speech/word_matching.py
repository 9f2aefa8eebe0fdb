"""Two accounts of the same conversation, word for word: which word of the one is which of the other, in order.

Runs of words that occur once in each account are found first, so that only short stretches between them are compared
word by word: two hours take seconds. Words that sound alike but are spelt otherwise are matched by their letters.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

ALIKE = 0.55
"""Share of their letter pairs that two spellings of a word have in common (Dice)."""

_RUN_WORDS = 3
_LARGEST_CELLS = 16_000_000
# Scores in hundredths, so that they add up exactly: a match is worth its likeness, and half as much again for each
# neighbour that also matches, because speech comes in runs.
_GAP = -30
_UNLIKE = -40
_COMPANY = 50

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

Scores = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Match:
    """Word `given` of one account is word `heard` of the other; or stands in its place, where they are not alike."""

    given: int
    heard: int
    is_alike: bool


def find_words(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text, without what stands between them: half-open offsets, and how they are compared."""
    for word in _WORD.finditer(text):
        plain = unicodedata.normalize("NFKD", word[0].casefold())
        yield word.start(), word.end(), "".join(filter(str.isalnum, plain))


def match_words(given: Sequence[str], heard: Sequence[str]) -> list[Match]:
    """Match the words of two accounts, without crossings; what only one of them holds has no match.

    Args:
        given: n words, as `find_words` has them.
        heard: m words.
    """
    likeness = _Likeness.of(given, heard)
    anchors = [(-1, -1), *_anchors(given, heard), (len(given), len(heard))]
    matches: list[Match] = []
    for (first_given, first_heard), (last_given, last_heard) in pairwise(anchors):
        if first_given >= 0:
            matches.append(Match(first_given, first_heard, is_alike=True))
        matches += likeness.match(range(first_given + 1, last_given), range(first_heard + 1, last_heard))
    return matches


def _anchors(given: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    """Words in runs that occur once in each account, as many as come in the same order in both."""
    here, there = _single_runs(given), _single_runs(heard)
    shared = sorted((position, there[run]) for run, position in here.items() if run in there)
    words: dict[int, int] = {}
    for given_start, heard_start in _longest_rising(shared):
        for step in range(_RUN_WORDS):
            words.setdefault(given_start + step, heard_start + step)
    return _longest_rising(sorted(words.items()))


def _single_runs(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    runs = [tuple(words[start : start + _RUN_WORDS]) for start in range(len(words) - _RUN_WORDS + 1)]
    counts = Counter(runs)
    return {run: start for start, run in enumerate(runs) if counts[run] == 1}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest selection of pairs, sorted by the first number, in which the second rises too (patience sorting)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        last[length : length + 1] = [place]
    chosen: list[tuple[int, int]] = []
    place = last[-1] if last else -1
    while place >= 0:
        chosen.append(pairs[place])
        place = before[place]
    return chosen[::-1]


@dataclass(frozen=True)
class _Likeness:
    """How alike all words of two accounts are; `table` has shape (distinct given, distinct heard), in hundredths."""

    given: NDArray[np.int64]
    heard: NDArray[np.int64]
    table: NDArray[np.int16]

    @classmethod
    def of(cls, given: Sequence[str], heard: Sequence[str]) -> "_Likeness":
        """Compare every word of one account with every word of the other."""
        own, other = list(dict.fromkeys(given)), list(dict.fromkeys(heard))
        places = {
            pair: place for place, pair in enumerate(sorted({pair for word in own + other for pair in _pairs(word)}))
        }
        left, right = _letters(own, places), _letters(other, places)
        sums = left.sum(axis=1)[:, None] + right.sum(axis=1)[None, :]
        dice = 2 * (left @ right.T) / np.maximum(sums, 1)
        own_at, other_at = ({word: place for place, word in enumerate(words)} for words in (own, other))
        return cls(
            np.array([own_at[word] for word in given], np.int64),
            np.array([other_at[word] for word in heard], np.int64),
            (100 * dice).astype(np.int16),
        )

    def match(self, given: range, heard: range) -> list[Match]:
        """Match two stretches as a whole: as many words as possible that are alike, in runs (Needleman, Wunsch 1970).

        Stretches that are both so long that they share no run are not of the same conversation.
        """
        if not given or not heard or len(given) * len(heard) > _LARGEST_CELLS:
            return []
        alike = self.table[np.ix_(self.given[given.start : given.stop], self.heard[heard.start : heard.stop])]
        return [
            Match(given[row], heard[column], bool(alike[row, column] >= 100 * ALIKE))
            for row, column in _trace(_scores_of_pairs(alike))
        ]


def _pairs(word: str) -> set[str]:
    framed = f"^{word}$"
    return {framed[at : at + 2] for at in range(len(framed) - 1)}


def _letters(words: Sequence[str], places: dict[str, int]) -> NDArray[np.float32]:
    """Which pairs of letters each word holds, shape (words, pairs)."""
    held = np.zeros((len(words), len(places)), np.float32)
    for row, word in enumerate(words):
        held[row, [places[pair] for pair in _pairs(word)]] = 1
    return held


def _scores_of_pairs(alike: NDArray[np.int16]) -> Scores:
    """What it is worth to match each word with each, shape (n, m)."""
    matches = alike >= 100 * ALIKE
    worth = np.where(matches, alike, _UNLIKE).astype(np.int32)
    worth[1:, 1:] += _COMPANY * (matches[1:, 1:] & matches[:-1, :-1])
    worth[:-1, :-1] += _COMPANY * (matches[:-1, :-1] & matches[1:, 1:])
    return worth


def _trace(worth: Scores) -> list[tuple[int, int]]:
    """Walk the best way through a table of scores, shape (n, m): the places of what is matched."""
    rows, columns = worth.shape
    steps = _GAP * np.arange(columns + 1, dtype=np.int32)
    best = np.empty((rows + 1, columns + 1), np.int32)
    best[0] = steps
    for row in range(rows):
        reached = best[row] + _GAP
        np.maximum(reached[1:], best[row, :-1] + worth[row], out=reached[1:])
        best[row + 1] = np.maximum.accumulate(reached - steps) + steps
    matched: list[tuple[int, int]] = []
    row, column = rows, columns
    while row and column:
        score = best[row, column]
        if score == best[row - 1, column - 1] + worth[row - 1, column - 1]:
            row, column = row - 1, column - 1
            matched.append((row, column))
        elif score == best[row - 1, column] + _GAP:
            row -= 1
        else:
            column -= 1
    return matched[::-1]
