"""What the prompts ask for: every value that a chat model may give, within limits; it points to words by their ids."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z][0-9]{1,4}$", description="an id as offered, such as u1")]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Number = Annotated[int, Field(ge=1, le=999)]


class Output(BaseModel):
    """A value asked of a chat model; nothing beyond its fields is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rendition(Output):
    """A passage's words in another language."""

    id: Id
    text: Annotated[str, Field(min_length=1, max_length=8_000)]


class Renditions(Output):
    """Passages in another language."""

    translations: Annotated[tuple[Rendition, ...], Field(max_length=50)]


class Judgement(Output):
    """Whether a quote supports a claim."""

    claim: Number
    id: Id
    verdict: Literal["supports", "partly", "contradicts", "unrelated"]


class Judgements(Output):
    """Judgements of pairs of claim and quote."""

    judgements: Annotated[tuple[Judgement, ...], Field(max_length=100)]


class NextQuestion(Output):
    """What to ask in the next interview."""

    question: Sentence
