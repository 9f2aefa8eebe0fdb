"""Jobs: the way of an interview to its publication, as those see it who wait for it."""

import datetime as dt
import uuid
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError
from app.isolation import is_open
from app.library.recording_runs import GIVEN_UP, UNFINISHED, requeue
from app.library.schemas import Entry
from app.models import IngestRun, Interview, Study

JobStatus = Literal["queued", "running", "published", "failed", "cancelled"]


class JobProblem(BaseModel):
    """Why an interview was given up, or what it waits for (RFC 9457)."""

    type: str = "/problems#invalid-input"
    title: str = InvalidInputError.title
    status: int = InvalidInputError.status_code
    detail: str


class Job(Entry):
    """How far an interview is on its way to its publication."""

    job: uuid.UUID
    study: str
    interview: str
    status: JobStatus
    stage: str
    done: int = Field(description="seconds of audio that are transcribed")
    total: int = Field(description="seconds of audio of the recordings; 0 while nobody knows")
    error: JobProblem | None
    warnings: tuple[str, ...] = Field((), description="what to know of the interview once it is published")
    attempts: int
    updated_at: dt.datetime

    @property
    def is_finished(self) -> bool:
        """Whether nothing more happens without somebody asking for it."""
        return self.status not in UNFINISHED


def read_job(session: Session, job_id: uuid.UUID) -> Job:
    """How far a job is.

    Raises:
        NotFoundError: there is no such job.
    """
    row = session.execute(
        select(IngestRun, Study.slug, Interview.code)
        .join(Interview, Interview.id == IngestRun.interview_id)
        .join(Study, Study.id == IngestRun.study_id)
        .where(IngestRun.id == job_id)
    ).one_or_none()
    if row is None or not is_open(session, row.IngestRun.study_id):
        raise NotFoundError("there is no such job")
    run: IngestRun = row.IngestRun
    return Job.model_validate(
        {
            "job": run.id,
            "study": row.slug,
            "interview": row.code,
            "status": run.status,
            "stage": run.stage,
            "done": run.done,
            "total": run.total,
            "error": _problem(run.status, run.error) if run.error else None,
            "warnings": run.warnings,
            "attempts": run.attempts,
            "updated_at": run.updated_at,
        }
    )


def _problem(status: str, reason: str) -> JobProblem:
    if status in GIVEN_UP:
        return JobProblem(detail=reason)
    return JobProblem(
        type="/problems#unavailable",
        title=UnavailableError.title,
        status=UnavailableError.status_code,
        detail=reason,
    )


def cancel_job(session: Session, job_id: uuid.UUID) -> Job:
    """Give a job up; who works on it loses its lease, and can publish nothing any more. Cancelling it again is fine.

    Raises:
        NotFoundError: there is no such job.
        ConflictError: it is done, or failed.
    """
    run = _locked(session, job_id)
    if run.status in UNFINISHED:
        run.status, run.error, run.lease_token, run.lease_until = "cancelled", None, None, None
        run.updated_at = func.now()
        session.flush()
    elif run.status != "cancelled":
        raise ConflictError(f"this job is {run.status}: there is nothing to cancel")
    return _fresh(session, run)


def retry_job(session: Session, job_id: uuid.UUID) -> Job:
    """Queue a job again that failed or was cancelled; one that is on its way stays so.

    Raises:
        NotFoundError: there is no such job.
        ConflictError: it is done.
    """
    run = _locked(session, job_id)
    if run.status in GIVEN_UP:
        requeue(session, run)
    elif run.status == "published":
        raise ConflictError("this job is done: the interview is published")
    return _fresh(session, run)


def _locked(session: Session, job_id: uuid.UUID) -> IngestRun:
    read_job(session, job_id)
    return session.get_one(IngestRun, job_id, with_for_update=True, populate_existing=True)


def _fresh(session: Session, run: IngestRun) -> Job:
    session.refresh(run)
    return read_job(session, run.id)


def count_runs(session: Session) -> dict[str, int]:
    """How many interviews of all studies are queued, on their way, or ended otherwise, by status."""
    counted = session.execute(select(IngestRun.status, func.count().label("runs")).group_by(IngestRun.status))
    return {row.status: row.runs for row in counted}
