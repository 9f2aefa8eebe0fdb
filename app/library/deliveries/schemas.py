"""Deliveries as those see them who sent them."""

import datetime as dt
import uuid
from typing import Any

from pydantic import Field

from app.frozen import Frozen
from app.library.jobs import JobStatus
from app.vocabulary import DeliveryStatus, Mode

UNDER_WAY = frozenset({DeliveryStatus.CHECKING, DeliveryStatus.STARTING, DeliveryStatus.RUNNING})
STARTABLE = frozenset({DeliveryStatus.READY, DeliveryStatus.FINISHED, DeliveryStatus.FAILED, DeliveryStatus.CANCELLED})
CANCELLABLE = UNDER_WAY | {DeliveryStatus.READY}


class DeliveredFile(Frozen):
    """A file: its path within what was sent, and under which SHA-256 it is kept."""

    name: str
    sha256: str
    size_bytes: int


class ConversationFacts(Frozen):
    """What the sender says of the files of one conversation, which no `study.yaml` describes."""

    study: str
    participant: str
    language: str | None = None
    mode: Mode = Mode.DIRECT
    interviewer_language: str | None = None
    channels: str | None = None


class Fault(Frozen):
    """What is wrong: where, what, and what to write instead."""

    place: str
    problem: str
    remedy: str


class Plan(Frozen):
    """What would be ingested."""

    study: str
    title: str
    is_new: bool
    languages: tuple[str, ...] = ()
    participants: int = 0
    interviews: int = 0
    recordings: int = 0
    codes: int = 0
    sources: int = 0
    taggings: int = 0
    insights: int = 0


class InterviewProgress(Frozen):
    """How far an interview of a delivery is; without a job there was nothing to do, or it waits for a remedy."""

    interview: str
    status: JobStatus | str
    stage: str | None = None
    job: uuid.UUID | None = None
    done: int = 0
    total: int = 0
    problem: str | None = None
    warnings: tuple[str, ...] = ()


class DeliveryProgress(Frozen):
    """How far a delivery is."""

    id: uuid.UUID
    author: str
    status: DeliveryStatus
    created_at: dt.datetime
    files: tuple[DeliveredFile, ...]
    facts: ConversationFacts | None
    plan: Plan | None
    faults: tuple[Fault, ...]
    interviews: tuple[InterviewProgress, ...] = ()
    notes: tuple[str, ...] = Field(
        (), description="what became of sources, taggings and insights, where it is to be told"
    )
    error: str | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether something happens without somebody asking for it."""
        return self.status in UNDER_WAY

    @property
    def may_start(self) -> bool:
        """Whether it can be started, for the first time or again: as long as its files are kept."""
        return bool(self.files) and self.status in STARTABLE

    @property
    def may_be_cancelled(self) -> bool:
        """Whether there is something to give up."""
        return self.status in CANCELLABLE

    @property
    def counts(self) -> dict[str, int]:
        """How many interviews are how far."""
        statuses = [entry.status for entry in self.interviews]
        return {status: statuses.count(status) for status in dict.fromkeys(statuses)}


class DeliveryFacts(Frozen):
    """A delivery in the list of all."""

    id: uuid.UUID
    author: str
    status: DeliveryStatus
    created_at: dt.datetime
    title: str | None
    names: tuple[str, ...]
    files: int
    faults: int

    @classmethod
    def of(cls, row: Any) -> "DeliveryFacts":
        """The facts of a row of `delivery`."""
        names = tuple(file["name"] for file in row.files[:3])
        title = row.plan["title"] if row.plan else None
        return cls(
            id=row.id,
            author=row.author,
            status=row.status,
            created_at=row.created_at,
            title=title,
            names=names,
            files=len(row.files),
            faults=len(row.faults),
        )
