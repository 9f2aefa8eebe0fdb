"""What persons say of insights: written whole, changed in part."""

import datetime as dt
import uuid
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from app.research.insights.schemas import InsightState
from app.text import MOST_OFFSET
from app.vocabulary import Stance

MOST_EVIDENCE = 100
LONGEST_STATEMENT = 20_000
LONGEST_LINE = 300
CODE = r"^\w[\w.-]{0,62}$"


def _written(value: object) -> object:
    """Pydantic alone takes seconds since 1970 for a day too, which no schema of a date allows."""
    if isinstance(value, (int, float)):
        raise ValueError("write a day as YYYY-MM-DD")  # noqa: TRY004 pydantic tells of ValueError alone
    return value


Day = Annotated[dt.date, BeforeValidator(_written)]


class EvidenceForm(BaseModel):
    """What an insight is to rest on: words of a participant, or an utterance or a span of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quote: str | None = Field(
        None, min_length=1, max_length=LONGEST_STATEMENT, description="words of a participant, exactly"
    )
    utterance: uuid.UUID | None = Field(None, description="instead of a quote: the utterance")
    start: int | None = Field(None, ge=0, le=MOST_OFFSET, description="where the words begin; unset, all of it")
    end: int | None = Field(None, ge=1, le=MOST_OFFSET, description="where they end (code points, half-open)")
    stance: Stance = Stance.FOR

    @model_validator(mode="after")
    def _points_to_words(self) -> "EvidenceForm":
        if (self.quote is None) == (self.utterance is None):
            raise ValueError("give a quote or an utterance")
        if (self.start is None) != (self.end is None) or (self.start is not None and self.utterance is None):
            raise ValueError("start and end belong together, to an utterance")
        return self


class InsightForm(BaseModel):
    """A conclusion, as somebody writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    study: str = Field(min_length=1, max_length=63, description="slug of the study", examples=["nido"])
    statement: str = Field(min_length=1, max_length=LONGEST_STATEMENT)
    code: str | None = Field(None, pattern=CODE, description="unset, the next free one")
    author: str | None = Field(None, min_length=1, max_length=LONGEST_LINE, description="unset, who sends it")
    date: Day | None = None
    segments: tuple[str, ...] = Field((), max_length=100, description="slugs; none for all customers")
    theme: str | None = Field(None, min_length=1, max_length=LONGEST_LINE)
    status: InsightState = InsightState.DRAFT
    evidence: tuple[EvidenceForm, ...] = Field((), max_length=MOST_EVIDENCE)


class InsightPatch(BaseModel):
    """What is changed of an insight; what is left out stays, a date or theme of null is taken away."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, json_schema_extra={"minProperties": 1}
    )

    statement: str | None = Field(None, min_length=1, max_length=LONGEST_STATEMENT)
    author: str | None = Field(None, min_length=1, max_length=LONGEST_LINE)
    date: Day | None = None
    segments: tuple[str, ...] | None = Field(None, max_length=100)
    theme: str | None = Field(None, min_length=1, max_length=LONGEST_LINE)
    status: InsightState | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> "InsightPatch":
        emptied = [name for name, value in self.changes().items() if value is None and name not in ("date", "theme")]
        if emptied or not self.changes():
            raise ValueError(f"{emptied[0]} cannot be taken away" if emptied else "nothing is changed")
        return self

    def changes(self) -> dict[str, Any]:
        """What was given, by field."""
        return {name: getattr(self, name) for name in self.model_fields_set}
