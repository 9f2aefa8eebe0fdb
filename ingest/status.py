"""What became of each interview of a study, of its external sources and of its insights."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.evidence.insights.balances import all_insights
from app.models import IngestRun, Interview, Passage, Study, Transcript, Utterance

Status = Literal["published", "queued", "running", "failed", "cancelled", "waiting"]

_SOURCES = """
SELECT source.code AS source, source.title, CASE WHEN version_id IS NULL THEN 'failed' ELSE 'published' END AS status,
  source.problem, source_version.version, source_version.seen_at,
  (SELECT count(*) FROM source_chunk WHERE source_chunk.version_id = source.version_id) AS chunks
FROM source LEFT JOIN source_version ON source_version.id = source.version_id
WHERE source.study_id = :study_id ORDER BY source.code
"""


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


@dataclass(frozen=True)
class SourceStatus:
    """An external source: whether it could be read, and what of it questions can see.

    `problem` is why it could not be read when that was tried last; `version` and `chunks` are what questions see.
    """

    source: str
    title: str
    status: Literal["published", "failed"]
    problem: str | None
    version: int | None
    chunks: int
    seen_at: datetime | None


@dataclass(frozen=True)
class InsightStatus:
    """An insight: how many quotes it rests on, and why it is stale, if it is."""

    insight: str
    status: str
    quotes: int
    stale: tuple[str, ...]


@dataclass(frozen=True)
class StudyStatus:
    """What became of all that a study is made of."""

    interviews: tuple[InterviewStatus, ...]
    sources: tuple[SourceStatus, ...]
    insights: tuple[InsightStatus, ...]


def study_status(session: Session, slug: str) -> StudyStatus:
    """What became of the interviews, sources and insights of a study, each by code.

    Raises:
        NotFoundError: there is no such study.
    """
    interviews = interview_statuses(session, slug)
    study_id = session.scalars(select(Study.id).where(Study.slug == slug)).one()
    sources = (SourceStatus(**row) for row in session.execute(text(_SOURCES), {"study_id": study_id}).mappings())
    insights = (
        InsightStatus(each.insight.code, each.insight.status, len(each.quotes), tuple(map(str, each.balance.losses)))
        for each in all_insights(session, study_id)
    )
    return StudyStatus(interviews, tuple(sources), tuple(insights))


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
