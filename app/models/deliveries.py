"""Files that came over the web to be ingested, and how far they are."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, created_at, new_id, one_of
from app.vocabulary import DeliveryStatus


class Delivery(Base):
    """A study folder, or the files of one conversation with `facts` about it.

    `files` are names with SHA-256 and size, empty once they are kept no longer. `plan` is what the check found,
    `faults` is what is wrong; `runs` are the interviews on their way, `report` is what became of all the rest.
    `study_id` is unset until a study is known.
    """

    __tablename__ = "delivery"
    __table_args__ = (one_of("status", DeliveryStatus),)
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"), index=True)
    author: Mapped[str]
    status: Mapped[str]
    files: Mapped[list[Json]]
    facts: Mapped[Json | None]
    plan: Mapped[Json | None]
    faults: Mapped[list[Json]] = mapped_column(server_default=text("'[]'"))
    runs: Mapped[list[Json]] = mapped_column(server_default=text("'[]'"))
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    updated_at: Mapped[datetime] = created_at()
    created_at: Mapped[datetime] = created_at()
