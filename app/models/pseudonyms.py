"""Which words placeholders stand for: sealed, and opened only with the key of the installation."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, of_study


class Pseudonym(Base):
    """A placeholder in an utterance: its span, and sealed what was said there.

    `keys` are keyed hashes by which the same person is known again in whatever the participant says.
    """

    __tablename__ = "pseudonym"
    __table_args__ = (
        CheckConstraint('0 <= start AND start < "end"', name="span"),
        Index("ix_pseudonym_participant_id_label", "participant_id", "label"),
    )
    utterance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("utterance.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    end: Mapped[int]
    study_id: Mapped[uuid.UUID] = of_study()
    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    label: Mapped[str]
    keys: Mapped[list[str]]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
