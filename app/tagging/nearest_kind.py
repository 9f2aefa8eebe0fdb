"""Which kind words are nearest to, where nobody says it: a guess, and told as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from app.embedding import Embedder, Vectors
from app.memory import loaded_once
from app.tagging.kinds import LANGUAGES, kind_book
from app.tagging.similarity import Indices, centre, mean_of_best, spread_of_unlike
from app.tagging.targets import KINDS, kind_targets
from app.vocabulary import Kind

BEST_OF_WORDS = 5
BEST_OF_TALK = 3


@dataclass(frozen=True)
class Talk:
    """How the kinds sound, and last how small talk does: unit rows from the mean of their language, (m, dimension).

    `spread` is that of the similarities between rows that have nothing in common.
    """

    vectors: Vectors
    columns: tuple[Indices, ...]
    spread: float


def guess_kinds(texts: Sequence[str], embedder: Embedder) -> tuple[Kind, ...]:
    """The kind that each text, such as the name of a code and what it is about, is nearest to."""
    targets = kind_targets(embedder)
    likeness, _ = targets.said.measure(embedder.embed_passages(texts))
    nearest = mean_of_best(likeness, targets.said_columns, BEST_OF_WORDS).argmax(axis=1)
    return tuple(KINDS[kind] for kind in nearest)


def kind_called(name: str) -> Kind | None:
    """The kind that a name is of: the kind itself, or its label in one of the languages, or an English plural."""
    return _kinds_by_name().get(name.strip().casefold().replace("_", " "))


def kinds_of_talk(vectors: Vectors, embedder: Embedder) -> tuple[Kind | None, ...]:
    """The kind that what people say is nearest to; `None` where small talk is nearer.

    Args:
        vectors: shape (n, dimension); unit rows from the mean of their language.
    """
    talk = talk_of_kinds(embedder)
    likeness = (vectors @ talk.vectors.T).astype(np.float64)
    nearest = mean_of_best(likeness, talk.columns, BEST_OF_TALK).argmax(axis=1)
    return tuple(KINDS[kind] if kind < len(KINDS) else None for kind in nearest)


@loaded_once
def talk_of_kinds(embedder: Embedder) -> Talk:
    """How the kinds and small talk sound to an embedder; embedded once."""
    book = kind_book()
    talks = [*(book.kinds[kind] for kind in KINDS), book.small_talk]
    rows, owners = [], []
    for language in LANGUAGES:
        said = [(text, number) for number, talk in enumerate(talks) for text in talk.examples[language]]
        vectors = embedder.embed_passages([text for text, _ in said])
        rows.append(centre(vectors, vectors.mean(axis=0)))
        owners += [number for _, number in said]
    vectors = np.vstack(rows)
    columns = tuple(np.flatnonzero(np.array(owners) == number) for number in range(len(talks)))
    return Talk(vectors, columns, spread_of_unlike(vectors))


@cache
def _kinds_by_name() -> dict[str, Kind]:
    names = {str(kind).replace("_", " "): kind for kind in KINDS}
    for kind, entry in kind_book().kinds.items():
        names |= {label.casefold(): kind for label in entry.label.values()}
    plurals = {_plural(name): kind for name, kind in names.items()}
    return plurals | names


def _plural(name: str) -> str:
    """The English plural, as codebooks name their groups: `triggers`, `anxieties`, `criteria`."""
    if name.endswith("criterion"):
        return f"{name.removesuffix('on')}a"
    return f"{name.removesuffix('y')}ies" if name.endswith("y") else f"{name}s"
