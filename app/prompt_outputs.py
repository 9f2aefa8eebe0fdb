"""What the prompts ask for: every value that a chat model may give, within limits; it points to words by their ids."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.vocabulary import JobField, Polarity

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


class PassageTag(Output):
    """A code on a passage: the sentences that affirm or deny it, and how surely."""

    code: Annotated[str, Field(min_length=1, max_length=63)]
    polarity: Polarity = Polarity.AFFIRMED
    sentences: Annotated[tuple[Number, ...], Field(max_length=40)] = ()
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.5


class PassageNote(Output):
    """What a passage says in one neutral line, and its tags."""

    id: Id
    gist: Annotated[str, Field(max_length=500)] = ""
    tags: Annotated[tuple[PassageTag, ...], Field(max_length=20)] = ()


class PassageNotes(Output):
    """Notes on passages of one interview."""

    notes: Annotated[tuple[PassageNote, ...], Field(max_length=50)]


class StoryEntry(Output):
    """One thing in the story of a job, in a few words, and the sentences of a passage that say it."""

    field: JobField
    statement: Sentence
    id: Id
    sentences: Annotated[tuple[Number, ...], Field(max_length=40)] = ()


class JobStory(Output):
    """What an interview tells of a decision; what it does not tell is not in it."""

    entries: Annotated[tuple[StoryEntry, ...], Field(max_length=100)]
