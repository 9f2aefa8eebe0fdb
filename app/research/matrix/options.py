"""What words and codes are about: the product, a competitor of it, or the house alternative."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.answering.asked import LEAST_DEVIATIONS, nearness
from app.answering.facets.inflection import inflections
from app.answering.facets.question_text import QuestionText, normal_form
from app.answering.support import background_of
from app.embedding import Embedder
from app.vocabulary import Kind

ANY, US, HOUSE = "any", "us", "house"
"""All options together; the product; alternatives and habits that are no competitor's."""

RIVAL_KINDS = (Kind.ALTERNATIVE, Kind.COMPETITOR_REASON, Kind.HABIT)

_INFLECTING = ("de", "en")


@dataclass(frozen=True)
class Name:
    """A competitor with the forms of each word of its name, and whether it is written with a capital letter."""

    competitor: str
    words: tuple[frozenset[str], ...]
    is_capital: bool

    def stands_in(self, text: QuestionText, *, in_any_case: bool = False) -> bool:
        """Whether a text names it; in lower case alone only where the text has no capitals at all."""
        ignores_case = in_any_case or not (self.is_capital and text.has_capitals)
        return any(ignores_case or text.tokens[start].is_capital for start in self._starts(text))

    def _starts(self, text: QuestionText) -> Iterator[int]:
        for start in range(len(text.tokens) - len(self.words) + 1):
            following = text.tokens[start : start + len(self.words)]
            if all(token.normal in forms for token, forms in zip(following, self.words, strict=True)):
                yield start


def names_of(competitors: Sequence[str]) -> tuple[Name, ...]:
    """The names of competitors with the forms that they take in a sentence; one that is no word at all is left out."""
    return tuple(
        Name(competitor, tuple(_forms(competitor[token.start : token.end]) for token in tokens), tokens[0].is_capital)
        for competitor in dict.fromkeys(competitors)
        if (tokens := QuestionText(competitor).tokens)
    )


def competitors_in(texts: Collection[str | None], names: Sequence[Name]) -> frozenset[str]:
    """The competitors that texts name."""
    read = [QuestionText(text) for text in texts if text]
    return frozenset(name.competitor for name in names if any(map(name.stands_in, read)))


def competitors_of_codes(
    labels: Mapping[str, Sequence[str]], names: Sequence[Name], embedder: Embedder
) -> dict[str, frozenset[str]]:
    """Whose each code is, by its labels; none where it is no competitor's.

    A label names a competitor by the word, or by what it means: "Adviser at the house bank" is of the Hausbank, as far
    as the embedder finds it far nearer to that name than everyday questions are.

    Args:
        labels: by code, in whatever languages.
        names: of the competitors.
        embedder: compares labels with names.
    """
    by_word = {
        code: frozenset(
            name.competitor
            for name in names
            if any(name.stands_in(QuestionText(each), in_any_case=True) for each in own)
        )
        for code, own in labels.items()
    }
    unnamed = [(code, label) for code, own in labels.items() if not by_word[code] for label in own]
    if not unnamed or not names:
        return by_word
    vectors = embedder.embed_passages([label for _, label in unnamed])
    called = embedder.embed_passages([name.competitor for name in names])
    near = nearness(vectors, called, background_of(embedder))
    for (code, _), row in zip(unnamed, near, strict=True):
        nearest = int(np.argmax(row))
        if row[nearest] >= LEAST_DEVIATIONS:
            by_word[code] |= {names[nearest].competitor}
    return by_word


def options_of(
    named: Collection[str], beside: Collection[str], owners: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """What words are about.

    Args:
        named: the competitors that they, or the question before them, name.
        beside: codes of alternatives, reasons and habits that the same words affirm.
        owners: whose each such code is.
    """
    competitors = frozenset(named).union(*(owners.get(code, ()) for code in beside))
    house = {HOUSE} if any(not owners.get(code) for code in beside) else set()
    return frozenset({ANY, *(competitors | house or {US})})


def _forms(word: str) -> frozenset[str]:
    return frozenset({normal_form(f"{word}'s")}).union(*(inflections(word, language) for language in _INFLECTING))
