"""Taggings as they are told and given, and what a person decides of them."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from app.frozen import Frozen
from app.research.codebook.schemas import LONGEST_PROSE, Identifier
from app.vocabulary import Kind, Polarity, TaggingBasis

MOST_VERDICTS = 1000

Order = Literal["most_confident", "least_confident"]
Verdict = Literal["accepted", "corrected", "rejected"]

_Offset = Annotated[int, Field(ge=0, le=10_000_000)]
_Quote = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PROSE)]


class Place(Frozen):
    """Which words of an utterance are meant: those from `start` to before `end`, in code points, or those quoted."""

    start: _Offset | None = None
    end: _Offset | None = None
    quote: _Quote | None = Field(None, description="the words as they stand in the utterance, once")

    @model_validator(mode="after")
    def _is_one(self) -> "Place":
        if (self.start is None) != (self.end is None):
            raise ValueError("give both start and end")
        if self.start is not None and self.quote is not None:
            raise ValueError("give start and end, or a quote, not both")
        return self

    @property
    def is_given(self) -> bool:
        """Whether it says anything."""
        return self.start is not None or self.quote is not None


class NewTagging(Place):
    """A code that a person puts on words of a participant.

    The utterance is named by its id; a quote alone may also be looked for in an interview.
    """

    code: Identifier = Field(examples=["AX1"])
    utterance: uuid.UUID | None = None
    interview: str | None = Field(None, max_length=200, examples=["I07"])
    polarity: Polarity = Polarity.AFFIRMED

    @model_validator(mode="after")
    def _is_placed(self) -> "NewTagging":
        if self.utterance is None and (self.interview is None or self.quote is None):
            raise ValueError("name an utterance, or an interview and a quote from it")
        if not self.is_given:
            raise ValueError("say which words: give start and end, or a quote")
        return self


class QuotedWords(Frozen):
    """Words of a participant, which the server cut out of the stored utterance at `span` (code points)."""

    quote: str
    span: tuple[int, int]
    language: str
    participant: str
    segment: str | None
    interview: str
    utterance: uuid.UUID
    utterance_text: str
    question_before: str | None
    start_ms: int | None
    end_ms: int | None
    url: str


class TaggingEntry(QuotedWords):
    """A code on words of a participant."""

    id: uuid.UUID
    code: str
    kind: Kind
    polarity: Polarity
    basis: TaggingBasis
    author: str
    confidence: float
    created_at: datetime


class TaggingPage(Frozen):
    """Taggings of published interviews by their confidence."""

    study: str
    taggings: tuple[TaggingEntry, ...]
    next_cursor: str | None


class Review(Place):
    """What a person decides of one tagging by a model; a correction says what is otherwise."""

    tagging: uuid.UUID
    verdict: Verdict
    code: Identifier | None = None
    polarity: Polarity | None = None

    @model_validator(mode="after")
    def _corrects(self) -> "Review":
        changes = self.is_given or self.code is not None or self.polarity is not None
        if changes and self.verdict != "corrected":
            raise ValueError("only a correction changes code, polarity or words")
        if not changes and self.verdict == "corrected":
            raise ValueError("say what is otherwise: code, polarity or words")
        return self


class ReviewEntry(Frozen):
    """A verdict on a tagging as it had been; `tagging` is the person's tagging that took its place."""

    id: uuid.UUID
    verdict: Verdict
    author: str
    created_at: datetime
    undone_at: datetime | None
    undone_by: str | None
    code: str
    polarity: Polarity
    tagger: str
    basis: TaggingBasis
    confidence: float
    quote: str
    span: tuple[int, int]
    participant: str
    interview: str
    utterance: uuid.UUID
    tagging: uuid.UUID | None


class ReviewPage(Frozen):
    """Verdicts, the newest first."""

    study: str
    reviews: tuple[ReviewEntry, ...]
    next_cursor: str | None


class Reviewed(Frozen):
    """The verdicts that were given, in the order of the request."""

    study: str
    reviews: tuple[ReviewEntry, ...]
