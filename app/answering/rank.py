"""Ranking, as pure functions: fuse ranked lists, drop near-duplicates, let many voices be heard."""

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np

from app.answering.candidates import Candidate, Tag
from app.answering.relevance import relevances
from app.answering.retrieve import Hit
from app.answering.schemas import Relevance
from app.calibration import Thresholds
from app.fusion import fuse_ranks

Item = TypeVar("Item")
_WORD = re.compile(r"\w+")

DENSE_WEIGHT = 1.0
LEXICAL_WEIGHT = 0.4
"""Of a candidate whose words carry all that is rare in the question; one that shares a common word weighs little."""
CODE_WEIGHT = 0.7
"""Of a candidate surely tagged with a code that is the question's; a code that is merely the nearest weighs little."""
GIST_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class RankedHit:
    """A hit with its fused score, and how relevant that makes it."""

    hit: Hit
    score: float
    relevance: Relevance


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its fused score, how relevant that makes it, and the tag that the question is about."""

    candidate: Candidate
    score: float
    relevance: Relevance
    tag: Tag | None


def rank(hits: Sequence[Hit], thresholds: Thresholds, most: int) -> list[RankedHit]:
    """Order hits by their fused ranks, best first, up to `most`; what says the same twice is kept once."""
    return list(islice(without_near_duplicates(order(hits, thresholds), lambda item: item.hit.text), most))


def order(hits: Sequence[Hit], thresholds: Thresholds) -> list[RankedHit]:
    """Order hits by their fused ranks, best first; the lists of words and of codes weigh as far as they are sure.

    A list by rank alone would put what shares one common word, or the nearest of codes that are all far away, before
    what vectors find: in other languages and in studies without a codebook that is noise.
    """
    rows = [[hit.dense_rank, hit.lexical_rank, hit.code_rank, hit.gist_rank] for hit in hits]
    sure = [
        [DENSE_WEIGHT, LEXICAL_WEIGHT * hit.lexical_score, CODE_WEIGHT * hit.code_score, GIST_WEIGHT] for hit in hits
    ]
    scores = fuse_ranks(np.array(rows, np.int64).reshape(-1, 4).T, np.array(sure).reshape(-1, 4).T)
    ranked = map(RankedHit, hits, scores.tolist(), relevances(hits, thresholds))
    return sorted(ranked, key=lambda item: (-item.score, item.hit.utterance_id))


def with_candidates(ranked: Sequence[RankedHit], candidates: Mapping[uuid.UUID, Candidate]) -> list[Ranked]:
    """Hits with what was said; those that may not be quoted any more are left out."""
    return [
        Ranked(candidate, item.score, item.relevance, lead_tag(candidate, item.hit.nearest_code))
        for item in ranked
        if (candidate := candidates.get(item.hit.utterance_id))
    ]


def lead_tag(candidate: Candidate, nearest_code: str | None) -> Tag | None:
    """The tag of a candidate that the question is about: the one with the code nearest to it."""
    return next((tag for tag in candidate.tags if tag.code == nearest_code), None)


def shingles(text: str, words: int = 3) -> frozenset[tuple[str, ...]]:
    """Overlapping runs of lower-cased words; a shorter text is one run."""
    tokens = _WORD.findall(text.casefold())
    return frozenset(zip(*(tokens[start:] for start in range(words)), strict=False)) or frozenset([tuple(tokens)])


def without_near_duplicates(
    items: Iterable[Item], text_of: Callable[[Item], str], most_similar: float = 0.7
) -> Iterator[Item]:
    """Yield the first of each group of items whose texts share most of their word runs.

    Texts are alike where the Jaccard similarity of their word runs, |A ∩ B| / |A ∪ B|, is at least `most_similar`.
    """
    sizes: list[int] = []
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for item in items:
        runs = shingles(text_of(item))
        shared = Counter(place for run in runs for place in holders.get(run, ()))
        if not any(common >= most_similar * (len(runs) + sizes[place] - common) for place, common in shared.items()):
            for run in runs:
                holders[run].append(len(sizes))
            sizes.append(len(runs))
            yield item


def at_most_each(items: Sequence[Item], voice_of: Callable[[Item], Hashable], most_each: int, least: int) -> list[Item]:
    """Hold back what one voice says beyond `most_each` items, unless fewer than `least` items would be left."""
    heard: Counter[Hashable] = Counter()
    first: list[Item] = []
    held_back: list[Item] = []
    for item in items:
        heard[voice_of(item)] += 1
        (first if heard[voice_of(item)] <= most_each else held_back).append(item)
    return first + held_back[: max(0, least - len(first))]
