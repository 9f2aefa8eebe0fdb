"""What is spoken: excerpts of three sample interviews, and sentences of the pairs for variety."""

import csv
import lzma
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("de", "es", "en")
PAIR_FILES = {"de": ("eng-deu.tsv.xz", 1), "es": ("eng-spa.tsv.xz", 1), "en": ("eng-spa.tsv.xz", 0)}
PLAIN_TEXT = re.compile(r"[\w ,.?!¿¡'-]+")
SHORTEST, LONGEST = 12, 90
"""Characters of a sentence of the pairs."""


@dataclass(frozen=True)
class Excerpt:
    """Turns of one interview, from `first` up to but not including `last`, counted from 0."""

    interview: str
    first: int
    last: int


@dataclass(frozen=True)
class Line:
    """What is said without a break by one voice."""

    language: str
    text: str


@dataclass(frozen=True)
class Turn:
    """One turn of an interview and its place there, counted from 0."""

    index: int
    role: str
    line: Line


EXCERPTS = (Excerpt("P01", 6, 14), Excerpt("P15", 6, 12), Excerpt("P18", 12, 20))


def read_turns(study: Path, excerpt: Excerpt) -> list[Turn]:
    """Read the turns of an excerpt from the study's gold files: role, language, codes, text."""
    with (study / "gold" / f"{excerpt.interview}.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Turn(index, rows[index][0], Line(rows[index][1], rows[index][3]))
        for index in range(excerpt.first, excerpt.last)
    ]


def sample_lines(study: Path) -> list[Line]:
    """Every turn of the sample recordings."""
    return [turn.line for excerpt in EXCERPTS for turn in read_turns(study, excerpt)]


def pair_lines(pairs: Path, count: int, skipped: int, seed: int) -> list[Line]:
    """Draw plain sentences of each language in the order of the seed: `count` of them after the first `skipped`."""
    return [
        Line(language, text)
        for language in LANGUAGES
        for text in _shuffled_sentences(pairs, language, seed)[skipped : skipped + count]
    ]


def _shuffled_sentences(pairs: Path, language: str, seed: int) -> Sequence[str]:
    name, column = PAIR_FILES[language]
    with lzma.open(pairs / name, "rt", encoding="utf-8") as lines:
        texts = {line.rstrip("\n").split("\t")[column] for line in lines}
    plain = sorted(text for text in texts if SHORTEST <= len(text) <= LONGEST and PLAIN_TEXT.fullmatch(text))
    random.Random(seed).shuffle(plain)  # noqa: S311
    return plain
