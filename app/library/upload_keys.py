"""Keys under which a client may send the same upload again without its being taken twice."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.errors import Fault, InvalidInputError
from app.models import Interview, Recording, UploadKey

KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class Sender:
    """Who sends, and the `Idempotency-Key`, if any, of what is sent."""

    principal: str
    key: str | None = None


@dataclass(frozen=True)
class Registered:
    """A recording, the code of its interview, and the run that publishes it."""

    recording: uuid.UUID
    interview: str
    run: uuid.UUID


def registered_under(session: Session, sender: Sender, fingerprint: str) -> Registered | None:
    """What the sender's key stood for within the last day; older keys are forgotten.

    Raises:
        InvalidInputError: it stood for another upload.
    """
    session.execute(delete(UploadKey).where(UploadKey.created_at < func.now() - KEPT))
    row = session.execute(
        select(UploadKey, Interview.code)
        .join(Recording, Recording.id == UploadKey.recording_id)
        .join(Interview, Interview.id == Recording.interview_id)
        .where(UploadKey.principal == sender.principal, UploadKey.key == sender.key)
    ).one_or_none()
    if row is None:
        return None
    if row.UploadKey.fingerprint != fingerprint:
        fault = Fault("header.Idempotency-Key", "stood for another upload", "send a new key with a new upload")
        raise InvalidInputError("this upload is not the one that the key stands for", (fault,))
    return Registered(row.UploadKey.recording_id, row.code, row.UploadKey.run_id)


def remember(session: Session, sender: Sender, fingerprint: str, registered: Registered) -> None:
    """Let the sender's key, if there is one, stand for an upload."""
    if sender.key is not None:
        session.execute(
            upsert(UploadKey)
            .values(
                principal=sender.principal,
                key=sender.key,
                fingerprint=fingerprint,
                recording_id=registered.recording,
                run_id=registered.run,
            )
            .on_conflict_do_nothing()
        )
