"""Erasure (Art. 17 GDPR): a participant or an interview goes, with everything that was made of it.

Rows go in one transaction, together with the entry in the ledger. Files, pages on the disk and the log follow; whatever
breaks off there is finished by the worker, or by `verbatim erase finish`.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.answering.schemas import Answer as GivenAnswer
from app.answering.tombstones import bury, forget_person
from app.blobs import Blobs
from app.database import Database
from app.erased import LEDGER_FILE, LedgerEntry, Subject, enter, subject_of, write_down
from app.errors import NotFoundError
from app.frozen import Frozen
from app.kept_files import discard_unless_used
from app.models import Answer, Erasure
from app.privacy.audit import ExportMade, exports_since
from app.privacy.holdings import (
    PERSONAL_TABLES,
    Doomed,
    answers_of,
    delivered_to,
    files_of,
    forget_undecided,
    holdings_of_interview,
    holdings_of_participant,
    insights_of,
    study_of,
    take_away,
    told_since,
)
from app.privacy.storage import Cleared, clear_traces
from app.services import Services
from app.vault import Vault

SubjectKind = Literal["participant", "interview"]
Holdings = Callable[[Session, uuid.UUID, str], Doomed]

NOT_CLEARED = Cleared(pages=False, statistics=False, write_ahead_log=False)


class Receipt(Frozen):
    """What an erasure took away, without personal data: nobody is named, and `subject` is a keyed hash.

    `rows` counts by table. `answers` have tombstones in the place of quotes, `insights` are stale. Backups made before
    `erased_at` still hold it: restoring one erases it again. `exports` are files that were made of the study since the
    words came in, and may hold them where they are. `finished_at` is when nothing was left on the disk.
    """

    id: uuid.UUID
    erased_at: dt.datetime
    kind: SubjectKind
    study: str
    subject: str
    rows: dict[str, int]
    files: int
    answers: int
    insights: tuple[str, ...]
    shared_interviews: int
    exports: tuple[ExportMade, ...] = ()
    cleared: Cleared = NOT_CLEARED
    finished_at: dt.datetime | None = None


@dataclass(frozen=True)
class Premises:
    """Where an erasure looks: the database, the kept files, the key, and the file of the ledger."""

    database: Database
    blobs: Blobs
    vault: Vault
    ledger: Path


def premises_of(services: Services) -> Premises:
    """The premises of an opened service."""
    ledger = services.settings.data_dir.absolute() / LEDGER_FILE
    return Premises(services.database, services.blobs, services.vault, ledger)


def erase_participant(premises: Premises, study: str, code: str) -> Receipt:
    """Erase a participant: the interviews with this person alone whole, of shared ones the person's part.

    Of a shared interview, the recordings and the transcript's file go too, because the person is in them.

    Raises:
        NotFoundError: there is no such study or participant.
    """
    return _erase(premises, study, "participant", code, holdings_of_participant)


def erase_interview(premises: Premises, study: str, code: str) -> Receipt:
    """Erase an interview; its participant stays.

    Raises:
        NotFoundError: there is no such study or interview.
    """
    return _erase(premises, study, "interview", code, holdings_of_interview)


def finish_erasures(premises: Premises) -> tuple[Receipt, ...]:
    """Finish what broke off: files, the ledger's file, pages on the disk, the log."""
    with premises.database.sessions() as session:
        unfinished = select(Erasure.id).where(Erasure.finished_at.is_(None)).order_by(Erasure.created_at)
        ids = session.scalars(unfinished).all()
    if not ids:
        return ()
    with premises.database.everywhere.begin() as session:
        undecided = forget_undecided(session)
    _discard(premises, undecided)
    cleared = clear_traces(premises.database.engine, PERSONAL_TABLES)
    return tuple(_finished(premises, id_, cleared) for id_ in ids)


def list_receipts(session: Session) -> tuple[Receipt, ...]:
    """The receipts of all erasures, the newest first."""
    rows = session.scalars(select(Erasure).order_by(Erasure.created_at.desc(), Erasure.id))
    return tuple(Receipt.model_validate(row.receipt) for row in rows)


def read_receipt(session: Session, id_: uuid.UUID) -> Receipt:
    """The receipt of one erasure.

    Raises:
        NotFoundError: there is no such erasure.
    """
    row = session.get(Erasure, id_)
    if row is None:
        raise NotFoundError("there is no such erasure")
    return Receipt.model_validate(row.receipt)


def _erase(
    premises: Premises,
    study: str,
    kind: SubjectKind,
    code: str,
    holdings: Holdings,
) -> Receipt:
    with premises.database.sessions.begin() as session:
        receipt = erase_within(session, premises, study, kind, code, holdings)
    finish_erasures(premises)
    with premises.database.sessions() as session:
        # A worker may have been faster.
        return read_receipt(session, receipt.id)


def erase_within(
    session: Session,
    premises: Premises,
    study: str,
    kind: SubjectKind,
    code: str,
    holdings: Holdings,
) -> Receipt:
    """Take the rows away in a transaction of the caller's, who finishes the erasure afterwards."""
    vault = premises.vault
    doomed = holdings(session, study_of(session, study), code)
    files, insights, answers = files_of(session, doomed), insights_of(session, doomed), answers_of(session, doomed)
    for answer_id in answers:
        _bury(session.get_one(Answer, answer_id), doomed)
    session.flush()
    delivered, exports = delivered_to(session, doomed), _exports(session, premises, study, doomed)
    receipt = Receipt(
        id=uuid.uuid4(),
        erased_at=dt.datetime.now(dt.UTC),
        kind=kind,
        study=study,
        subject=subject_of(vault, kind, study, code).hash,
        rows=take_away(session, vault, doomed),
        files=len(files),
        answers=len(answers),
        insights=insights,
        shared_interviews=len(doomed.shared),
        exports=exports,
    )
    subjects = tuple(_subjects(vault, study, code if kind == "participant" else None, doomed, files))
    entry = LedgerEntry(
        erasure=receipt.id, key_id=vault.key_id, receipt=receipt.model_dump(mode="json"), subjects=subjects
    )
    enter(session, study, entry, (*files, *delivered))
    return receipt


def _exports(session: Session, premises: Premises, study: str, doomed: Doomed) -> tuple[ExportMade, ...]:
    since, people = told_since(session, doomed)
    if since is None:
        return ()
    # Confined sessions read nothing of the audit.
    with premises.database.engine.connect() as connection:
        return exports_since(connection, study, since, people)


def _subjects(vault: Vault, study: str, person: str | None, doomed: Doomed, files: tuple[str, ...]) -> list[Subject]:
    return [
        *([subject_of(vault, "participant", study, person)] if person else []),
        *(subject_of(vault, "interview", study, code) for code in doomed.interview_codes),
        *([subject_of(vault, "customer", study, doomed.customer)] if doomed.customer else []),
        *(subject_of(vault, "file", study, sha256) for sha256 in files),
    ]


def _bury(stored: Answer, doomed: Doomed) -> None:
    answer = bury(GivenAnswer.model_validate(stored.body), frozenset(doomed.utterances), "erased")
    if doomed.person:
        answer = forget_person(answer, doomed.person)
    stored.question, stored.body = answer.question, answer.model_dump(mode="json")


def _discard(premises: Premises, files: Collection[str]) -> None:
    for sha256 in sorted(files):
        with premises.database.everywhere.begin() as session:
            discard_unless_used(session, premises.blobs, sha256)


def _finished(premises: Premises, id_: uuid.UUID, cleared: Cleared) -> Receipt:
    with premises.database.sessions() as session:
        row = session.get_one(Erasure, id_)
        files, receipt = tuple(row.files), Receipt.model_validate(row.receipt)
        hashes = text("SELECT kind, hash FROM erased_subject WHERE erasure_id = :id ORDER BY kind, hash")
        subjects = tuple(Subject(kind=each.kind, hash=each.hash) for each in session.execute(hashes, {"id": id_}))
    _discard(premises, files)
    done = cleared.pages
    finished_at = dt.datetime.now(dt.UTC) if done else None
    receipt = receipt.model_copy(update={"cleared": cleared, "finished_at": finished_at})
    body = receipt.model_dump(mode="json")
    write_down(premises.ledger, LedgerEntry(erasure=id_, key_id=row.key_id, receipt=body, subjects=subjects))
    with premises.database.sessions.begin() as session:
        stored = session.get_one(Erasure, id_)
        stored.files, stored.receipt, stored.finished_at = [], body, finished_at
    return receipt
