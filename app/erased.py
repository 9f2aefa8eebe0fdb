"""The ledger of erasures: keyed hashes of what was erased, in the database and in a file that outlives its backups."""

import fcntl
import os
import uuid
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.errors import ConflictError, Fault, InvalidInputError, UnavailableError
from app.frozen import Frozen
from app.models import ErasedSubject, Erasure
from app.vault import Vault

LEDGER_FILE = "erasures.jsonl"

Kind = Literal["participant", "interview", "customer", "file"]


class Subject(Frozen):
    """Something that was erased."""

    kind: Kind
    hash: str


class LedgerEntry(Frozen):
    """One line of the ledger: what an erasure took away."""

    erasure: uuid.UUID
    key_id: str
    receipt: dict[str, object]
    subjects: tuple[Subject, ...]


def subject_of(vault: Vault, kind: Kind, study: str, name: str) -> Subject:
    """A participant, interview or customer of a study by its code, or a file by its SHA-256."""
    return Subject(kind=kind, hash=vault.keyed_hash(kind, study, name))


def erased_among(session: Session, vault: Vault, kind: Kind, study: str, names: Collection[str]) -> frozenset[str]:
    """Which of these were erased."""
    hashes = {subject_of(vault, kind, study, name).hash: name for name in names}
    found = select(ErasedSubject.hash).where(ErasedSubject.hash.in_(hashes))
    return frozenset(hashes[each] for each in session.scalars(found))


def refuse_erased(session: Session, vault: Vault, study: str, participant: str, files: Collection[str]) -> None:
    """Refuse a conversation of somebody who was erased, also where the same files come under another name.

    Raises:
        ConflictError: the participant, or a file, was erased.
    """
    if erased_among(session, vault, "participant", study, {participant}):
        raise ConflictError(f"{participant} was erased on request: use another code for another person")
    if erased_among(session, vault, "file", study, files):
        raise ConflictError("this file was erased on request, and is not taken in again")


def enter(session: Session, study: str, entry: LedgerEntry, files: Sequence[str] = ()) -> None:
    """Enter an erasure into the ledger of the database, once; `files` are those that are still to be deleted."""
    row = {"id": entry.erasure, "study": study, "key_id": entry.key_id, "receipt": entry.receipt, "files": list(files)}
    session.execute(upsert(Erasure).values(row).on_conflict_do_nothing(index_elements=["id"]))
    subjects = [{"erasure_id": entry.erasure, **subject.model_dump()} for subject in entry.subjects]
    if subjects:
        session.execute(upsert(ErasedSubject).on_conflict_do_nothing(index_elements=["hash"]), subjects)


def write_down(path: Path, entry: LedgerEntry) -> None:
    """Add an erasure to the ledger's file, so that it outlasts a power failure, in place of a line that broke off.

    Raises:
        UnavailableError: the file cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.truncate(file.read().rfind(b"\n") + 1)
            file.seek(0, os.SEEK_END)
            file.write(entry.model_dump_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UnavailableError(f"the ledger of erasures, {path}, cannot be written: {error.strerror}") from error


def read_ledger(path: Path) -> tuple[LedgerEntry, ...]:
    """Read a ledger's file; there is none where nothing was ever erased.

    Raises:
        InvalidInputError: it is none.
    """
    if not path.exists():
        return ()
    return tuple(_entries(path))


def _entries(path: Path) -> Iterator[LedgerEntry]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield LedgerEntry.model_validate_json(line)
            except ValidationError as error:
                # A line that broke off in a power failure is in the database too, or its erasure never happened.
                if not line.endswith("\n"):
                    return
                fault = Fault(f"{path}:{number}", "is no entry of a ledger of erasures", "restore the file")
                raise InvalidInputError("the ledger of erasures cannot be read", (fault,)) from error
