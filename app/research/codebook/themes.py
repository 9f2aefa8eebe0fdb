"""Themes that people keep coming back to: clusters of what they say, in whatever language. Pure functions over vectors.

The same passages give the same themes, in whatever order they come; a person who says the same many times counts once.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.embedding import Vectors, unit_rows
from app.tagging.similarity import DRAWN_ROWS, Indices, centre, drawn_mean, spread_of_unlike

LEAST_PEOPLE = 3
MOST_COMPARED = 4_000
LINK = 2.9
"""How like each other the passages of a theme are on average, in units of the spread of unlike ones."""
MOST_LINK = 0.5
"""The cosine that is enough, however the others spread."""


@dataclass(frozen=True)
class Passages:
    """What people say: n passages, each by one person in one language; `vectors` has shape (n, dimension)."""

    people: tuple[str, ...]
    languages: tuple[str, ...]
    vectors: Vectors


@dataclass(frozen=True)
class Cluster:
    """A theme: its passages, the most typical first, and how many people they are of.

    `centroid` has shape (dimension,), a unit vector from the mean of each language; `cohesion` is the mean cosine of
    the passages to it.
    """

    members: tuple[int, ...]
    people: int
    centroid: Vectors
    cohesion: float


def find_themes(passages: Passages, general_spread: float) -> tuple[Cluster, ...]:
    """Find what at least three people speak of alike: those of most people first.

    Average linkage on cosines between vectors from the mean of their language, so that a theme is not what one language
    has in common. Where there are more passages than can be compared with each other, the others join the themes that
    they are like.

    Args:
        passages: n >= 0.
        general_spread: how similarities of unlike passages spread in general, to which a small study is drawn.

    Source: Sokal and Michener, "A statistical method for evaluating systematic relationships", 1958 (average linkage).
    """
    groups = _same_passages(passages)
    first = [group[0] for group in groups]
    centred = _centre_languages(passages.vectors[first], [passages.languages[row] for row in first])
    people = np.array([passages.people[row] for row in first])
    compared = centred[:MOST_COMPARED]
    if len(set(people[:MOST_COMPARED])) < LEAST_PEOPLE:
        return ()
    least = min(MOST_LINK, LINK * _spread(compared, general_spread))
    linked = [rows for rows in _link(compared, least) if len(set(people[rows])) >= LEAST_PEOPLE]
    joined = _join(centred, linked, least)
    clusters = [_cluster(rows, centred, people, groups) for rows in joined]
    return tuple(sorted(clusters, key=lambda cluster: (-cluster.people, -cluster.cohesion)))


def _same_passages(passages: Passages) -> list[list[int]]:
    """Passages of one person that say the same, in an order that depends on nothing but what is said and by whom."""
    groups: dict[bytes, list[int]] = {}
    for row, (person, language) in enumerate(zip(passages.people, passages.languages, strict=True)):
        if passages.vectors[row].any():
            content = f"{person}\0{language}\0".encode() + passages.vectors[row].tobytes()
            groups.setdefault(hashlib.sha256(content).digest(), []).append(row)
    return [groups[key] for key in sorted(groups)]


def _centre_languages(vectors: Vectors, languages: Sequence[str]) -> Vectors:
    """Unit rows from the mean of their language, shape (n, dimension); that of a rare language is drawn to all.

    What lies at the mean itself, because nobody says anything else, stays where it is.
    """
    centred = np.zeros_like(vectors)
    for language in set(languages):
        rows = np.flatnonzero(np.array(languages) == language)
        centred[rows] = centre(vectors[rows], drawn_mean(vectors[rows], vectors.mean(axis=0)))
    return np.where(centred.any(axis=1, keepdims=True), centred, vectors)


def _spread(vectors: Vectors, general: float) -> float:
    """The spread of the similarities of unlike rows, drawn to a general one that counts as twenty rows."""
    drawn = len(vectors) * spread_of_unlike(vectors) ** 2 + DRAWN_ROWS * general**2
    return float(np.sqrt(drawn / (len(vectors) + DRAWN_ROWS)))


def _link(vectors: Vectors, least: float) -> list[Indices]:
    """The clusters of rows that are like each other on average, at least so much."""
    from sklearn.cluster import AgglomerativeClustering

    linkage = AgglomerativeClustering(n_clusters=None, distance_threshold=1 - least, metric="cosine", linkage="average")
    labels = linkage.fit_predict(vectors)
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def _join(vectors: Vectors, clusters: Sequence[Indices], least: float) -> list[Indices]:
    """Let the rows that were not compared join the cluster whose rows they are most like, if they are enough so."""
    rest = np.arange(MOST_COMPARED, len(vectors))
    if not clusters or not rest.size:
        return list(clusters)
    likeness = vectors[rest] @ np.stack([vectors[rows].mean(axis=0) for rows in clusters]).T
    nearest = np.where(likeness.max(axis=1) >= least, likeness.argmax(axis=1), -1)
    return [np.concatenate([rows, rest[nearest == number]]) for number, rows in enumerate(clusters)]


def _cluster(rows: Indices, vectors: Vectors, people: NDArray[np.str_], groups: Sequence[Sequence[int]]) -> Cluster:
    centroid = unit_rows(vectors[rows].mean(axis=0, keepdims=True))[0]
    typicality = vectors[rows] @ centroid
    order = rows[np.argsort(-typicality, kind="stable")]
    members = tuple(member for row in order for member in groups[row])
    return Cluster(members, len(set(people[rows])), centroid, float(typicality.mean()))
