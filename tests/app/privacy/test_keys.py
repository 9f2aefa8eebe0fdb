"""API keys are shown once, compared by digest, revoked for ever, and needed as soon as there is one."""

import hashlib
import re

import pytest
from sqlalchemy import select

from app.database import Database
from app.errors import InvalidInputError, NotFoundError, UnauthorizedError, UnavailableError
from app.models import ApiKey
from app.privacy.keys import (
    KeyRole,
    Principal,
    create_key,
    is_loopback,
    keys_required,
    list_keys,
    revoke_key,
    verify_key,
)


def identifier_of(key: str) -> str:
    """The part of a key that is no secret."""
    return key.split("_")[1]


@pytest.mark.parametrize("role", list(KeyRole))
def test_a_key_opens_with_its_role(database: Database, role: KeyRole) -> None:
    """A made key has 256 secret bits, is verified as its holder's, and its use is noted."""
    with database.sessions.begin() as session:
        key = create_key(session, "  Anna ", role)
        assert re.fullmatch(r"vbt_[0-9a-f]{12}_[0-9a-f]{64}", key)
        assert verify_key(session, key) == Principal("Anna", role, key.split("_")[1])
        assert [(facts.name, facts.role, facts.revoked_at) for facts in list_keys(session)] == [("Anna", role, None)]
        assert list_keys(session)[0].last_used_at is not None


def test_the_secret_is_not_stored(database: Database) -> None:
    """The row holds the SHA-256 of the secret and the secret nowhere."""
    with database.sessions.begin() as session:
        secret = create_key(session, "Anna", KeyRole.VIEWER).split("_")[2]
        stored = session.scalars(select(ApiKey)).one()
        values = [str(getattr(stored, column.name)) for column in ApiKey.__table__.columns]
    assert stored.secret_sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert not any(secret in value for value in values)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_key_needs_a_name(database: Database, name: str) -> None:
    """A key without a usable name is not made."""
    with database.sessions.begin() as session, pytest.raises(InvalidInputError, match="needs a name"):
        create_key(session, name, KeyRole.VIEWER)


def test_wrong_keys_do_not_open(database: Database) -> None:
    """Nothing but the whole key opens: not a foreign secret, not a foreign identifier, not another spelling."""
    with database.sessions.begin() as session:
        key, other = (create_key(session, name, KeyRole.ADMIN) for name in ("Anna", "Owen"))
        mixed = f"vbt_{identifier_of(key)}_{other.split('_')[2]}"
        unknown = f"vbt_{'0' * 12}_{key.split('_')[2]}"
        for wrong in ("", "vbt_", key[:-1], f"{key}0", f" {key}", f"{key}\n", key.upper(), mixed, unknown, "é" * 80):
            with pytest.raises(UnauthorizedError, match="not valid"):
                verify_key(session, wrong)


def test_a_revoked_key_stays_revoked(database: Database) -> None:
    """A revoked key no longer opens; revoking it again keeps the first date; an unknown one is named as unknown."""
    with database.sessions.begin() as session:
        key = create_key(session, "Anna", KeyRole.ADMIN)
        revoke_key(session, identifier_of(key))
        revoked_at = list_keys(session)[0].revoked_at
        assert revoked_at is not None
        with pytest.raises(UnauthorizedError):
            verify_key(session, key)
        revoke_key(session, identifier_of(key))
        assert list_keys(session)[0].revoked_at == revoked_at
        with pytest.raises(NotFoundError):
            revoke_key(session, "0" * 12)


def test_loopback_needs_no_key_until_there_is_one(database: Database) -> None:
    """Loopback is open while no key was ever made; a revoked key does not open it again."""
    with database.sessions.begin() as session:
        assert not keys_required("127.0.0.1", session)
        key = create_key(session, "Anna", KeyRole.ADMIN)
        assert keys_required("127.0.0.1", session)
        revoke_key(session, identifier_of(key))
        assert keys_required("127.0.0.1", session)


def test_beyond_this_machine_a_valid_key_must_exist(database: Database) -> None:
    """Off loopback the service does not start without a valid key, and says how to make one."""
    with database.sessions.begin() as session:
        with pytest.raises(UnavailableError, match=r"`verbatim keys create --role admin`"):
            keys_required("192.0.2.7", session)
        key = create_key(session, "Anna", KeyRole.ADMIN)
        assert keys_required("192.0.2.7", session)
        revoke_key(session, identifier_of(key))
        with pytest.raises(UnavailableError):
            keys_required("192.0.2.7", session)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 the name of all interfaces
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("", False),
    ],
)
def test_loopback_is_this_machine_alone(host: str, expected: bool) -> None:
    """Only addresses and names that can mean nothing else are loopback."""
    assert is_loopback(host) is expected
