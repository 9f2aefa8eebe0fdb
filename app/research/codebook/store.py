"""The SQL that changes codebooks: codes found and held, changes noted."""

import uuid
from typing import Any

from sqlalchemy import any_, func, insert, select
from sqlalchemy.orm import Session

from app.errors import ConflictError, Fault, InvalidInputError, NotFoundError, suggest_name
from app.models import Code, CodeChange
from app.research.codebook.schemas import Action
from app.tagging.store import read_code_names


def hold_code(session: Session, study_id: uuid.UUID, name: str) -> Code:
    """A code by its present or former name, which nobody else changes until the transaction ends.

    Raises:
        NotFoundError: there is no such code.
    """
    names = read_code_names(session, study_id)
    found = select(Code).where(Code.study_id == study_id).with_for_update()
    code = session.scalar(found.where(Code.code == name))
    if code is None and name in names:
        code = session.scalar(found.where(Code.id == names[name].id))
    if code is None:
        raise NotFoundError(f"there is no code {name!r} in this study")
    return code


def hold_live_code(session: Session, study_id: uuid.UUID, name: str) -> Code:
    """A code as `hold_code` finds it, which must be in use.

    Raises:
        NotFoundError: there is no such code.
        ConflictError: it was retired or merged.
    """
    code = hold_code(session, study_id, name)
    if code.merged_into is not None:
        target = session.scalars(select(Code.code).where(Code.id == code.merged_into)).one()
        raise ConflictError(f"{code.code} was merged into {target}: use that, or restore {code.code} first")
    if code.retired_at is not None:
        raise ConflictError(f"{code.code} was retired: restore it first")
    return code


def follow_code(session: Session, study_id: uuid.UUID, name: str, place: str = "code") -> Code:
    """The code that a name leads to, which stays what it is until the transaction ends; `place` is where it was named.

    Raises:
        InvalidInputError: there is no such code, or it was retired.
    """
    names = read_code_names(session, study_id)
    if name not in names:
        fault = Fault(place, f"there is no code {name!r}", suggest_name(name, names))
        raise InvalidInputError("a code is unknown", (fault,))
    code = session.scalars(select(Code).where(Code.id == names[name].id).with_for_update(read=True)).one()
    if code.retired_at is not None:
        fault = Fault(place, f"{code.code} was retired", "restore it first, or name another")
        raise InvalidInputError("a code is not in use any more", (fault,))
    return code


def check_name_is_free(session: Session, study_id: uuid.UUID, name: str, own: uuid.UUID | None = None) -> None:
    """Refuse a name that another code has or had.

    Raises:
        ConflictError: one has or had it.
    """
    taken = select(Code.code).where(Code.study_id == study_id, Code.id.is_distinct_from(own))
    if session.scalar(taken.where(Code.code == name)):
        raise ConflictError(f"there is a code {name} already")
    holder = session.scalar(taken.where(any_(Code.former_names) == name))
    if holder:
        raise ConflictError(f"{name} is what {holder} was called before: choose another name")


def refuse_general(code: Code, what: str) -> None:
    """Refuse to do something to a code that stands for its whole kind.

    Raises:
        InvalidInputError: it does.
    """
    if code.code == code.kind:
        fault = Fault("code", f"{code.code} stands for all of its kind", "choose a code of the study's own")
        raise InvalidInputError(f"a general code is not {what}", (fault,))


def note_change(
    session: Session, study_id: uuid.UUID, code: str, action: Action, author: str, details: dict[str, Any]
) -> None:
    """Note in the history what was done to a code; several changes of one transaction keep their order."""
    values = {"study_id": study_id, "code": code, "action": action, "author": author, "details": details}
    session.execute(insert(CodeChange).values(**values, created_at=func.clock_timestamp()))


def last_merge(session: Session, study_id: uuid.UUID, code: str) -> dict[str, Any]:
    """The details of the last merge of a code into another."""
    merges = select(CodeChange.details).where(
        CodeChange.study_id == study_id, CodeChange.code == code, CodeChange.action == "merge"
    )
    return session.scalars(merges.order_by(CodeChange.created_at.desc(), CodeChange.id).limit(1)).one()
