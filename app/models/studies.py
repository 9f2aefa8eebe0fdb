"""A study and whom it knows: team, segments, customers, participants."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, created_at, new_id, of_study


class Study(Base):
    """One research project; nothing of it is visible from another.

    `value_scheme` says where LTV bands and ABCD classes end, if not where they do by default. `pseudonyms` is whether
    personal data in what is said is replaced by placeholders. `retention_days` is how long an interview is
    kept after its day; unset, it is without limit.
    """

    __tablename__ = "study"
    id: Mapped[uuid.UUID] = new_id()
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    languages: Mapped[list[str]]
    product: Mapped[str | None]
    competitors: Mapped[list[str]]
    value_scheme: Mapped[Json | None]
    pseudonyms: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    retention_days: Mapped[int | None]
    created_at: Mapped[datetime] = created_at()


class TeamMember(Base):
    """A colleague of the study; the knowledge holders of gaps come from here."""

    __tablename__ = "team_member"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    code: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    contact: Mapped[str | None]


class Segment(Base):
    """A group of customers with the criteria that qualify for it."""

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("study_id", "slug"),)
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    slug: Mapped[str]
    labels: Mapped[Json]
    aliases: Mapped[list[str]]
    description: Mapped[str | None]
    criteria: Mapped[list[Json]]


class Customer(Base):
    """A row of the company's customer base; `band` and `abcd_class` come from it alone, never from speech."""

    __tablename__ = "customer"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    code: Mapped[str]
    first_purchase: Mapped[date | None]
    purchases: Mapped[int | None]
    revenue_eur: Mapped[Decimal | None]
    ltv_eur: Mapped[Decimal | None]
    band: Mapped[str | None]
    abcd_class: Mapped[str | None]
    attributes: Mapped[Json]


class Participant(Base):
    """A person who was interviewed, under a pseudonymous code.

    `customer_code` is which customer it is, also while the study does not know such a customer. `identity` is, sealed,
    what says who the person is: name, address, employer.
    """

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[uuid.UUID] = new_id()
    study_id: Mapped[uuid.UUID] = of_study()
    code: Mapped[str]
    customer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"), index=True)
    customer_code: Mapped[str | None]
    segment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("segment.id", ondelete="SET NULL"), index=True)
    language: Mapped[str | None]
    attributes: Mapped[Json]
    identity: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
