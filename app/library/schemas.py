"""What the library tells of studies, people, interviews and utterances."""

import datetime as dt
import uuid
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.answering.schemas import Citation
from app.scope import Filters
from app.vocabulary import Kind, Mode, Role


class Entry(BaseModel):
    """A value that is read, never changed."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class StudySummary(Entry):
    """A study with its numbers of participants and published interviews."""

    slug: str
    title: str
    product: str | None
    languages: tuple[str, ...]
    competitors: tuple[str, ...]
    participants: int
    interviews: int


class SegmentEntry(Entry):
    """A segment, its names by language and its number of participants."""

    slug: str
    labels: dict[str, str]
    description: str | None
    participants: int


class CodeEntry(Entry):
    """A code of the codebook, its names by language."""

    code: str
    kind: Kind
    labels: dict[str, str]
    about: str


class TeamEntry(Entry):
    """A colleague of the study, who may know what the interviews do not tell."""

    code: str
    name: str
    role: str
    contact: str | None


class StudyDetail(StudySummary):
    """A study with all that filters can name."""

    segments: tuple[SegmentEntry, ...]
    codes: tuple[CodeEntry, ...]
    team: tuple[TeamEntry, ...]


class ParticipantEntry(Entry):
    """A person under a pseudonymous code; `band` and `class` come from the customer base, never from speech."""

    code: str
    language: str | None
    segment: str | None
    band: str | None
    abcd_class: str | None = Field(alias="class")
    attributes: dict[str, Any]
    interviews: tuple[str, ...]


class InterviewEntry(Entry):
    """One conversation; without a transcript it is not published yet."""

    code: str
    date: dt.date | None
    mode: Mode
    interviewer: str | None
    interviewer_language: str | None
    participants: tuple[str, ...]
    consent: dict[str, Any]
    published_at: dt.datetime | None
    transcript: uuid.UUID | None
    version: int | None
    utterances: int
    duration_ms: int | None
    languages: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    status: str = Field(
        "published",
        description="of the run that is in work, else of its last one: queued, running, published, failed or cancelled",
    )
    withheld: bool = Field(default=False, description="whether its participant does not consent to be quoted")


class UtteranceEntry(Entry):
    """One turn of one speaker; a participant is named by the code, also in `speaker`."""

    id: uuid.UUID
    index: int
    role: Role
    role_confidence: float
    participant: str | None
    speaker: str | None
    language: str
    text: str
    start_ms: int | None
    end_ms: int | None
    confidence: float | None
    codes: tuple[str, ...]


class PlacedUtterance(UtteranceEntry):
    """An utterance with where it stands; `superseded` when its transcript is no longer the published version."""

    study: str
    interview: str
    transcript: uuid.UUID
    version: int
    superseded: bool


class RecordingEntry(Entry):
    """A recording of an interview; `label` names the one speaker of a track."""

    id: uuid.UUID
    label: str | None
    duration_ms: int | None


class StudyPage(Entry):
    """Studies in the order of their slugs."""

    studies: tuple[StudySummary, ...]
    next_cursor: str | None


class ParticipantPage(Entry):
    """Participants in the order of their codes."""

    participants: tuple[ParticipantEntry, ...]
    next_cursor: str | None


class InterviewPage(Entry):
    """Interviews in the order of their codes."""

    interviews: tuple[InterviewEntry, ...]
    next_cursor: str | None


class TranscriptPage(Entry):
    """Utterances of one transcript version, in order."""

    study: str
    interview: str
    transcript: uuid.UUID
    version: int
    superseded: bool
    utterances: tuple[UtteranceEntry, ...]
    next_cursor: str | None


class QuotePage(Entry):
    """Quotes: the best first where something was asked, else in the order of interviews and utterances."""

    study: str
    filters: Filters
    quotes: tuple[Citation, ...]
    next_cursor: str | None
