"""Keys under which clients repeat an upload without doing it twice."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, created_at


class UploadKey(Base):
    """What a principal's `Idempotency-Key` stood for; `fingerprint` tells a repetition from another upload."""

    __tablename__ = "upload_key"
    principal: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    recording_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("recording.id", ondelete="CASCADE"))
    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ingest_run.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = created_at()
