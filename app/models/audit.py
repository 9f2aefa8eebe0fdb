"""Who read, exported, changed and erased what."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AuditEvent(Base):
    """One event; the database numbers, dates and chains it, and lets nobody change or remove it.

    `hash` is the SHA-256 of the hash before it and of what this event says.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_study", "study", "id"), Index("ix_audit_event_actor", "actor", "id"))
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    operation: Mapped[str]
    study: Mapped[str | None]
    object: Mapped[str | None]
    request_id: Mapped[str | None]
    previous: Mapped[str]
    hash: Mapped[str]
