"""What was erased: receipts without personal data, and keyed hashes by which it is known again if it comes back."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, created_at, new_id

ERASED_KINDS = ("participant", "interview", "customer", "file")


class Erasure(Base):
    """One erasure with its receipt; `files` are those still to be deleted, `finished_at` is when no trace was left."""

    __tablename__ = "erasure"
    id: Mapped[uuid.UUID] = new_id()
    study: Mapped[str]
    key_id: Mapped[str]
    receipt: Mapped[Json]
    files: Mapped[list[str]]
    created_at: Mapped[datetime] = created_at()
    finished_at: Mapped[datetime | None]


class ErasedSubject(Base):
    """Something that was erased, by a hash that only the key of this installation makes."""

    __tablename__ = "erased_subject"
    __table_args__ = (CheckConstraint(f"kind IN {ERASED_KINDS}", name="kind"),)
    hash: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    erasure_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("erasure.id", ondelete="CASCADE"), index=True)
