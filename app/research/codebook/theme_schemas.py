"""Themes that no code names yet, as they are told, and how one is named."""

import uuid

from pydantic import Field, StrictBool

from app.frozen import Frozen
from app.research.codebook.schemas import CodebookEntry, PartCode
from app.research.codebook.tagging_schemas import QuotedWords
from app.vocabulary import Kind

MOST_THEMES = 50
MOST_QUOTES = 5


class Theme(Frozen):
    """What several people speak of alike, and no code of the study names; called by its most typical quote.

    `kind` is a guess.
    """

    id: uuid.UUID
    name: str
    kind: Kind
    people: int
    of: int = Field(description="people whose words may be quoted")
    by_language: dict[str, int]
    by_segment: dict[str, int]
    passages: int
    quotes: tuple[QuotedWords, ...] = Field(description="the most typical ones, one a person")


class Themes(Frozen):
    """The themes of most people first; `left_out` were beyond the limit."""

    study: str
    passages: int = Field(description="that carry no code of the study")
    themes: tuple[Theme, ...]
    left_out: int


class ThemeNaming(PartCode):
    """The code that a theme becomes; without a kind the guessed one.

    Its passages, or those of `utterances` alone, are tagged as those of who names it, once that is `confirmed`.
    """

    utterances: tuple[uuid.UUID, ...] = Field((), max_length=10_000)
    confirmed: StrictBool = False


class NamedTheme(Frozen):
    """What became, or would become, of a theme; without confirmation there is no code yet."""

    theme: Theme
    code: CodebookEntry | None
    taggings: int
    people: int
