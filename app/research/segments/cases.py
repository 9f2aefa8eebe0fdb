"""A customer to qualify, and the verdict on each segment with all that it rests on."""

from typing import Annotated, Any

from pydantic import (
    ConfigDict,
    Field,
    FiniteFloat,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from app.answering.schemas import Citation
from app.frozen import Frozen
from app.library.schemas import ParticipantEntry
from app.research.segments.attributes import AttributeValue
from app.research.segments.signs import Basis, CriterionVerdict
from app.research.segments.verdicts import LEAST_CRITERIA, LEAST_LEAD, LEAST_SHARE, Verdict
from app.vocabulary import Dimension, Polarity, Stance

LONGEST_ANSWER = 2000

Name = Annotated[str, Field(min_length=1, max_length=200)]
AttributeText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
LanguageCode = Annotated[str, Field(pattern="^[a-z]{2}$")]


class GivenAnswer(Frozen):
    """What a customer says, in whatever language; `criterion` or `question` says what was asked."""

    text: str = Field(min_length=1, max_length=LONGEST_ANSWER)
    question: str | None = Field(None, max_length=1000)
    language: LanguageCode | None = None
    criterion: Name | None = Field(None, description="the criterion that was asked about: a yes meets it")


class Facts(Frozen):
    """What somebody knows of a customer; `null` for a criterion says that it was asked about in vain."""

    codes: dict[Name, Polarity] = Field(default={}, max_length=200)
    criteria: dict[Name, bool | None] = Field(default={}, max_length=200)


def _attribute(value: Any, read: ValidatorFunctionWrapHandler) -> AttributeValue | None:
    try:
        known: AttributeValue | None = read(value)
    except ValidationError:
        raise ValueError("write a number, true or false, or a text of at most 300 characters") from None
    return known


Attributes = Annotated[
    dict[Name, Annotated[StrictBool | StrictInt | FiniteFloat | AttributeText | None, WrapValidator(_attribute)]],
    Field(
        max_length=100,
        description="what is known without asking: age, occupation, monthly saving; `null` where it is not known",
    ),
]


class Case(Frozen):
    """A customer to qualify: by answers, by facts, by what a participant said, or by all of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "study": "nido",
                    "answers": [
                        {"text": "Ja, jeden Morgen im Zug", "question": "Wann schauen Sie nach Ihrem Depot?"},
                        {"text": "no", "criterion": "careful-learning"},
                    ],
                    "attributes": {"age": 38, "occupation": "teacher"},
                    "facts": {"codes": {"AX1": "denied"}, "criteria": {"optimiser-discipline": True}},
                },
                {"study": "nido", "participant": "P07", "language": "de"},
            ]
        },
    )

    study: str = Field(min_length=1, max_length=63, description="slug of the study")
    answers: tuple[GivenAnswer, ...] = Field(default=(), max_length=50)
    facts: Facts = Facts()
    attributes: Attributes = Field(default_factory=dict)
    participant: Name | None = Field(None, description="code of a participant whose words count too")
    language: LanguageCode | None = Field(
        None, description="language of what is told and asked next; unset, that of the first answer"
    )


class Evidence(Frozen):
    """One thing that speaks for a criterion or against it: a quote, an answer, both by number, or a fact.

    `code` and `attribute` are `null` where the criterion itself was told. Of what a model found in words `confidence`
    says how sure it is; what a person tagged or told weighs twice as much at the same confidence.
    """

    speaks: Stance
    code: str | None
    attribute: str | None
    polarity: Polarity
    basis: Basis
    confidence: float
    citation: int | None
    answer: int | None


class CriterionResult(Frozen):
    """A criterion, whether it is met, and by what; indicators that the study has no more are `unknown_codes`."""

    criterion: str
    dimension: Dimension | None
    statement: str
    verdict: CriterionVerdict
    confidence: float | None
    evidence: tuple[Evidence, ...]
    unknown_codes: tuple[str, ...]


class SegmentResult(Frozen):
    """Whether the customer qualifies for a segment; `share` is met / (met + failed).

    `lead` is how far (met - failed) / of is ahead of the best other segment.
    """

    segment: str
    label: str
    verdict: Verdict
    met: int
    failed: int
    contradictory: int
    unknown: int
    of: int
    share: float | None
    lead: float
    criteria: tuple[CriterionResult, ...]


class NextQuestion(Frozen):
    """What to ask next, about which criterion; a yes would set its segment apart from those that it `separates`."""

    criterion: str
    segment: str
    dimension: Dimension | None
    question: str
    separates: tuple[str, ...]


class FoundCode(Frozen):
    """A code that an answer affirms or denies."""

    code: str
    polarity: Polarity
    confidence: float


class ReadAnswer(Frozen):
    """How an answer was understood: its language, whether it is a yes or a no to a criterion, the codes found in it."""

    number: int
    language: str
    criterion: str | None
    met: bool | None
    codes: tuple[FoundCode, ...]


class QualificationRule(Frozen):
    """The rule of the verdicts.

    `qualifies`: at least `least_criteria` criteria met (or the only one), at least `least_share` of those met or
    failed, and a lead of at least `least_lead`. `does_not`: at least as many failed, and no more than
    1 - `least_share` met. Else `undecided`.
    """

    least_criteria: int = LEAST_CRITERIA
    least_share: float = LEAST_SHARE
    least_lead: float = LEAST_LEAD


class Qualification(Frozen):
    """The verdict on each segment, those with most met first, and what to ask next to decide.

    `best` is the segment that is ahead of all others, if one is; its verdict says whether that is enough. The band and
    class of a `participant` come from the customer base and are `null` where it does not tell. What the study knows of
    the `participant` counts as `attributes` do, which are stronger; no criterion tests `untested_attributes`.
    """

    study: str
    language: str
    participant: ParticipantEntry | None
    best: str | None
    sentence: str
    segments: tuple[SegmentResult, ...]
    ask_next: tuple[NextQuestion, ...]
    answers: tuple[ReadAnswer, ...]
    untested_attributes: tuple[str, ...]
    citations: tuple[Citation, ...]
    rule: QualificationRule
