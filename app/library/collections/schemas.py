"""What is told of collections, and what makes one."""

import datetime as dt
import uuid
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from app.answering.schemas import Citation
from app.frozen import Frozen
from app.text import MOST_OFFSET

LONGEST_TITLE = 200
LONGEST_NOTE = 2_000


def _of_words(span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    if start >= end:
        raise ValueError("the end is not after the start")
    return span


WordsSpan = Annotated[
    tuple[Annotated[int, Field(ge=0, le=MOST_OFFSET)], Annotated[int, Field(ge=1, le=MOST_OFFSET)]],
    AfterValidator(_of_words),
]

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE),
    Field(description="what the list is called", examples=["Quotes for the spring campaign"]),
]


class NewCollection(Frozen):
    """A list that is begun."""

    study: str = Field(min_length=1, max_length=63, description="slug of the study", examples=["nido"])
    title: Title


class CollectionTitle(Frozen):
    """What a list is called from now on."""

    title: Title


class QuotePlace(Frozen):
    """Where the words of a quote stand: `span` of an utterance, half-open in code points, as citations name it."""

    utterance: uuid.UUID
    span: WordsSpan


class Arrangement(Frozen):
    """Where a quote stands in a list from now on, and the note on it; what is left out stays, no note takes it away."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    position: int | None = Field(None, ge=1, le=MOST_OFFSET, description="1 is the first; past the last, the last")
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NOTE)] | None = None

    @model_validator(mode="after")
    def _arranges_something(self) -> "Arrangement":
        if self.position is None and "note" not in self.model_fields_set:
            raise ValueError("give a position or a note")
        return self


class CollectionEntry(Frozen):
    """A list of quotes, by whom and of when; `url` is the link under which whoever may read the study reads it."""

    id: uuid.UUID
    study: str
    title: str
    author: str
    created_at: dt.datetime
    quotes: int
    url: str


class CollectionPage(Frozen):
    """Lists of quotes, the newest first."""

    collections: tuple[CollectionEntry, ...]
    next_cursor: str | None


class CollectedQuote(Frozen):
    """A quote in a list, under the id by which it is arranged and taken out; `note` is what somebody wrote on it."""

    id: uuid.UUID
    note: str | None
    author: str
    created_at: dt.datetime
    quote: Citation


class Collection(CollectionEntry):
    """A list with its quotes, in its order; `lost` is how many may not be quoted any more."""

    items: tuple[CollectedQuote, ...]
    lost: int
