"""What a chat model may say of the passages it was offered: claims in its words, evidence by pointer alone."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.vocabulary import Polarity

MOST_CLAIMS = 12
MOST_POINTERS = 40
MOST_SENTENCES = 60
MOST_CLAIM_CHARACTERS = 1_500

_Name = Annotated[str, Field(max_length=200)]


class Composed(BaseModel):
    """Something that a model wrote: its schema allows no other fields, and what it adds all the same is not read."""

    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_extra={"additionalProperties": False})


class Pointer(Composed):
    """One passage as evidence: its id, and the numbers of the sentences that say it (1-based)."""

    id: _Name = Field(description="id of an offered passage, for example u3")
    sentences: tuple[int, ...] = Field(
        (), max_length=MOST_SENTENCES, description="numbers of the sentences that say it; empty: whichever fit best"
    )


class ComposedClaim(Composed):
    """One thing that people say, in the language of the answer, without numbers and without quotations."""

    text: str = Field(max_length=MOST_CLAIM_CHARACTERS, description="one or two plain sentences, no numbers, no quotes")
    code: _Name | None = Field(None, description="the offered code that the claim is about, if one fits")
    polarity: Polarity = Field(Polarity.AFFIRMED, description="whether the people affirm that code or deny it")
    evidence: tuple[Pointer, ...] = Field(max_length=MOST_POINTERS, description="passages that say what the claim says")
    against: tuple[Pointer, ...] = Field((), max_length=MOST_POINTERS, description="passages that say the opposite")
    part: int = Field(1, description="number of the sub-question that the claim answers")


class Composition(Composed):
    """An answer before it is checked."""

    claims: tuple[ComposedClaim, ...] = Field((), max_length=MOST_CLAIMS)
