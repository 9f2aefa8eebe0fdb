"""What people do with deliveries: send, look, start, give up. What a worker does with them is `ingest.deliveries`."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import ConflictError, NotFoundError
from app.library.deliveries.schemas import (
    CANCELLABLE,
    STARTABLE,
    ConversationFacts,
    DeliveredFile,
    DeliveryFacts,
    DeliveryProgress,
    InterviewProgress,
)
from app.library.jobs import cancel_job
from app.library.recording_runs import UNFINISHED
from app.models import Delivery, IngestRun
from app.queue import enqueue_deliveries
from app.vocabulary import DeliveryStatus

MOST_LISTED = 20


def open_delivery(
    session: Session,
    author: str,
    files: Sequence[DeliveredFile],
    facts: ConversationFacts | None,
    study_id: uuid.UUID | None,
) -> uuid.UUID:
    """Take in files that are kept already, and let a worker check them.

    Args:
        session: commits it.
        author: who sends them.
        files: a study folder, or the files of one conversation.
        facts: of the conversation; `None` for a study folder.
        study_id: the one study that they may be of; `None` where the sender may change and make any.
    """
    delivery = Delivery(
        study_id=study_id,
        author=author,
        status=DeliveryStatus.CHECKING,
        files=[file.model_dump() for file in files],
        facts=facts.model_dump(mode="json") if facts else None,
    )
    session.add(delivery)
    session.flush()
    enqueue_deliveries(session, [delivery.id])
    return delivery.id


def list_deliveries(session: Session) -> tuple[DeliveryFacts, ...]:
    """The newest deliveries."""
    newest = select(Delivery).order_by(Delivery.created_at.desc(), Delivery.id).limit(MOST_LISTED)
    return tuple(DeliveryFacts.of(row) for row in session.scalars(newest))


def read_delivery(session: Session, delivery_id: uuid.UUID) -> DeliveryProgress:
    """How far a delivery is.

    Raises:
        NotFoundError: there is no such delivery.
    """
    delivery = _found(session, delivery_id)
    kept = {"id", "author", "status", "created_at", "files", "facts", "plan", "faults", "error"}
    told = {name: getattr(delivery, name) for name in kept}
    notes = delivery.report.get("notes", [])
    return DeliveryProgress.model_validate({**told, "interviews": _interviews(session, delivery), "notes": notes})


def start_delivery(session: Session, delivery_id: uuid.UUID) -> None:
    """Let a worker ingest what was found to be right, or try again what failed or was given up.

    Raises:
        NotFoundError: there is no such delivery.
        ConflictError: it is on its way, was refused, or its files are kept no longer.
    """
    delivery = _locked(session, delivery_id)
    if delivery.status not in STARTABLE or not delivery.files:
        raise ConflictError("this cannot be started: send the files again")
    delivery.status, delivery.error, delivery.attempts = DeliveryStatus.STARTING, None, 0
    delivery.updated_at = func.now()
    session.flush()
    enqueue_deliveries(session, [delivery.id])


def cancel_delivery(session: Session, delivery_id: uuid.UUID) -> None:
    """Give a delivery up: what is published stays, what is on its way ends, a worker sweeps the files away.

    Raises:
        NotFoundError: there is no such delivery.
        ConflictError: it is through.
    """
    delivery = _locked(session, delivery_id)
    if delivery.status not in CANCELLABLE:
        raise ConflictError("this is through: there is nothing to cancel")
    for run in _runs(session, delivery):
        if run.status in UNFINISHED:
            cancel_job(session, run.id)
    delivery.status, delivery.files, delivery.updated_at = DeliveryStatus.CANCELLED, [], func.now()
    session.flush()


def _locked(session: Session, delivery_id: uuid.UUID) -> Delivery:
    session.scalar(select(Delivery.id).where(Delivery.id == delivery_id).with_for_update())
    return _found(session, delivery_id)


def _found(session: Session, delivery_id: uuid.UUID) -> Delivery:
    delivery = session.get(Delivery, delivery_id, populate_existing=True)
    if delivery is None:
        raise NotFoundError("there is no such delivery")
    return delivery


def _runs(session: Session, delivery: Delivery) -> Sequence[IngestRun]:
    ids = [uuid.UUID(entry["run"]) for entry in delivery.runs if entry["run"]]
    return session.scalars(select(IngestRun).where(IngestRun.id.in_(ids))).all()


def _interviews(session: Session, delivery: Delivery) -> tuple[InterviewProgress, ...]:
    runs = {str(run.id): run for run in _runs(session, delivery)}
    return tuple(
        _of_run(entry["interview"], runs[entry["run"]])
        if entry["run"] in runs
        else InterviewProgress(interview=entry["interview"], status=entry["status"], problem=entry["problem"])
        for entry in delivery.runs
    )


def _of_run(interview: str, run: IngestRun) -> InterviewProgress:
    return InterviewProgress(
        interview=interview,
        status=run.status,
        stage=run.stage if run.status == "running" else None,
        job=run.id,
        done=run.done,
        total=run.total,
        problem=run.error,
        warnings=tuple(run.warnings) if run.status == "published" else (),
    )
