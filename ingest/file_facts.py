"""The files of one conversation, named on the command line, and what was said of them there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from app.errors import Fault, InvalidInputError
from app.vocabulary import Mode, Role
from ingest import study_fields as fields
from ingest.study import SPEAKER_ROLES
from ingest.study_faults import FaultLog, Place, objection_of, report, shown, wrong
from ingest.study_files import RECORDING, TRANSCRIPT, StudyFile, find_file

_CHANNELS_REMEDY = "write `--channels left=interviewer,right=participant`"


def _sides(value: object) -> object:
    """Read `left=interviewer,right=participant`."""
    if not isinstance(value, str):
        return value
    pairs = [pair.partition("=") for pair in value.split(",")]
    if not all(separator for _, separator, _ in pairs):
        raise wrong(f"{shown(value)} does not say who speaks on which side", _CHANNELS_REMEDY)
    return {side.strip(): voice.strip() for side, _, voice in pairs}


class FileFacts(BaseModel):
    """A transcript, recordings or both of one conversation, and what else has to be known of its interview."""

    model_config = ConfigDict(frozen=True)

    files: tuple[InstanceOf[StudyFile], ...]
    study: fields.Slug = Field(examples=["nido"])
    participant: fields.Identifier = Field(examples=["P24"])
    language: fields.Language | None = None
    mode: fields.InterviewMode = Mode.DIRECT
    interviewer_language: fields.Language | None = Field(None, validate_default=True)
    channels: Annotated[dict[fields.Side, str], BeforeValidator(_sides)] = Field(default_factory=dict)

    @field_validator("files")
    @classmethod
    def _holds_one_transcript(cls, files: tuple[StudyFile, ...]) -> tuple[StudyFile, ...]:
        if sum(file.kind is TRANSCRIPT for file in files) > 1:
            raise wrong("two transcripts of one conversation", "ingest them one by one: each has its participant")
        return files

    @field_validator("interviewer_language")
    @classmethod
    def _is_said_if_interpreted(cls, language: str | None, info: ValidationInfo) -> str | None:
        if language is None and info.data.get("mode") is Mode.INTERPRETED:
            raise wrong("nothing says which language is interpreted", "add `--interviewer-language en`")
        return language

    @field_validator("channels")
    @classmethod
    def _are_voices(cls, channels: dict[fields.Side, str], info: ValidationInfo) -> dict[fields.Side, str]:
        """Name a voice as interviews store it: the participant by the code, everybody else by the role."""
        code = info.data.get("participant", Role.PARTICIPANT)
        unknown = next((voice for voice in channels.values() if voice not in (*SPEAKER_ROLES, code)), None)
        if unknown is not None:
            raise wrong(f"nobody speaks as {shown(unknown)}", _CHANNELS_REMEDY)
        return {side: code if voice == Role.PARTICIPANT else voice for side, voice in channels.items()}

    @property
    def transcript(self) -> StudyFile | None:
        """The transcript file, if there is one."""
        return next((file for file in self.files if file.kind is TRANSCRIPT), None)

    @property
    def recordings(self) -> tuple[StudyFile, ...]:
        """One recording of everybody, or one of each speaker."""
        return tuple(file for file in self.files if file.kind is RECORDING)


class SingleFileError(InvalidInputError):
    """A file, or what was said of it, cannot be used; `faults` holds all that is wrong."""


def read_facts(paths: Sequence[Path], given: Mapping[str, object]) -> FileFacts:
    """Check the files of one conversation and what was said of them.

    Raises:
        SingleFileError: something of it is wrong.
    """
    options, faults = _CommandLine(), FaultLog()
    files = tuple(_find(path) for path in paths)
    try:
        return FileFacts.model_validate(
            {**{name: value for name, value in given.items() if value is not None}, "files": files}
        )
    except ValidationError as error:
        report(error, FileFacts, options, faults)
        raise SingleFileError("nothing was ingested", faults.in_order(options.file)) from error


def too_little(problem: str, remedy: str) -> SingleFileError:
    """Build the error of a command that leaves something open."""
    return SingleFileError("nothing was ingested", (Fault(_CommandLine.file, problem, remedy),))


def _find(path: Path) -> StudyFile:
    try:
        return find_file(path.parent.resolve(), path.name, TRANSCRIPT, RECORDING)
    except PydanticCustomError as error:
        raise SingleFileError("nothing was ingested", (Fault(str(path), *objection_of(error)),)) from error


@dataclass(frozen=True)
class _CommandLine:
    """The options, as a document whose faults can be reported."""

    file: str = "the command line"
    how_to_add: str = "add `--{name} {example}`"

    def locate(self, steps: Sequence[int | str]) -> Place:
        """Name the option."""
        is_option = steps and steps[0] != "files"
        return Place(0, f"--{str(steps[0]).replace('_', '-')}" if is_option else self.file)
