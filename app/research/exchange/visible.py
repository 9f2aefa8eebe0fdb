"""Texts as their visible characters alone, so that white space and forms of letters make no difference."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app.text import Span, normalise


@dataclass(frozen=True)
class Visible:
    """A text as its visible characters, and where in it each of them begins and ends."""

    text: str

    @cached_property
    def characters(self) -> str:
        """The visible characters, in the normal form of what is stored."""
        if self._is_normal:
            return "".join(self.text.split())
        return "".join(character for character, _, _ in self._places)

    @cached_property
    def starts(self) -> list[int]:
        """Where each begins."""
        return [start for _, start, _ in self._places]

    def span(self, start: int, end: int) -> Span:
        """The span of the text that some of the characters take."""
        return Span(self._places[start][1], self._places[end - 1][2])

    @cached_property
    def _is_normal(self) -> bool:
        return normalise(self.text) == self.text

    @cached_property
    def _places(self) -> list[tuple[str, int, int]]:
        if self._is_normal:
            return [(each, place, place + 1) for place, each in enumerate(self.text) if not each.isspace()]
        return [
            (character, start, end)
            for start, end in _clusters(self.text)
            for character in normalise(self.text[start:end])
            if not character.isspace()
        ]


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """The characters of a text, each with the marks that belong to it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.combining(text[place]):
            yield start, place
            start = place
