"""Where each text shall lie: the vectors of both teachers side by side, in fewer dimensions."""

from dataclasses import dataclass

import numpy as np

from app.embedding import unit_rows
from training.corpus import Corpus
from training.teachers import Teacher, Vectors

_EVERY = 5
_RIDGE = 50.0


@dataclass(frozen=True)
class Taught:
    """Unit vectors of the sentences of the corpus and of the word texts, in the same space."""

    sentences: Vectors
    words: Vectors


def ask_teachers(corpus: Corpus, words: list[str], multilingual: Teacher, english: Teacher) -> Taught:
    """Put the vectors of both teachers side by side.

    The English teacher reads English sentences only. A translation gets the mean of its English sentences; a word text
    gets what a linear map, fitted on the sentences, makes of its multilingual vector.
    """
    own = multilingual.embed(corpus.sentences)
    centre = own.mean(axis=0)
    own = unit_rows(own - centre)
    own_words = unit_rows(multilingual.embed(words) - centre)
    read = english.embed(corpus.sentences[: corpus.english_count])
    read = unit_rows(read - read.mean(axis=0))
    second = np.concatenate([read, _mean_of_translations(corpus, read)])
    second_words = unit_rows(own_words @ _linear_map(own[::_EVERY], second[::_EVERY]))
    return Taught(np.hstack([own, second]), np.hstack([own_words, second_words]))


def main_directions(taught: Taught, dimension: int) -> Vectors:
    """Turn sentences, then word texts, to the directions in which sentences differ most, shape (n_texts, dimension)."""
    sample = taught.sentences[::_EVERY]
    _, directions = np.linalg.eigh(sample.T @ sample)
    kept = np.ascontiguousarray(directions[:, ::-1][:, :dimension])
    return unit_rows(np.concatenate([taught.sentences @ kept, taught.words @ kept]))


def _mean_of_translations(corpus: Corpus, english: Vectors) -> Vectors:
    """Give each sentence that is not English the mean direction of the English ones that it translates."""
    sources, others = corpus.translations.T
    sums = np.zeros((len(corpus.sentences) - corpus.english_count, english.shape[1]), np.float32)
    np.add.at(sums, others - corpus.english_count, english[sources])
    return unit_rows(sums)


def _linear_map(given: Vectors, wanted: Vectors) -> Vectors:
    """Fit the ridge regression that makes one teacher's vectors of the other's."""
    gram = given.T @ given + _RIDGE * np.eye(given.shape[1], dtype=np.float32)
    solved: Vectors = np.linalg.solve(gram, given.T @ wanted)
    return solved
