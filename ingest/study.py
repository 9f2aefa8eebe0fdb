"""What a study folder holds, once read and checked: frozen, with every reference resolvable and every file in place."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, InstanceOf, ValidationInfo, field_validator

from app.customer_value import ValueScheme
from app.vocabulary import Mode, Role
from ingest import study_fields as fields
from ingest.study_faults import shown, unknown, wrong
from ingest.study_files import RECORDING, TRANSCRIPT, StudyFile
from ingest.study_parts import Code, Customer, Economics, Insight, Part, Segment, Tagging

__all__ = [
    "Code",
    "Consent",
    "Customer",
    "Economics",
    "Insight",
    "Interview",
    "Manifest",
    "Participant",
    "Segment",
    "Source",
    "Speaker",
    "Study",
    "Tagging",
    "TeamMember",
]

SPEAKER_ROLES = (Role.PARTICIPANT, Role.INTERVIEWER, Role.INTERPRETER, Role.OTHER)


class TeamMember(Part):
    """A colleague, who may be a knowledge holder."""

    id: fields.Identifier
    name: fields.Line
    role: fields.Line
    contact: fields.Line | None = None


class Participant(Part):
    """A person who was interviewed, under a pseudonymous code."""

    id: fields.Identifier
    customer_id: fields.CustomerReference | None = None
    language: fields.StudyLanguage
    segment: fields.SegmentReference | None = None
    attributes: dict[fields.Line, fields.Line] = Field(default_factory=dict)


class Consent(Part):
    """What the participants of an interview agreed to."""

    recording: bool = True
    quotes: bool = True
    marketing: bool = False
    until: fields.IsoDate | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks under a label or in a channel: a role, and the participant or the team member where it is known."""

    role: Role
    participant: str | None = None
    team: str | None = None


def _speaker(value: Any, info: ValidationInfo) -> Any:
    """Read a role, a participant of this interview or a member of the team."""
    if not isinstance(value, str) or not isinstance(info.context, fields.Known):
        return value
    word, known = fields.clean(value), info.context
    if word == Role.PARTICIPANT:
        return Speaker(Role.PARTICIPANT, participant=_only_one(info.data.get("participants", ())))
    if word in SPEAKER_ROLES:
        return Speaker(Role(word))
    interviewed = info.data.get("participants", known.of("participants"))
    if word in interviewed:
        return Speaker(Role.PARTICIPANT, participant=word)
    if word in known.of("team"):
        return Speaker(Role.INTERVIEWER, team=word)
    choices = [*SPEAKER_ROLES, *interviewed, *known.of("team")]
    raise unknown(f"{shown(word)} is no role, participant of this interview or member of the team", word, choices)


def _only_one(participants: tuple[str, ...]) -> str | None:
    if len(participants) > 1:
        remedy = f"write {' or '.join(map(shown, participants))}"
        raise wrong("this interview has several participants, and `participant` does not say which", remedy)
    return next(iter(participants), None)


def _one_or_several(value: object) -> object:
    """Read a bare participant as a list of one."""
    listed = [value] if isinstance(value, str) else value
    if isinstance(listed, list) and len({str(item) for item in listed}) < len(listed):
        raise wrong("a participant is listed twice", "list each participant once")
    return listed


_Speaker = Annotated[InstanceOf[Speaker], BeforeValidator(_speaker)]


class Interview(Part):
    """One conversation with one participant or several, and its files."""

    id: fields.Identifier
    participants: Annotated[
        tuple[fields.ParticipantReference, ...], fields.NOT_EMPTY, BeforeValidator(_one_or_several)
    ] = Field(alias="participant", examples=["P01"])
    date: fields.IsoDate | None = None
    interviewer: fields.TeamReference | None = None
    mode: fields.InterviewMode = Mode.DIRECT
    interviewer_language: fields.StudyLanguage | None = Field(None, validate_default=True)
    files: Annotated[tuple[fields.InterviewFile, ...], fields.NOT_EMPTY] = Field(examples=["[transcripts/P01.vtt]"])
    speakers: dict[fields.Line, _Speaker] = Field(default_factory=dict)
    channels: dict[fields.Side, _Speaker] = Field(default_factory=dict)
    consent: Consent = Consent()

    @field_validator("interviewer_language")
    @classmethod
    def _is_said_if_interpreted(cls, language: str | None, info: ValidationInfo) -> str | None:
        if language is None and info.data.get("mode") is Mode.INTERPRETED:
            raise wrong("nothing says which language is interpreted", "add `interviewer_language: en`")
        return language

    @property
    def transcript(self) -> StudyFile | None:
        """The transcript file, if there is one."""
        return next((file for file in self.files if file.kind is TRANSCRIPT), None)

    @property
    def recordings(self) -> tuple[StudyFile, ...]:
        """Audio and video files: one of everybody, or one of each speaker."""
        return tuple(file for file in self.files if file.kind is RECORDING)


class Source(Part):
    """An external document."""

    file: fields.SourceFile
    kind: fields.ExternalKind
    title: fields.Line
    competitor: fields.CompetitorReference | None = None
    url: fields.Url | None = None
    date: fields.IsoDate | None = None


class Privacy(Part):
    """How personal data of a study is treated: whether names in what is said are replaced by placeholders."""

    pseudonyms: bool = True


class Manifest(Part):
    """The keys of `study.yaml`."""

    study: fields.Slug = Field(examples=["my-study"])
    title: fields.Line | None = None
    languages: Annotated[tuple[fields.Language, ...], fields.NOT_EMPTY] = Field(examples=["[de, en]"])
    product: fields.Line | None = None
    competitors: tuple[fields.Line, ...] = ()
    team: tuple[TeamMember, ...] = ()
    codebook: fields.YamlFile | None = None
    segments: fields.YamlFile | None = None
    customers: fields.TableFile | None = None
    economics: Economics | None = None
    privacy: Privacy = Privacy()
    participants: tuple[Participant, ...] = Field(examples=["[{id: P01, language: de}]"])
    interviews: tuple[Interview, ...] = Field(examples=["[{id: I01, participant: P01, files: [transcripts/P01.vtt]}]"])
    sources: tuple[Source, ...] = ()
    taggings: fields.TableFile | None = None
    insights: fields.TableFile | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """A whole study folder."""

    slug: str
    title: str
    languages: tuple[str, ...]
    product: str | None
    competitors: tuple[str, ...]
    team: tuple[TeamMember, ...]
    codebook: tuple[Code, ...]
    segments: tuple[Segment, ...]
    customers: tuple[Customer, ...]
    value_scheme: ValueScheme | None
    participants: tuple[Participant, ...]
    interviews: tuple[Interview, ...]
    sources: tuple[Source, ...]
    taggings: tuple[Tagging, ...]
    insights: tuple[Insight, ...]
    privacy: Privacy
    root: Path
