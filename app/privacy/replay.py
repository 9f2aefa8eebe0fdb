"""Erasures done once more after a backup was restored that was made before them: what is erased stays erased."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.erased import LedgerEntry, Subject, enter, read_ledger, subject_of
from app.errors import InvalidInputError, UnavailableError
from app.privacy.erasure import Premises, erase_within, finish_erasures
from app.privacy.holdings import Doomed, holdings_of_interview, holdings_of_participant

_PEOPLE = "SELECT study.slug, participant.code FROM participant JOIN study ON study.id = study_id ORDER BY 1, 2"
_INTERVIEWS = "SELECT study.slug, interview.code FROM interview JOIN study ON study.id = study_id ORDER BY 1, 2"
_CUSTOMERS = "SELECT study.slug, customer.code FROM customer JOIN study ON study.id = study_id ORDER BY 1, 2"
_NO_CUSTOMER = """
DELETE FROM customer USING study WHERE study.id = customer.study_id AND study.slug = :slug AND customer.code = :code
RETURNING customer.id
"""


def read_ledgers(premises: Premises, more: Sequence[Path]) -> tuple[LedgerEntry, ...]:
    """Read the ledger of the installation, and those that are named.

    Raises:
        InvalidInputError: there is no such file, or it is no ledger.
        UnavailableError: it was written with another key, without which nobody knows what it is about.
    """
    for path in more:
        if not path.is_file():
            raise InvalidInputError(f"{path} is no file: name the erasures.jsonl of an installation")
    entries = {entry.erasure: entry for path in (premises.ledger, *more) for entry in read_ledger(path)}
    if any(entry.key_id != premises.vault.key_id for entry in entries.values()):
        raise UnavailableError(
            "a ledger of erasures was written with another key: put the privacy.key of that installation into the data "
            "directory, or into VERBATIM_PRIVACY_KEY, then restore"
        )
    return tuple(entries.values())


def replay(premises: Premises, entries: Sequence[LedgerEntry]) -> int:
    """Erase again what the ledgers name and a restored database holds; gives how much that was.

    The database's own ledger, as of the backup, is already part of it.
    """
    subjects = {subject for entry in entries for subject in entry.subjects}
    with premises.database.sessions.begin() as session:
        for entry in entries:
            enter(session, str(entry.receipt["study"]), entry)
        done = sum(
            _erase(session, premises, subjects, kind, statement, holdings)
            for kind, statement, holdings in (
                ("participant", _PEOPLE, holdings_of_participant),
                ("interview", _INTERVIEWS, holdings_of_interview),
            )
        )
        for slug, code in _named(session, premises, subjects, "customer", _CUSTOMERS):
            done += len(session.execute(text(_NO_CUSTOMER), {"slug": slug, "code": code}).all())
    finish_erasures(premises)
    return done


def _erase(
    session: Session,
    premises: Premises,
    subjects: set[Subject],
    kind: Any,
    statement: str,
    holdings: Callable[[Session, Any, str], Doomed],
) -> int:
    named = list(_named(session, premises, subjects, kind, statement))
    for slug, code in named:
        erase_within(session, premises, slug, kind, code, holdings)
    return len(named)


def _named(
    session: Session, premises: Premises, subjects: set[Subject], kind: Any, statement: str
) -> Iterator[tuple[str, str]]:
    for slug, code in session.execute(text(statement)).all():
        if subject_of(premises.vault, kind, slug, code) in subjects:
            yield slug, code
