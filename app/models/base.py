"""What all tables share: the naming of constraints, the types of columns, keys."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.vocabulary import DeliveryStatus, JobField, Kind, Mode, Polarity, Role, SourceKind, Stance

Words = (
    type[Role]
    | type[Mode]
    | type[Polarity]
    | type[Kind]
    | type[Stance]
    | type[SourceKind]
    | type[JobField]
    | type[DeliveryStatus]
)

Json = dict[str, Any]


class HalfVectors(HALFVEC):
    """Vectors of half precision, sent as the `HalfVector` that each is: writing its digits takes ten times as long."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """Leave them to the driver."""


class Base(DeclarativeBase):
    """All tables, with one naming convention for constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        list[str]: ARRAY(Text),
        Json: JSONB,
        list[Json]: JSONB,
        list[int]: ARRAY(Integer),
        list[float]: ARRAY(Double),
        datetime: DateTime(timezone=True),
        Decimal: Numeric(14, 2),
    }


def one_of(column: str, words: Words) -> CheckConstraint:
    """Allow only the words of a vocabulary in a column."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def new_id() -> Mapped[uuid.UUID]:
    """A primary key that anybody can make."""
    return mapped_column(primary_key=True, default=uuid.uuid4, server_default=func.gen_random_uuid())


def of_study() -> Mapped[uuid.UUID]:
    """The study that a row belongs to, and goes with."""
    return mapped_column(ForeignKey("study.id", ondelete="CASCADE"), index=True)


def created_at() -> Mapped[datetime]:
    """When a row came to be."""
    return mapped_column(server_default=func.now())
