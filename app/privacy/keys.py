"""API keys: who may use the service over the network, and as what."""

import hashlib
import hmac
import ipaddress
import re
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Fault, InvalidInputError, NotFoundError, UnauthorizedError, UnavailableError
from app.isolation import ROLE, StudyScope, is_confinable
from app.models import ApiKey, ApiKeyStudy, Study
from app.tagging.store import find_study

LONGEST_NAME = 100
USE_NOTED_EVERY = timedelta(minutes=1)

_KEY = re.compile(r"vbt_(?P<identifier>[0-9a-f]{12})_(?P<secret>[0-9a-f]{64})", re.ASCII)
_DIGEST_OF_NOTHING = hashlib.sha256(b"").hexdigest()


class KeyRole(StrEnum):
    """What a key allows: a viewer reads and asks, a researcher also corrects, an admin may see and do all."""

    VIEWER = "viewer"
    RESEARCHER = "researcher"
    ADMIN = "admin"


@dataclass(frozen=True)
class Principal:
    """Who uses the service: the name of the key, what it allows in all studies and in single ones, its identifier.

    Whoever needs no key has none.
    """

    name: str
    role: KeyRole | None
    identifier: str | None = None
    studies: Mapping[uuid.UUID, KeyRole] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """What a chat model's tokens are charged to: two keys of one name are two accounts."""
        return f"key {self.identifier}" if self.identifier else self.name

    def role_in(self, study_id: uuid.UUID) -> KeyRole | None:
        """What is allowed in one study; `None` is not to know that it exists."""
        roles = [role for role in (self.role, self.studies.get(study_id)) if role is not None]
        return max(roles, key=_RANKS.index, default=None)

    def may(self, role: KeyRole) -> bool:
        """Whether this much is allowed in any study."""
        return any(holds(held, role) for held in (self.role, *self.studies.values()))

    def scope(self, role: KeyRole) -> StudyScope | None:
        """Where this much is allowed, for whoever may not read every study or may not do this in all; else `None`."""
        if holds(self.role, role):
            return None
        writable = frozenset(study for study, held in self.studies.items() if holds(held, role))
        return StudyScope(None if self.role is not None else frozenset(self.studies), writable)


@dataclass(frozen=True)
class KeyFacts:
    """What is known of a key; its secret is not. `role` holds in all studies, `studies` in single ones, by name."""

    identifier: str
    name: str
    role: KeyRole | None
    studies: Mapping[str, KeyRole]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


_RANKS = tuple(KeyRole)
LOCAL_USER = Principal("local user", KeyRole.ADMIN)


def holds(held: KeyRole | None, role: KeyRole) -> bool:
    """Whether a role allows all that another does."""
    return held is not None and _RANKS.index(held) >= _RANKS.index(role)


def create_key(
    session: Session,
    name: str,
    role: KeyRole,
    *,
    studies: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> str:
    """Make a key `vbt_<identifier>_<secret>`; it is shown this once, only the SHA-256 of its secret is stored.

    Args:
        session: commits it.
        name: who uses the key.
        role: what it allows.
        studies: where, by name; without any, everywhere, also in studies to come.
        expires_at: when it stops to open; unset, never.

    Raises:
        InvalidInputError: the name is empty or too long, or the key would never open.
        NotFoundError: there is no such study.
        UnavailableError: the database cannot keep studies apart.
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        fault = Fault("name", f"{len(name)} characters", f"say in 1 to {LONGEST_NAME} characters who uses the key")
        raise InvalidInputError("the key needs a name", (fault,))
    if expires_at is not None and expires_at <= datetime.now(UTC):
        raise InvalidInputError("the key would never open", (Fault("expires", "is past", "name a day to come"),))
    identifier, secret = secrets.token_hex(6), secrets.token_hex(32)
    key = ApiKey(
        identifier=identifier,
        name=name,
        role=None if studies else role,
        secret_sha256=_digest(secret),
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    for study in studies:
        grant_study(session, identifier, study, role)
    return f"vbt_{identifier}_{secret}"


def grant_study(session: Session, identifier: str, study: str, role: KeyRole) -> None:
    """Let a key allow this much in one study, whatever it allowed there before.

    Raises:
        NotFoundError: there is no such key or study.
        UnavailableError: the database cannot keep studies apart.
    """
    if not is_confinable(session.connection()):
        raise UnavailableError(
            f"the database lacks the role that keeps studies apart: let its administrator run `CREATE ROLE {ROLE} "
            f"NOLOGIN; GRANT {ROLE} TO` the user of VERBATIM_DATABASE_URL, then `verbatim migrate`"
        )
    key_id, study_id = _key(session, identifier).id, find_study(session, study)
    session.merge(ApiKeyStudy(key_id=key_id, study_id=study_id, role=role))
    session.flush()


def withdraw_study(session: Session, identifier: str, study: str) -> None:
    """Let a key allow nothing in one study that it does not allow everywhere.

    Raises:
        NotFoundError: there is no such key or study, or the key has nothing there.
    """
    key_id, study_id = _key(session, identifier).id, find_study(session, study)
    granted = session.get(ApiKeyStudy, (key_id, study_id))
    if granted is None:
        raise NotFoundError(f"the key has nothing of its own in {study!r}; `verbatim keys list` shows what it has")
    session.delete(granted)
    session.flush()


def verify_key(session: Session, key: str) -> Principal:
    """Say whose key this is, and note its use.

    Raises:
        UnauthorizedError: there is no such key, it was revoked, or it expired.
    """
    parts = _KEY.fullmatch(key)
    stored = session.scalar(select(ApiKey).where(ApiKey.identifier == parts["identifier"])) if parts else None
    matches = hmac.compare_digest(
        _digest(parts["secret"] if parts else ""), stored.secret_sha256 if stored else _DIGEST_OF_NOTHING
    )
    now = datetime.now(UTC)
    if stored is None or not matches or not key_opens(stored, now):
        raise UnauthorizedError("this key is not valid; an admin can make one with `verbatim keys create`")
    if stored.last_used_at is None or now - stored.last_used_at > USE_NOTED_EVERY:
        stored.last_used_at = now
    return principal_of(session, stored)


def principal_of(session: Session, key: ApiKey) -> Principal:
    """Who holds a key, and what it allows where."""
    granted = session.execute(select(ApiKeyStudy.study_id, ApiKeyStudy.role).where(ApiKeyStudy.key_id == key.id))
    studies = {study_id: KeyRole(role) for study_id, role in granted}
    return Principal(key.name, KeyRole(key.role) if key.role else None, key.identifier, studies)


def key_opens(key: ApiKey | KeyFacts, now: datetime) -> bool:
    """Whether a key was neither revoked nor has expired."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)


def revoke_key(session: Session, identifier: str) -> None:
    """Make a key invalid for ever; revoking it again changes nothing.

    Raises:
        NotFoundError: there is no such key.
    """
    stored = _key(session, identifier)
    if stored.revoked_at is None:
        stored.revoked_at = datetime.now(UTC)
    session.flush()


def list_keys(session: Session) -> tuple[KeyFacts, ...]:
    """All keys, the oldest first, revoked ones included."""
    granted: dict[uuid.UUID, dict[str, KeyRole]] = {}
    rows = select(ApiKeyStudy.key_id, Study.slug, ApiKeyStudy.role).join(Study, Study.id == ApiKeyStudy.study_id)
    for key_id, slug, role in session.execute(rows.order_by(Study.slug)):
        granted.setdefault(key_id, {})[slug] = KeyRole(role)
    return tuple(
        KeyFacts(
            key.identifier,
            key.name,
            KeyRole(key.role) if key.role else None,
            granted.get(key.id, {}),
            key.created_at,
            key.expires_at,
            key.last_used_at,
            key.revoked_at,
        )
        for key in session.scalars(select(ApiKey).order_by(ApiKey.created_at, ApiKey.identifier))
    )


def keys_required(host: str, session: Session) -> bool:
    """Decide, when the service starts, whether every request needs a key.

    On loopback none is needed as long as none was ever made: a revoked key does not open the service again.

    Raises:
        UnavailableError: the service would listen beyond this machine, and there is no valid key.
    """
    keys = list_keys(session)
    if not is_loopback(host) and not any(key_opens(key, datetime.now(UTC)) for key in keys):
        raise UnavailableError(
            f"to listen on {host}, beyond this machine, there must be a key: run `verbatim keys create --role admin`, "
            "or listen on 127.0.0.1"
        )
    return bool(keys) or not is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key(session: Session, identifier: str) -> ApiKey:
    stored = session.scalar(select(ApiKey).where(ApiKey.identifier == identifier))
    if stored is None:
        raise NotFoundError("there is no key with this identifier; `verbatim keys list` shows them")
    return stored


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
