"""Who may use the service, and as what."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, created_at, new_id

_ROLES = "role IN ('viewer', 'researcher', 'admin')"


class ApiKey(Base):
    """A key to the service; only its SHA-256 is stored. `role` holds in all studies; unset, in none."""

    __tablename__ = "api_key"
    __table_args__ = (CheckConstraint(_ROLES, name="role"),)
    id: Mapped[uuid.UUID] = new_id()
    identifier: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str | None]
    secret_sha256: Mapped[str]
    created_at: Mapped[datetime] = created_at()
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiKeyStudy(Base):
    """What a key allows in one study."""

    __tablename__ = "api_key_study"
    __table_args__ = (CheckConstraint(_ROLES, name="role"),)
    key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("api_key.id", ondelete="CASCADE"), primary_key=True)
    study_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("study.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str]


class LoginSession(Base):
    """Somebody signed in on the web pages; only the SHA-256 of the cookie is stored.

    Who signed in with a key is what the key allows at the time; else `grants` has the role by study, `""` for all.
    """

    __tablename__ = "login_session"
    id: Mapped[uuid.UUID] = new_id()
    token_sha256: Mapped[str] = mapped_column(unique=True)
    key_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("api_key.id", ondelete="CASCADE"), index=True)
    identifier: Mapped[str]
    name: Mapped[str]
    grants: Mapped[Json]
    created_at: Mapped[datetime] = created_at()
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
