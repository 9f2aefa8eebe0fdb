"""Runs: the way of one transcript to its interview, each in the hands of one process at a time.

A lease is a fencing token (Kleppmann, Designing Data-Intensive Applications, ch. 8): who was frozen and lost it can
write no more, whatever it believes.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, func, or_, select, text, update
from sqlalchemy.orm import Session

from app.errors import ConflictError
from app.models import IngestRun

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 5
_HOPELESS = "every process that worked on this transcript died; look at the file, then run `verbatim ingest` again"
_EXPIRED = (IngestRun.status == "running") & (IngestRun.lease_until < func.now())
_FREE = or_(IngestRun.status == "queued", _EXPIRED)


class LeaseLostError(ConflictError):
    """Another process took over this run; what we computed is thrown away."""


@dataclass(frozen=True)
class Lease:
    """The right to work on a run; every write of the work checks it."""

    run_id: uuid.UUID
    token: uuid.UUID


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
    """Runs that nobody works on: queued, or left behind by a process that died."""
    return session.scalars(select(IngestRun.id).where(_FREE).order_by(IngestRun.updated_at, IngestRun.id)).all()


def run_status(session: Session, run_id: uuid.UUID) -> str:
    """Status of a run."""
    return session.scalars(select(IngestRun.status).where(IngestRun.id == run_id)).one()


def advance(session: Session, lease: Lease, stage: str) -> None:
    """Say which stage begins, and renew the lease."""
    write_run(session, lease, stage=stage, lease_until=func.now() + LEASE)


def fail(session: Session, lease: Lease, problem: str) -> None:
    """Give up on a run and say why; a later ingest tries again."""
    write_run(session, lease, status="failed", error=problem, lease_token=None, lease_until=None)


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
