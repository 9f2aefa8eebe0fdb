"""API keys: who may use the service over the network, and as what."""

import hashlib
import hmac
import ipaddress
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Fault, InvalidInputError, NotFoundError, UnauthorizedError, UnavailableError
from app.models import ApiKey

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
    """Who uses the service: the name of the key, its role and its identifier; whoever needs no key has none."""

    name: str
    role: KeyRole
    identifier: str | None = None

    @property
    def account(self) -> str:
        """What a chat model's tokens are charged to: two keys of one name are two accounts."""
        return f"key {self.identifier}" if self.identifier else self.name


@dataclass(frozen=True)
class KeyFacts:
    """What is known of a key; its secret is not."""

    identifier: str
    name: str
    role: KeyRole
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


LOCAL_USER = Principal("local user", KeyRole.ADMIN)


def create_key(session: Session, name: str, role: KeyRole) -> str:
    """Make a key `vbt_<identifier>_<secret>`; it is shown this once, only the SHA-256 of its secret is stored.

    Raises:
        InvalidInputError: the name is empty or too long.
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        fault = Fault("name", f"{len(name)} characters", f"say in 1 to {LONGEST_NAME} characters who uses the key")
        raise InvalidInputError("the key needs a name", (fault,))
    identifier, secret = secrets.token_hex(6), secrets.token_hex(32)
    session.add(ApiKey(identifier=identifier, name=name, role=role, secret_sha256=_digest(secret)))
    session.flush()
    return f"vbt_{identifier}_{secret}"


def verify_key(session: Session, key: str) -> Principal:
    """Say whose key this is, and note its use.

    Raises:
        UnauthorizedError: there is no such key, or it was revoked.
    """
    parts = _KEY.fullmatch(key)
    stored = session.scalar(select(ApiKey).where(ApiKey.identifier == parts["identifier"])) if parts else None
    matches = hmac.compare_digest(
        _digest(parts["secret"] if parts else ""), stored.secret_sha256 if stored else _DIGEST_OF_NOTHING
    )
    if stored is None or not matches or stored.revoked_at is not None:
        raise UnauthorizedError("this key is not valid; an admin can make one with `verbatim keys create`")
    now = datetime.now(UTC)
    if stored.last_used_at is None or now - stored.last_used_at > USE_NOTED_EVERY:
        stored.last_used_at = now
    return Principal(stored.name, KeyRole(stored.role), stored.identifier)


def revoke_key(session: Session, identifier: str) -> None:
    """Make a key invalid for ever; revoking it again changes nothing.

    Raises:
        NotFoundError: there is no such key.
    """
    stored = session.scalar(select(ApiKey).where(ApiKey.identifier == identifier))
    if stored is None:
        raise NotFoundError("there is no key with this identifier; `verbatim keys list` shows them")
    if stored.revoked_at is None:
        stored.revoked_at = datetime.now(UTC)
    session.flush()


def list_keys(session: Session) -> tuple[KeyFacts, ...]:
    """All keys, the oldest first, revoked ones included."""
    stored = session.scalars(select(ApiKey).order_by(ApiKey.created_at, ApiKey.identifier))
    return tuple(
        KeyFacts(key.identifier, key.name, KeyRole(key.role), key.created_at, key.last_used_at, key.revoked_at)
        for key in stored
    )


def keys_required(host: str, session: Session) -> bool:
    """Decide, when the service starts, whether every request needs a key.

    On loopback none is needed as long as none was ever made: a revoked key does not open the service again.

    Raises:
        UnavailableError: the service would listen beyond this machine, and there is no valid key.
    """
    keys = list_keys(session)
    if not is_loopback(host) and all(key.revoked_at for key in keys):
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


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
