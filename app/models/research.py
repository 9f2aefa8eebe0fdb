"""What a study comes to, with the words that it rests on: insights, hypotheses, what was decided of codes and tags."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, HalfVectors, Json, created_at, new_id, one_of
from app.vocabulary import Polarity, Stance


class CodeChange(Base):
    """What somebody did to the codebook; `code` is what the code was called then, `details` tell the rest."""

    __tablename__ = "code_change"
    __table_args__ = (
        CheckConstraint(
            "action IN ('create', 'edit', 'merge', 'split', 'retire', 'restore', 'import')",
            name="action",
        ),
        Index("ix_code_change_history", "study_id", "created_at", "id"),
    )
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    code: Mapped[str]
    action: Mapped[str]
    details: Mapped[Json]
    author: Mapped[str]
    created_at: Mapped[datetime] = created_at()


class TaggingReview(Base):
    """What a person decided of a tagging: what was decided of a code on an utterance, no model says again by itself.

    `start`, `end`, `polarity`, `tagger`, `basis` and `confidence` are of the tagging as it had been; `tagging_id` is
    the one that a person put in its place. A verdict that was taken back has `undone_at`, and by whom.
    """

    __tablename__ = "tagging_review"
    __table_args__ = (
        CheckConstraint("verdict IN ('accepted', 'corrected', 'rejected')", name="verdict"),
        CheckConstraint('0 <= start AND start < "end"', name="span"),
        CheckConstraint("basis IN ('person', 'rule', 'model')", name="basis"),
        one_of("polarity", Polarity),
        Index("ix_tagging_review_place", "utterance_id", "code_id"),
        Index("ix_tagging_review_history", "study_id", "created_at", "id"),
    )
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    utterance_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("utterance.id", ondelete="CASCADE"))
    code_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("code.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    polarity: Mapped[str]
    tagger: Mapped[str]
    basis: Mapped[str]
    confidence: Mapped[float]
    author: Mapped[str]
    tagging_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tagging.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = created_at()
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class Insight(Base):
    """A researcher's conclusion.

    `segments` are slugs, none for all customers; `theme` is what it stood under on a board. `origin` is the file that
    it came with, or `person` once somebody wrote or edited it here. `evidence_given` is how many quotes it was given,
    of which those that no participant said are in no `insight_evidence`; fewer rows than were linked mean that evidence
    was erased.
    """

    __tablename__ = "insight"
    __table_args__ = (
        UniqueConstraint("study_id", "code"),
        CheckConstraint("status IN ('draft', 'confirmed', 'retired')", name="status"),
    )
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    code: Mapped[str]
    author: Mapped[str]
    date: Mapped[date | None]
    segments: Mapped[list[str]]
    theme: Mapped[str | None]
    statement: Mapped[str]
    status: Mapped[str]
    origin: Mapped[str]
    evidence_given: Mapped[int] = mapped_column(server_default=text("0"))
    evidence_linked: Mapped[int] = mapped_column(server_default=text("0"))
    model_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("embedding_model.id"))
    embedding: Mapped[Any] = mapped_column(HalfVectors)
    updated_at: Mapped[datetime] = created_at()
    created_at: Mapped[datetime] = created_at()


class InsightEvidence(Base):
    """Words of a participant that an insight rests on."""

    __tablename__ = "insight_evidence"
    __table_args__ = (CheckConstraint('0 <= start AND start < "end"', name="span"), one_of("stance", Stance))
    insight_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), primary_key=True)
    utterance_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("utterance.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    start: Mapped[int] = mapped_column(primary_key=True)
    end: Mapped[int] = mapped_column(primary_key=True)
    stance: Mapped[str]


class Hypothesis(Base):
    """A belief that the interviews may bear out or not; `codes` and `polarity` say what it comes to, where known."""

    __tablename__ = "hypothesis"
    __table_args__ = (UniqueConstraint("study_id", "code"), one_of("polarity", Polarity))
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    code: Mapped[str]
    statement: Mapped[str]
    author: Mapped[str]
    origin: Mapped[str]
    codes: Mapped[list[str]]
    polarity: Mapped[str]
    segments: Mapped[list[str]]
    created_at: Mapped[datetime] = created_at()


class HypothesisVerdict(Base):
    """What the interviews said of a hypothesis at a time; `counts` are of people, `rule` is how it was judged."""

    __tablename__ = "hypothesis_verdict"
    __table_args__ = (
        CheckConstraint("verdict IN ('supported', 'contradicted', 'mixed', 'untested')", name="verdict"),
        Index("ix_hypothesis_verdict_history", "hypothesis_id", "created_at"),
    )
    id: Mapped[uuid.UUID] = new_id()
    hypothesis_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("hypothesis.id", ondelete="CASCADE"))
    verdict: Mapped[str]
    counts: Mapped[Json]
    rule: Mapped[Json]
    judge: Mapped[str]
    created_at: Mapped[datetime] = created_at()


class HypothesisEvidence(Base):
    """Words of a participant that a verdict rests on."""

    __tablename__ = "hypothesis_evidence"
    __table_args__ = (CheckConstraint('0 <= start AND start < "end"', name="span"), one_of("stance", Stance))
    verdict_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("hypothesis_verdict.id", ondelete="CASCADE"), primary_key=True
    )
    utterance_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("utterance.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    start: Mapped[int] = mapped_column(primary_key=True)
    end: Mapped[int] = mapped_column(primary_key=True)
    stance: Mapped[str]
