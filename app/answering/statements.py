"""What is claimed before its people are counted, whether quotes were grouped or a chat model composed it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

from app.answering.cite import Quoted
from app.vocabulary import Polarity

Place = tuple[uuid.UUID, int, int]


@dataclass(frozen=True)
class Statement:
    """What is claimed before its people are counted; `text` is a model's wording of it, if there is one."""

    code: str | None
    polarity: Polarity
    supporting: tuple[Quoted, ...]
    contradicting: tuple[Quoted, ...]
    text: str | None = None
    part: int = 1
    weakly_supported: bool = False

    @property
    def quotes(self) -> tuple[Quoted, ...]:
        """All its quotes, for and against."""
        return self.supporting + self.contradicting

    def keeping(self, kept: Collection[Place]) -> Self:
        """The statement with those of its quotes alone that are kept."""
        return replace(
            self,
            supporting=tuple(quote for quote in self.supporting if place_of(quote) in kept),
            contradicting=tuple(quote for quote in self.contradicting if place_of(quote) in kept),
        )


def place_of(quote: Quoted) -> Place:
    """Where the words of a quote stand."""
    return quote.ranked.candidate.utterance_id, quote.span.start, quote.span.end
