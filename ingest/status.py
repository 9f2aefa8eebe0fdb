"""What became of each interview of a study, and of the files that it is made from."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models import IngestRun, Interview, Passage, Study, Transcript, Utterance

Status = Literal["published", "queued", "running", "failed", "cancelled", "waiting"]


@dataclass(frozen=True)
class InterviewStatus:
    """One interview: how far its newest file is, and what of it questions can see.

    `version`, `utterances`, `roles` and `passages` are those of the published transcript; `waiting` is an interview
    without any transcript file.
    """

    interview: str
    status: Status
    stage: str | None
    problem: str | None
    attempts: int
    updated_at: datetime | None
    version: int | None
    utterances: int
    passages: int
    roles: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def interview_statuses(session: Session, slug: str) -> tuple[InterviewStatus, ...]:
    """What became of each interview of a study, by code.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = session.scalar(select(Study.id).where(Study.slug == slug))
    if study_id is None:
        raise NotFoundError(f"there is no study {slug!r}; `verbatim status` without `--study` shows all")
    interviews = session.execute(
        select(Interview.id, Interview.code, Interview.transcript_id, Transcript.version)
        .outerjoin(Transcript, Transcript.id == Interview.transcript_id)
        .where(Interview.study_id == study_id)
        .order_by(Interview.code)
    ).all()
    runs = _newest_runs(session, study_id)
    roles = _role_counts(session, study_id)
    passages = _passage_counts(session, study_id)
    return tuple(
        _status(code, version, runs.get(interview_id), roles.get(interview_id, {}), passages.get(interview_id, 0))
        for interview_id, code, _, version in interviews
    )


def _status(
    code: str, version: int | None, run: IngestRun | None, roles: dict[str, int], passages: int
) -> InterviewStatus:
    return InterviewStatus(
        interview=code,
        status=run.status if run else "waiting",  # type: ignore[arg-type]
        stage=run.stage if run else None,
        problem=run.error if run else "no transcript yet",
        attempts=run.attempts if run else 0,
        updated_at=run.updated_at if run else None,
        version=version,
        utterances=sum(roles.values()),
        passages=passages,
        roles=roles,
        warnings=tuple(run.warnings) if run else (),
    )


def _newest_runs(session: Session, study_id: uuid.UUID) -> dict[uuid.UUID, IngestRun]:
    newest = (
        select(IngestRun)
        .where(IngestRun.study_id == study_id)
        .ext(distinct_on(IngestRun.interview_id))
        .order_by(IngestRun.interview_id, IngestRun.updated_at.desc(), IngestRun.id)
    )
    return {run.interview_id: run for run in session.scalars(newest)}


def _role_counts(session: Session, study_id: uuid.UUID) -> dict[uuid.UUID, dict[str, int]]:
    counted = (
        select(Utterance.interview_id, Utterance.role, func.count())
        .join(Interview, Interview.transcript_id == Utterance.transcript_id)
        .where(Interview.study_id == study_id)
        .group_by(Utterance.interview_id, Utterance.role)
        .order_by(Utterance.role)
    )
    roles: dict[uuid.UUID, dict[str, int]] = {}
    for interview_id, role, count in session.execute(counted):
        roles.setdefault(interview_id, {})[role] = count
    return roles


def _passage_counts(session: Session, study_id: uuid.UUID) -> dict[uuid.UUID, int]:
    counted = select(Passage.interview_id, func.count()).where(Passage.study_id == study_id)
    return dict(session.execute(counted.group_by(Passage.interview_id)).all())
