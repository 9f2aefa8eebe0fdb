"""Study isolation: which studies a transaction may see and change, said in one place and held again by Postgres.

Features ask `is_open` wherever a name or an id leads to a study. Should one forget, the row-level policies of the
migrations show a confined transaction the rows of its studies alone.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from app.errors import ForbiddenError

ROLE = "verbatim_confined"
"""The role of confined transactions: it logs in nowhere, and no row-level policy lets it pass."""
PRIVATE_TABLES = ("api_key", "api_key_study", "audit_event", "login_session", "rate_limit", "alembic_version")
"""What no confined transaction has a reason to touch."""
WRITTEN_TABLES = ("audit_event",)
"""What confined transactions add to, and read nothing of."""
_SCOPE = "study_scope"


@dataclass(frozen=True)
class StudyScope:
    """The studies whose rows a transaction may read, `None` for all, and those in which it may do what it is for."""

    readable: frozenset[uuid.UUID] | None
    writable: frozenset[uuid.UUID]


class ConfinedSession(Session):
    """A session whose every transaction sees the studies of one scope, and nothing of the others."""


def confined(sessions: sessionmaker[Session], scope: StudyScope) -> sessionmaker[Session]:
    """A factory of sessions as this one makes them, each within a scope."""
    options: dict[str, Any] = {**sessions.kw, "info": {_SCOPE: scope}}
    return sessionmaker(class_=ConfinedSession, **options)


def is_open(session: Session, study_id: uuid.UUID) -> bool:
    """Whether a study exists for whom this session is for; one that is not open is to be called not there.

    Raises:
        ForbiddenError: it may be read, and not what the session is for.
    """
    scope: StudyScope | None = session.info.get(_SCOPE)
    if scope is None or study_id in scope.writable:
        return True
    if scope.readable is None or study_id in scope.readable:
        raise ForbiddenError("this study may be read and asked alone; this takes another role in it")
    return False


def open_studies(session: Session) -> list[uuid.UUID] | None:
    """The studies that a list may show; `None` is all of them."""
    scope: StudyScope | None = session.info.get(_SCOPE)
    return None if scope is None or scope.readable is None else sorted(scope.readable)


@event.listens_for(ConfinedSession, "after_begin")
def _confine(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    scope: StudyScope = session.info[_SCOPE]
    readable = None if scope.readable is None else _array(scope.readable)
    parameters = {"role": ROLE, "readable": readable, "writable": _array(scope.writable)}
    connection.execute(text(_CONFINE), parameters)


def _array(studies: frozenset[uuid.UUID]) -> str:
    return "{" + ",".join(map(str, sorted(studies))) + "}"


_CONFINE = """
SELECT set_config('verbatim.readable',
    coalesce(:readable, CAST(ARRAY(SELECT id FROM study) AS text)), true),
  set_config('verbatim.writable', :writable, true),
  set_config('role', :role, true)
"""


def is_confinable(connection: Connection) -> bool:
    """Whether the database has the role of confined transactions, and lets us take it."""
    found = connection.scalar(
        text("SELECT pg_has_role(CURRENT_USER, oid, 'SET') FROM pg_roles WHERE rolname = :role"), {"role": ROLE}
    )
    return bool(found)


def prepare_isolation(connection: Connection) -> None:
    """Make the role of confined transactions, where we may, and let it do what they do; again, it changes nothing.

    An index is used under a row-level policy only if its operator is known to leak nothing: that of the text search
    does not, and only a superuser may say so. Without one, searches by words in confined transactions are slower.
    """
    connection.execute(text(_MAKE_ROLE.format(role=ROLE)))
    if not is_confinable(connection):
        return
    for statement in _GRANTS:
        connection.execute(text(statement.format(role=ROLE)))
    private = connection.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(:tables)"),
        {"tables": list(PRIVATE_TABLES)},
    )
    for table in private.all():
        connection.execute(text(f"REVOKE ALL ON {table} FROM {ROLE}"))
        if table in WRITTEN_TABLES:
            connection.execute(text(f"GRANT INSERT ON {table} TO {ROLE}"))


_MAKE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} NOLOGIN NOINHERIT NOBYPASSRLS;
  END IF;
  IF NOT pg_has_role(CURRENT_USER, '{role}', 'SET') THEN
    GRANT {role} TO CURRENT_USER;
  END IF;
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END $$
"""
_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT SELECT, USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    """
    DO $$ BEGIN
      IF (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER)
        AND NOT (SELECT proleakproof FROM pg_proc WHERE oid = 'ts_match_vq(tsvector, tsquery)'::regprocedure) THEN
        ALTER FUNCTION ts_match_vq(tsvector, tsquery) LEAKPROOF;
      END IF;
    END $$
    """,
)
