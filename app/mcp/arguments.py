"""What the tools are given: flat, bounded, and forgiving of how models write lists."""

import json
import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.answering.schemas import Audience
from app.library.counts import Grouping
from app.library.pages import LONGEST_CURSOR
from app.research.segments.cases import Attributes, Facts, GivenAnswer
from app.scope import Filters

StudyName = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=63,
        description="slug of the study, from `list_studies`; may be left out where there is only one",
    ),
]
Cursor = Annotated[
    str | None, Field(max_length=LONGEST_CURSOR, description="`next_cursor` of the page before, unchanged")
]
Limit = Annotated[int, Field(ge=1, le=50, description="most quotes")]
ListLimit = Annotated[int, Field(ge=1, le=200, description="most entries")]
Neighbours = Annotated[int, Field(ge=0, le=20)]


class Arguments(BaseModel):
    """What one tool is given; what it does not know is refused, `null` counts as left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _as_models_write(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {
            name: _listed(value) if name in Filters.model_fields else value
            for name, value in given.items()
            if value is not None
        }

    @property
    def things(self) -> Mapping[str, object]:
        """What is read by its id, by what it is: the audit looks up which study that is of."""
        return {}


class Narrowed(Arguments, Filters):
    """A study, and whose words in it: values of one filter widen, filters narrow."""

    study: StudyName = None

    @property
    def filters(self) -> Filters:
        """The filters alone."""
        return Filters(**{name: getattr(self, name) for name in Filters.model_fields})


class AskInterviews(Narrowed):
    """A question with its filters."""

    question: str = Field(min_length=1, max_length=2000, description="one question, in any language of the study")
    audience: Audience = Field("product", description="who will read the answer")
    limit: Limit = 8


class SearchQuotes(Narrowed):
    """What to look for, and whose words."""

    query: str | None = Field(
        None, max_length=2000, description="what the quotes are about, in any language; left out, all are listed"
    )
    limit: Limit = 20
    cursor: Cursor = None


class GetQuoteContext(Arguments):
    """An utterance, and how much around it."""

    study: StudyName = None
    utterance: uuid.UUID = Field(description="`utterance` of a quote")
    before: Neighbours = Field(3, description="how many utterances before it")
    after: Neighbours = Field(3, description="how many utterances after it")

    @property
    def things(self) -> Mapping[str, object]:
        """The utterance."""
        return {"utterance": self.utterance}


class CountPeople(Narrowed):
    """Who is counted, and by what."""

    by: Grouping = Field(description="what the groups are")
    limit: ListLimit = 50


class ListSegments(Arguments):
    """A study."""

    study: StudyName = None


class Artefact(StrEnum):
    """What the research came to."""

    ANSWER = "answer"
    CODEBOOK = "codebook"
    ECONOMICS = "economics"
    HYPOTHESES = "hypotheses"
    INSIGHTS = "insights"
    MATRIX = "matrix"
    SATURATION = "saturation"
    SEGMENT = "segment"
    SOURCES = "sources"
    STORY = "story"


class ReadArtefact(Arguments):
    """A study, an artefact, and which part of it."""

    study: StudyName = None
    artefact: Artefact = Field(description="what to read")
    code: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="which one: the slug of a `segment`, the interview of a `story` (I07), the `id` of an `answer`; "
        "the code of an insight, hypothesis, source or code to read it alone, left out to list all",
    )
    limit: ListLimit = 50
    cursor: Cursor = None

    @property
    def things(self) -> Mapping[str, object]:
        """What `code` names; an answer alone has an id for it."""
        return {self.artefact: self.code}


class QualifyCustomer(Arguments):
    """A customer to qualify, and in which study."""

    study: StudyName = None
    answers: tuple[GivenAnswer, ...] = Field((), max_length=50, description="what the customer says")
    facts: Facts = Field(Facts(), description="what is known of the customer: codes that hold or not, criteria met")
    attributes: Attributes = Field(default_factory=dict)
    participant: str | None = Field(
        None, min_length=1, max_length=200, description="code of a participant whose words count too"
    )
    language: str | None = Field(None, pattern="^[a-z]{2}$", description="language in which to ask next")


class ListStudies(Arguments):
    """Which page of the studies."""

    limit: ListLimit = 50
    cursor: Cursor = None


def _listed(value: object) -> object:
    """A list that a model wrote as text: as JSON, or as the only value it wants."""
    if not isinstance(value, str):
        return value
    try:
        parsed = json.loads(value)
    except (ValueError, RecursionError):
        return [value]
    return parsed if isinstance(parsed, list) else [value]
