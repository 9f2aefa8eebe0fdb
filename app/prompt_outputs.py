"""What the prompts ask for: every value that a chat model may give, within limits; it points to words by their ids."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.vocabulary import Kind, Polarity

Id = Annotated[str, Field(pattern=r"^[a-z][0-9]{1,4}$", description="an id as offered, such as u1")]
Words = Annotated[str, Field(min_length=1, max_length=200)]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Number = Annotated[int, Field(ge=1, le=999)]


class Output(BaseModel):
    """A value asked of a chat model; nothing beyond its fields is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Pointer(Output):
    """A passage by its id, and which of its sentences (from 1); none means all of it."""

    id: Id
    sentences: Annotated[tuple[Number, ...], Field(max_length=20)]


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


class DraftTagging(Output):
    """A code of the codebook on an utterance, or on some of its sentences."""

    id: Id
    sentences: Annotated[tuple[Number, ...], Field(max_length=20)]
    code: Words
    polarity: Polarity
    confidence: Annotated[float, Field(ge=0, le=1)]


class Taggings(Output):
    """Codes on utterances."""

    taggings: Annotated[tuple[DraftTagging, ...], Field(max_length=200)]


class Gist(Output):
    """What a passage says, in one neutral line."""

    id: Id
    gist: Sentence


class Gists(Output):
    """One line a passage."""

    gists: Annotated[tuple[Gist, ...], Field(max_length=100)]


class Finding(Output):
    """Something about a participant, resting on what they said."""

    text: Sentence
    evidence: Annotated[tuple[Pointer, ...], Field(min_length=1, max_length=6)]


class Force(Finding):
    """One of the four forces of progress."""

    kind: Literal[Kind.PUSH, Kind.PULL, Kind.ANXIETY, Kind.HABIT]


class Moment(Finding):
    """A moment on the way from the first thought to the decision."""

    stage: Literal["first_thought", "passive_looking", "active_looking", "deciding", "first_use", "ongoing_use"]


class Alternative(Finding):
    """Something that was or might have been used instead."""

    name: Words
    fate: Literal["hired", "fired", "considered", "rejected"]


Findings = Annotated[tuple[Finding, ...], Field(max_length=12)]


class InterviewRecord(Output):
    """An interview as Jobs to be Done; what the participant did not say stays empty."""

    job: Finding | None
    trigger: Finding | None
    decision: Finding | None
    forces: Annotated[tuple[Force, ...], Field(max_length=20)]
    timeline: Annotated[tuple[Moment, ...], Field(max_length=12)]
    alternatives: Annotated[tuple[Alternative, ...], Field(max_length=12)]
