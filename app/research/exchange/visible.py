"""Texts as their visible characters alone: white space, forms of letters and typographic marks make no difference."""

import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app.text import Span, normalise, plain_marks


@dataclass(frozen=True)
class Visible:
    """A text as its visible characters, and where in it each of them begins and ends."""

    text: str

    @cached_property
    def characters(self) -> str:
        """The visible characters, in the normal form of what is stored, typographic marks alike."""
        if self._is_normal:
            return "".join(plain_marks(self.text).split())
        return plain_marks("".join(character for character, _, _ in _places(self.text)))

    @cached_property
    def starts(self) -> "array[int]":
        """Where each begins."""
        if self._is_normal:
            return array("I", (place for place, each in enumerate(self.text) if not each.isspace()))
        return array("I", (start for _, start, _ in _places(self.text)))

    @cached_property
    def ends(self) -> "array[int]":
        """Where each ends."""
        if self._is_normal:
            return array("I", (start + 1 for start in self.starts))
        return array("I", (end for _, _, end in _places(self.text)))

    def span(self, start: int, end: int) -> Span:
        """The span of the text that some of the characters take."""
        return Span(self.starts[start], self.ends[end - 1])

    @cached_property
    def _is_normal(self) -> bool:
        return normalise(self.text) == self.text


def _places(text: str) -> Iterator[tuple[str, int, int]]:
    """The visible characters in normal form, with where in the text they begin and end."""
    for start, end in _clusters(text):
        for character in normalise(text[start:end]):
            if not character.isspace():
                yield character, start, end


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """The characters of a text, each with the marks that belong to it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.combining(text[place]):
            yield start, place
            start = place
