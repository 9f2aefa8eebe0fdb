"""What the sender of a recording says of it."""

import json
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from app.vocabulary import Mode, Role

LONGEST_WORD = 200
VOICES = (Role.PARTICIPANT, Role.INTERVIEWER, Role.INTERPRETER, Role.OTHER)

_VOICES_SHOWN = ", ".join(VOICES)

Said = TypeVar("Said")


Side = Literal["left", "right"]
"""A side of a stereo recording."""


def _channels(value: object) -> object:
    """Read `{"left": "interviewer", …}`, or `left=interviewer,right=participant`."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as error:
            raise ValueError("is no JSON object") from error
    pairs = (pair.partition("=") for pair in value.split(","))
    return {side.strip(): voice.strip() for side, _, voice in pairs}


_Word = Annotated[str, Field(min_length=1, max_length=LONGEST_WORD)]


class RecordingForm(BaseModel):
    """What belongs to a recording; what nobody says of a known interview stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    study: _Word = Field(description="slug of the study", examples=["nido"])
    participant: _Word = Field(description="code of who was interviewed", examples=["P07"])
    interview: str | None = Field(
        None, pattern=r"^\w[\w.-]{0,62}$", description="code of the interview; unset, a new one", examples=["I07"]
    )
    mode: Mode | None = Field(None, description="how the interview was held; unset, directly")
    interviewer_language: str | None = Field(
        None,
        validate_default=True,
        pattern="^[a-z]{2}$",
        description="ISO 639-1; needed where it was interpreted",
        examples=["en"],
    )
    channels: Annotated[dict[Side, _Word] | None, BeforeValidator(_channels)] = Field(
        None, description=f"who speaks on which side of a stereo recording: {_VOICES_SHOWN}, or the participant's code"
    )
    speaker: _Word | None = Field(
        None, description=f"who alone speaks on this recording, one of several: {_VOICES_SHOWN}, or the code"
    )

    @field_validator("interviewer_language")
    @classmethod
    def _is_said_if_interpreted(cls, language: str | None, info: ValidationInfo) -> str | None:
        if language is None and info.data.get("mode") is Mode.INTERPRETED:
            raise ValueError("an interpreted interview needs `interviewer_language`")
        return language

    @field_validator("channels", "speaker")
    @classmethod
    def _are_voices(cls, said: Said, info: ValidationInfo) -> Said:
        words = said.values() if isinstance(said, dict) else [said]
        if not {None, *VOICES, info.data.get("participant")}.issuperset(words):
            raise ValueError(f"who speaks is one of {_VOICES_SHOWN}, or the participant's code")
        return said


def voice_of(word: str, participant: str) -> str:
    """Name a voice as interviews store it: a participant by the code, everybody else by the role."""
    return participant if word == Role.PARTICIPANT else word
