"""The parts of a study that have files of their own: codebook, segments, customers, taggings, insights."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from app.customer_value import ValueScheme, check_bands, check_class_limits, check_class_shares
from app.vocabulary import Polarity
from ingest import study_fields as fields
from ingest.study_faults import wrong


class Part(BaseModel):
    """A part of a study: frozen, without unknown keys; a key without a value is a key that is not there."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, content: Any) -> Any:
        if not isinstance(content, dict) or None not in content.values():
            return content
        known = {name for key, settings in cls.model_fields.items() for name in (key, settings.alias)}
        return {key: value for key, value in content.items() if value is not None or key not in known}


class Code(Part):
    """A tag of the codebook. Labels and examples are by language, `und` where none is said."""

    code: fields.Identifier
    kind: fields.CodeKind
    labels: fields.Labels = Field(alias="label")
    about: fields.Prose | None = None
    examples: fields.Phrases = Field(default_factory=dict)


class Codebook(Part):
    """The keys of the codebook file."""

    codes: tuple[Code, ...] = Field(examples=["[{code: AH1, kind: aha, label: First plan ran by itself}]"])


class Indicators(Part):
    """The codes whose affirmation speaks for a criterion, or against it; a denial does the opposite."""

    speaks_for: tuple[fields.CodeReference, ...] = ()
    speaks_against: tuple[fields.CodeReference, ...] = ()


class AttributeTest(Part):
    """What an attribute must be to speak for a criterion; anything else speaks against it. A bare text, or a list."""

    at_least: fields.Number | None = None
    at_most: fields.Number | None = None
    one_of: tuple[fields.Line, ...] = ()

    @model_validator(mode="after")
    def _tests_something(self) -> "AttributeTest":
        if bool(self.one_of) == (self.at_least is not None or self.at_most is not None):
            raise wrong("this tests nothing", "write `{at_least: 30, at_most: 45}`, or the words that fit: `[nurse]`")
        return self


def _attribute_test(value: object) -> object:
    if isinstance(value, str):
        return {"one_of": [value]}
    return {"one_of": value} if isinstance(value, list) else value


class Criterion(Part):
    """One thing that qualifies a customer for a segment; a bare text is its statement.

    `ask` is by language what to ask a customer who calls: a question whose yes means that the criterion is met.
    `attributes` are what is known of people without asking, by name, and what they must be.
    """

    id: fields.Identifier | None = None
    dimension: fields.CriterionDimension | None = None
    statement: fields.Prose
    ask: fields.Labels = Field(default_factory=dict)
    indicators: Indicators = Indicators()
    attributes: dict[fields.Line, Annotated[AttributeTest, BeforeValidator(_attribute_test)]] = Field(
        default_factory=dict
    )


def _criterion(value: object) -> object:
    return {"statement": value} if isinstance(value, str) else value


class Segment(Part):
    """A group of customers and what qualifies for it. Labels and aliases are by language, `und` where none is said."""

    id: fields.Identifier
    labels: fields.Labels = Field(alias="label")
    aliases: fields.Phrases = Field(default_factory=dict)
    description: fields.Prose | None = None
    criteria: tuple[Annotated[Criterion, BeforeValidator(_criterion)], ...] = ()


class Segmentation(Part):
    """The keys of the segments file."""

    segments: tuple[Segment, ...] = Field(examples=["[{id: careful, label: Careful}]"])


class Customer(Part):
    """A row of the customer base; further columns are kept as attributes."""

    customer_id: fields.Line
    purchases: fields.Count
    first_purchase: fields.IsoDate | None = Field(None, validate_default=True)
    revenue_eur: fields.Amount
    ltv_eur: fields.Amount | None = None
    attributes: dict[str, str] = Field(default_factory=dict)

    @field_validator("first_purchase")
    @classmethod
    def _is_known_if_there_are_purchases(cls, day: date | None, info: ValidationInfo) -> date | None:
        if day is None and info.data.get("purchases"):
            raise wrong("there are purchases, and no first one", "fill in `first_purchase`: `2026-03-02`")
        return day


class Economics(Part):
    """Where LTV bands and ABCD classes end, if not where they do by default."""

    bands_eur: Annotated[tuple[fields.Count, ...], fields.agreed(check_bands)] | None = None
    class_shares: Annotated[dict[fields.CustomerClass, fields.Share], fields.agreed(check_class_shares)] | None = None
    class_limits_eur: Annotated[dict[fields.CustomerClass, fields.Count], fields.agreed(check_class_limits)] | None = (
        None
    )

    @field_validator("class_limits_eur")
    @classmethod
    def _is_the_one_way_to_class(cls, limits: object, info: ValidationInfo) -> object:
        if limits is not None and info.data.get("class_shares") is not None:
            raise wrong("classes have shares already", "delete `class_shares` or `class_limits_eur`")
        return limits

    @property
    def scheme(self) -> ValueScheme:
        """The limits, with those by default where none are given."""
        return ValueScheme.model_validate(self.model_dump(exclude_none=True))


class Tagging(Part):
    """The researcher's own code on words of an interview; `place` is for what the transcript then says about it."""

    interview: fields.InterviewReference
    quote: fields.Prose | None = None
    start_ms: fields.Count | None = Field(None, validate_default=True)
    code: fields.CodeReference
    polarity: fields.TaggingPolarity = Polarity.AFFIRMED
    author: fields.Line
    place: str

    @field_validator("start_ms")
    @classmethod
    def _points_somewhere(cls, start_ms: int | None, info: ValidationInfo) -> int | None:
        if start_ms is None and "quote" in info.data and info.data["quote"] is None:
            raise wrong("nothing says which words are tagged", "fill in `quote` or `start_ms`")
        return start_ms


def _split(value: object) -> object:
    return [part for part in value.split("|") if part.strip()] if isinstance(value, str) else value


class Insight(Part):
    """A conclusion of a researcher and what it rests on: quotes or references to utterances, `|` between them."""

    id: fields.Identifier
    author: fields.Line
    date: fields.IsoDate | None = None
    segment: fields.SegmentReference | None = None
    statement: fields.Prose
    evidence: Annotated[tuple[fields.Prose, ...], BeforeValidator(_split)] = ()
    place: str
