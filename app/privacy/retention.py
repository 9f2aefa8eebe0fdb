"""Retention (Art. 5 (1) e GDPR): what was kept for as long as its study says is erased, as on request."""

from collections.abc import Iterator
from contextlib import suppress

from pydantic import Field
from sqlalchemy import Integer, bindparam, text
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.frozen import Frozen
from app.models import Study
from app.privacy.audit import Action, Deed, record
from app.privacy.erasure import Holdings, Premises, Receipt, SubjectKind, erase_within, finish_erasures, read_receipt
from app.privacy.holdings import holdings_of_interview, holdings_of_participant
from app.privacy.rate_limits import forget_idle
from app.tagging.store import find_study

LONGEST_DAYS = 36_500
ACTOR = "retention"

_DUE = """
WITH held AS (
  SELECT id, code, coalesce(date + :days < current_date,
    (SELECT CAST(min(created_at) AS date) FROM transcript WHERE interview_id = interview.id) + :days < current_date,
    (SELECT CAST(min(updated_at) AS date) FROM ingest_run WHERE interview_id = interview.id) + :days < current_date,
    false) AS is_due
  FROM interview WHERE study_id = :study_id)
SELECT ARRAY(SELECT code FROM held WHERE is_due ORDER BY code) AS due_interviews,
  ARRAY(SELECT participant.code FROM participant
    JOIN interview_participant ON interview_participant.participant_id = participant.id
    JOIN held ON held.id = interview_participant.interview_id
    GROUP BY participant.id HAVING bool_and(held.is_due) ORDER BY participant.code) AS due_participants
"""
_LIMITED = "SELECT slug FROM study WHERE retention_days IS NOT NULL ORDER BY slug"


class RetentionPeriod(Frozen):
    """For how many days after its day an interview is kept; `None` is without limit."""

    days: int | None = Field(ge=1, le=LONGEST_DAYS)


class Retention(Frozen):
    """How long a study keeps interviews, and what was kept for so long that the next run erases it.

    The day of an interview is its date, or else the day on which it came in. `participants` are those of whom no other
    interview is kept: they go too.
    """

    study: str
    days: int | None
    due_interviews: tuple[str, ...]
    due_participants: tuple[str, ...]


def read_retention(session: Session, study: str) -> Retention:
    """How long a study keeps interviews, and what is due.

    Raises:
        NotFoundError: there is no such study.
    """
    found = session.get_one(Study, find_study(session, study))
    sought = text(_DUE).bindparams(bindparam("days", type_=Integer))
    due = session.execute(sought, {"study_id": found.id, "days": found.retention_days}).mappings().one()
    return Retention.model_validate({"study": study, "days": found.retention_days, **due})


def set_retention(session: Session, study: str, period: RetentionPeriod) -> Retention:
    """Say for how long a study keeps interviews; what is due then goes with the next run.

    Raises:
        NotFoundError: there is no such study.
    """
    session.get_one(Study, find_study(session, study)).retention_days = period.days
    session.flush()
    return read_retention(session, study)


def enforce_retention(premises: Premises, study: str | None = None) -> tuple[Receipt, ...]:
    """Erase what was kept for long enough, in one study or in all; gives the receipts.

    Raises:
        NotFoundError: there is no such study.
    """
    with premises.database.sessions() as session:
        slugs = [study] if study else session.scalars(text(_LIMITED)).all()
        due = [read_retention(session, slug) for slug in slugs]
    ids = [receipt.id for each in due for receipt in _erased(premises, each)]
    if ids:
        finish_erasures(premises)
    with premises.database.sessions() as session:
        return tuple(read_receipt(session, id_) for id_ in ids)


def keep_promises(premises: Premises) -> tuple[Receipt, ...]:
    """What a worker does now and then: erase what was kept for long enough, finish erasures that broke off.

    How busy an account was is forgotten too, once it says nothing of the next request.
    """
    receipts = enforce_retention(premises)
    finish_erasures(premises)
    forget_idle(premises.database)
    return receipts


def _erased(premises: Premises, due: Retention) -> Iterator[Receipt]:
    # Who goes takes interviews along, also those that another process erases meanwhile: they are not found then.
    kinds: tuple[tuple[SubjectKind, tuple[str, ...], Holdings], ...] = (
        ("participant", due.due_participants, holdings_of_participant),
        ("interview", due.due_interviews, holdings_of_interview),
    )
    for kind, codes, holdings in kinds:
        for code in codes:
            with suppress(NotFoundError):
                with premises.database.sessions.begin() as session:
                    receipt = erase_within(session, premises, due.study, kind, code, holdings)
                    record(premises.database, Deed(ACTOR, Action.ERASE, f"erase_{kind}", due.study, f"code {code}"))
                yield receipt
