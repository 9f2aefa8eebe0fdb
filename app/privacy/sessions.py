"""Sessions of those who signed in on the web pages: a random cookie, of which the database has the SHA-256."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from app.errors import NotFoundError, UnauthorizedError
from app.frozen import Frozen
from app.models import ApiKey, LoginSession, Study
from app.privacy.keys import USE_NOTED_EVERY, KeyRole, Principal, key_opens, principal_of, verify_key

EVERYWHERE = ""
"""The study of what is granted in all of them."""


@dataclass(frozen=True)
class Identity:
    """Somebody whom a provider vouches for: a stable identifier, a name to show, and the roles by study."""

    identifier: str
    name: str
    grants: Mapping[str, KeyRole]


class SessionFacts(Frozen):
    """Who is signed in: by the identifier of a key, or by the one that a provider vouches for."""

    identifier: str
    name: str
    by: Literal["key", "provider"]
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def sign_in_with_key(session: Session, key: str, lasting: timedelta) -> str:
    """Open a session for the holder of a key; it ends with the key. Gives the cookie.

    Raises:
        UnauthorizedError: the key is not valid.
    """
    principal = verify_key(session, key)
    key_id = session.scalars(select(ApiKey.id).where(ApiKey.identifier == principal.identifier)).one()
    return _open(session, Identity(principal.identifier or "", principal.name, {}), lasting, key_id)


def sign_in_as(session: Session, identity: Identity, lasting: timedelta) -> str:
    """Open a session for somebody whom a provider vouches for. Gives the cookie."""
    return _open(session, identity, lasting, None)


def principal_of_cookie(session: Session, cookie: str) -> Principal:
    """Say whose session this is.

    Raises:
        UnauthorizedError: there is no such session, it ended, or its key opens nothing any more.
    """
    now = datetime.now(UTC)
    found = session.scalar(select(LoginSession).where(LoginSession.token_sha256 == _digest(cookie)))
    if found is None or found.ended_at is not None or found.expires_at <= now:
        raise UnauthorizedError("you are signed out: sign in again")
    if now - found.last_seen_at > USE_NOTED_EVERY:
        found.last_seen_at = now
    if found.key_id is None:
        return _granted(session, found)
    key = session.get_one(ApiKey, found.key_id)
    if not key_opens(key, now):
        raise UnauthorizedError("the key of this session is not valid any more: sign in again")
    return principal_of(session, key)


def sign_out(session: Session, cookie: str) -> None:
    """End a session for ever; one that is not there is no fault."""
    found = session.scalar(select(LoginSession).where(LoginSession.token_sha256 == _digest(cookie)))
    if found is not None and found.ended_at is None:
        found.ended_at = datetime.now(UTC)
        session.flush()


def list_sessions(session: Session) -> tuple[SessionFacts, ...]:
    """The sessions that still open something, the one used last first."""
    of_keys = select(LoginSession, ApiKey).outerjoin(ApiKey, ApiKey.id == LoginSession.key_id)
    now = datetime.now(UTC)
    rows = session.execute(of_keys.order_by(LoginSession.last_seen_at.desc(), LoginSession.id).where(_is_open(now)))
    return tuple(
        SessionFacts(
            identifier=found.identifier,
            name=found.name,
            by="provider" if key is None else "key",
            created_at=found.created_at,
            last_seen_at=found.last_seen_at,
            expires_at=found.expires_at,
        )
        for found, key in rows
        if key is None or key_opens(key, now)
    )


def end_sessions(session: Session, identifier: str) -> int:
    """End all sessions of a key, or of whom a provider vouches for; gives how many there were.

    Raises:
        NotFoundError: nobody of this identifier is signed in.
    """
    now = datetime.now(UTC)
    ended = update(LoginSession).where(_is_open(now), LoginSession.identifier == identifier).values(ended_at=now)
    count = len(session.scalars(ended.returning(LoginSession.id)).all())
    if not count:
        raise NotFoundError(f"nobody is signed in as {identifier!r}: see `verbatim sessions list`")
    return count


def csrf_token(cookie: str) -> str:
    """What forms of a session carry: known to our own pages, and of no use to find the cookie."""
    return hmac.new(cookie.encode(), b"forms of this session", hashlib.sha256).hexdigest()


def is_csrf_token(cookie: str, given: str) -> bool:
    """Whether a form came from a page of this session."""
    return hmac.compare_digest(csrf_token(cookie).encode(), given.encode())


def _open(session: Session, identity: Identity, lasting: timedelta, key_id: uuid.UUID | None) -> str:
    cookie, now = secrets.token_urlsafe(32), datetime.now(UTC)
    session.execute(delete(LoginSession).where(LoginSession.expires_at < now))
    session.add(
        LoginSession(
            token_sha256=_digest(cookie),
            key_id=key_id,
            identifier=identity.identifier,
            name=identity.name,
            grants=dict(identity.grants),
            last_seen_at=now,
            expires_at=now + lasting,
        )
    )
    session.flush()
    return cookie


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(LoginSession.ended_at.is_(None), LoginSession.expires_at > now)


def _granted(session: Session, found: LoginSession) -> Principal:
    grants = {study: KeyRole(role) for study, role in found.grants.items()}
    everywhere = grants.pop(EVERYWHERE, None)
    named = session.execute(select(Study.id, Study.slug).where(Study.slug.in_(grants))).all()
    return Principal(found.name, everywhere, found.identifier, {row.id: grants[row.slug] for row in named})


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
