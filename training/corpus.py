"""What the student learns from: sentences that translate each other, and words of spoken language."""

import gzip
import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LANGUAGES = {"eng": "en", "deu": "de", "spa": "es"}


@dataclass(frozen=True)
class Corpus:
    """Distinct sentences, English first, and which of them translate each other."""

    sentences: tuple[str, ...]
    english_count: int
    translations: NDArray[np.int64]
    """Rows of `sentences`: an English one and its translation, shape (n_pairs, 2)."""


@dataclass(frozen=True)
class Lexicon:
    """Words of one language: those heard in speech, most frequent first, with their counts, and those never heard."""

    spoken: tuple[str, ...]
    counts: NDArray[np.float64]
    unheard: tuple[str, ...]


def read_corpus(folder: Path) -> Corpus:
    """Read all `eng-XXX.tsv.xz` of a folder: English sentence, tab, translation."""
    pairs = [
        (english, (LANGUAGES[path.name[4:7]], other))
        for path in sorted(folder.glob("eng-*.tsv.xz"))
        for english, other in _read_pairs(path)
    ]
    if not pairs:
        raise SystemExit(f"{folder} holds no file eng-XXX.tsv.xz")
    english = sorted({source for source, _ in pairs})
    others = sorted({translation for _, translation in pairs})
    english_rows = {sentence: row for row, sentence in enumerate(english)}
    other_rows = {translation: row for row, translation in enumerate(others, start=len(english))}
    rows = [(english_rows[source], other_rows[translation]) for source, translation in pairs]
    sentences = (*english, *(sentence for _, sentence in others))
    return Corpus(sentences, len(english), np.array(rows, dtype=np.int64))


def _read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, other = line.rstrip("\n").split("\t")[:2]
            yield english, other


def read_lexicons() -> dict[str, Lexicon]:
    """Word frequencies in film subtitles, from the package pyspellchecker, by language."""
    package = find_spec("spellchecker")
    if package is None or package.origin is None:
        raise SystemExit("install training/requirements.txt first")
    folder = Path(package.origin).parent / "resources"
    return {language: _read_lexicon(folder / f"{language}.json.gz") for language in sorted(LANGUAGES.values())}


def _read_lexicon(path: Path) -> Lexicon:
    """Read a frequency list; the package gives its lowest count to the words that no subtitle holds."""
    counts: dict[str, int] = json.loads(gzip.decompress(path.read_bytes()))
    lowest = min(counts.values())
    words = sorted(filter(str.isalpha, counts), key=lambda word: (-counts[word], word))
    spoken = tuple(word for word in words if counts[word] > lowest)
    unheard = tuple(words[len(spoken) :])
    return Lexicon(spoken, np.array([counts[word] for word in spoken], dtype=np.float64), unheard)


def word_texts(lexicons: Mapping[str, Lexicon], singles: int, handfuls: int, seed: int) -> list[str]:
    """Texts that show words without a sentence around them: one by one, and in random handfuls of two to five words.

    Args:
        lexicons: by language.
        singles: how many words of each language stand by themselves; unheard ones where the spoken ones do not suffice.
        handfuls: how many handfuls per language; a spoken word is drawn by the square root of its count.
        seed: of the random draws.
    """
    random = np.random.default_rng(seed)
    texts: list[str] = []
    for lexicon in lexicons.values():
        texts += (lexicon.spoken + tuple(random.permutation(lexicon.unheard)))[:singles]
        chances = np.sqrt(lexicon.counts)
        drawn = random.choice(len(lexicon.spoken), size=(handfuls, 5), p=chances / chances.sum())
        sizes = random.integers(2, 6, size=handfuls)
        texts += [" ".join(lexicon.spoken[word] for word in row[:size]) for row, size in zip(drawn, sizes, strict=True)]
    return texts
