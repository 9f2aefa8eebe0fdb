"""Runs: the way of one transcript, or of recordings, to its interview, each in the hands of one process at a time.

A lease is a fencing token (Kleppmann, Designing Data-Intensive Applications, ch. 8): who was frozen and lost it can
write no more, whatever it believes.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, func, or_, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.errors import ConflictError
from app.models import IngestRun, Interview
from ingest.setbacks import Consequence, Setback

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 5
REST = timedelta(seconds=10)
"""How long a run is left alone after an attempt that went wrong."""

_HOPELESS = "every process that worked on this transcript died; look at the file, then run `verbatim ingest` again"
_EXPIRED = (IngestRun.status == "running") & (IngestRun.lease_until < func.now())
_FREE = or_(IngestRun.status == "queued", _EXPIRED)
_RESTED = or_(IngestRun.error.is_(None), IngestRun.updated_at < func.now() - REST)


class LeaseLostError(ConflictError):
    """Another process took over this run; what we computed is thrown away."""


@dataclass(frozen=True)
class Lease:
    """The right to work on a run; every write of the work checks it."""

    run_id: uuid.UUID
    token: uuid.UUID


@dataclass(frozen=True)
class FoundRun:
    """A run: its study, the interview that it publishes, and whether it `waits` for somebody to work on it."""

    study_id: uuid.UUID
    interview: str
    waits: bool


@contextmanager
def alone_with(engine: Engine, run_id: uuid.UUID) -> Iterator[bool]:
    """Try to hold a lock that the database drops when this process dies; tells whether nobody else holds it."""
    key = {"key": str(run_id)}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held = bool(connection.scalar(text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))"), key))
        try:
            yield held
        finally:
            if held:
                with suppress(DBAPIError):  # with its connection, the lock is gone already
                    connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:key, 0))"), key)


def claim_run(session: Session, run_id: uuid.UUID, *, orphaned: bool = False) -> Lease | None:
    """Take the lease of a run that waits, or whose holder let it expire; give up on one that outlived five holders.

    Args:
        session: an open transaction.
        run_id: the run.
        orphaned: whether its holder is known to be dead, so that its lease counts as expired.
    """
    expired = IngestRun.status == "running" if orphaned else _EXPIRED
    session.execute(
        update(IngestRun)
        .where(IngestRun.id == run_id, expired, IngestRun.attempts >= MOST_ATTEMPTS)
        .values(status="failed", error=_HOPELESS, lease_token=None, lease_until=None, updated_at=func.now())
    )
    token = uuid.uuid4()
    claimed = session.scalar(
        update(IngestRun)
        .where(IngestRun.id == run_id, or_(IngestRun.status == "queued", expired))
        .values(
            status="running",
            stage="parse",
            attempts=IngestRun.attempts + 1,
            lease_token=token,
            lease_until=func.now() + LEASE,
            updated_at=func.now(),
        )
        .returning(IngestRun.id)
    )
    return Lease(run_id, token) if claimed else None


def waiting_runs(session: Session) -> Sequence[uuid.UUID]:
    """Runs that nobody works on: queued, and not just tried in vain, or left behind by a process that died."""
    return session.scalars(
        select(IngestRun.id).where(_FREE, _RESTED).order_by(IngestRun.updated_at, IngestRun.id)
    ).all()


def hand_back(session: Session, run_id: uuid.UUID) -> None:
    """Let others process a run that this process cannot end in time; the attempt does not count."""
    session.execute(
        update(IngestRun)
        .where(IngestRun.id == run_id, IngestRun.status == "running")
        .values(
            status="queued",
            stage="waiting",
            attempts=IngestRun.attempts - 1,
            lease_token=None,
            lease_until=None,
            updated_at=func.now(),
        )
    )


def find_run(session: Session, run_id: uuid.UUID) -> FoundRun | None:
    """Find a run, if it is still there."""
    statement = select(IngestRun.study_id, Interview.code, _FREE.label("waits"))
    row = session.execute(
        statement.join(Interview, Interview.id == IngestRun.interview_id).where(IngestRun.id == run_id)
    ).one_or_none()
    return FoundRun(row.study_id, row.code, row.waits) if row else None


def is_through(session: Session, study_id: uuid.UUID) -> bool:
    """Whether no run of a study waits or is worked on."""
    unfinished = select(IngestRun.id).where(IngestRun.study_id == study_id, IngestRun.status.in_(("queued", "running")))
    return session.scalar(unfinished.limit(1)) is None


def run_status(session: Session, run_id: uuid.UUID) -> str:
    """Status of a run."""
    return session.scalars(select(IngestRun.status).where(IngestRun.id == run_id)).one()


def advance(session: Session, lease: Lease, stage: str) -> None:
    """Say which stage begins, and renew the lease."""
    write_run(session, lease, stage=stage, lease_until=func.now() + LEASE)


def follow(session: Session, lease: Lease, setback: Setback) -> bool:
    """Let a run wait, have another attempt, or fail after the fifth one or for good; tells whether it waits.

    An attempt that ended for want of something outside does not count.
    """
    attempts = session.scalars(select(IngestRun.attempts).where(IngestRun.id == lease.run_id)).one()
    waits = setback.consequence is Consequence.WAIT
    again = waits or (setback.consequence is Consequence.TRY_AGAIN and attempts < MOST_ATTEMPTS)
    write_run(
        session,
        lease,
        status="queued" if again else "failed",
        attempts=attempts - waits,
        error=setback.problem,
        lease_token=None,
        lease_until=None,
        **({"stage": "waiting"} if again else {}),
    )
    return again


def write_run(session: Session, lease: Lease, **values: object) -> None:
    """Write to a run while its lease is ours; raises `LeaseLostError` when it is not."""
    written = session.scalar(
        update(IngestRun)
        .where(IngestRun.id == lease.run_id, IngestRun.lease_token == lease.token)
        .values(updated_at=func.now(), **values)
        .returning(IngestRun.id)
    )
    if written is None:
        raise LeaseLostError("another process has taken over this interview; see `verbatim status`")
