"""What quotes were translated to, so that no quote is translated twice."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, created_at


class QuoteTranslation(Base):
    """A machine's rendering of a span of an utterance, which goes with it; `model` and `prompt` say what made it."""

    __tablename__ = "quote_translation"
    utterance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("utterance.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    end: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    prompt: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    created_at: Mapped[datetime] = created_at()
