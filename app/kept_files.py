"""Kept files and what refers to them: what no recording is, and no delivery waits for, is kept no longer."""

from datetime import timedelta

from sqlalchemy import exists, or_, select, text
from sqlalchemy.orm import Session, sessionmaker

from app.blobs import Blobs
from app.models import Delivery, Recording


def hold_file(session: Session, sha256: str) -> None:
    """Let nobody else keep, register or discard a file until the session's transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:file, 1))"), {"file": sha256})


def discard_unless_used(session: Session, blobs: Blobs, sha256: str, older_than: timedelta = timedelta(0)) -> bool:
    """Keep a file no longer that came so long ago, unless something refers to it; says whether it is gone.

    Args:
        session: one that sees all studies, since any of them may have the same file.
        blobs: where files are kept.
        sha256: which file.
        older_than: how long ago it came, at least.
    """
    hold_file(session, sha256)
    delivered = exists().where(Delivery.files.contains([{"sha256": sha256}]))
    is_used = session.scalar(select(or_(exists().where(Recording.sha256 == sha256), delivered)))
    return not is_used and blobs.delete_if_older(sha256, older_than)


def sweep_unused(sessions: sessionmaker[Session], blobs: Blobs, older_than: timedelta) -> int:
    """Discard what a process kept that died before it registered it; says how many files those were.

    A file that comes in again in this moment is kept: who registers it settles it under the same lock.
    """
    with sessions() as session:
        delivered = session.scalars(select(Delivery.files).where(Delivery.files != []))
        used = {*session.scalars(select(Recording.sha256)), *(file["sha256"] for files in delivered for file in files)}
    discarded = 0
    for sha256 in sorted(blobs.names() - used):
        with sessions.begin() as session:
            discarded += discard_unless_used(session, blobs, sha256, older_than)
    return discarded
