"""Codes made and edited by people; the vectors that they are found by are made anew with their words."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.errors import Fault, InvalidInputError
from app.index import writing_model_id
from app.library.queries import find_study
from app.models import Code
from app.research.codebook.read import read_code
from app.research.codebook.schemas import CodebookEntry, CodeEdit, NewCode
from app.research.codebook.store import check_name_is_free, hold_live_code, note_change, refuse_general
from app.tagging.codes import embed_codes
from app.vocabulary import Kind

_WORDED = ("labels", "about", "examples")


def create_code(session: Session, study: str, new: NewCode, author: str, embedder: Embedder) -> CodebookEntry:
    """Create a code.

    Raises:
        NotFoundError: there is no such study.
        ConflictError: another code has or had its name.
        InvalidInputError: it is called as a kind, for all of which the study has a code.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    add_code(session, find_study(session, study), new, author, embedder)
    return read_code(session, study, new.code)


def add_code(session: Session, study_id: uuid.UUID, new: NewCode, author: str, embedder: Embedder) -> Code:
    """Add a code to a study and note it in the history; raises what `create_code` raises."""
    (code,) = add_codes(session, study_id, [new], embedder)
    note_change(session, study_id, new.code, "create", author, words_of(new))
    return code


def add_codes(session: Session, study_id: uuid.UUID, new: Sequence[NewCode], embedder: Embedder) -> list[Code]:
    """Add codes to a study; raises what `create_code` raises."""
    for each in new:
        refuse_kind_name(each.code, "code")
        check_name_is_free(session, study_id, each.code)
    rows = embed_codes(list(map(words_of, new)), writing_model_id(session, embedder.identity), embedder)
    codes = [Code(study_id=study_id, edited_at=func.now(), **row) for row in rows]
    session.add_all(codes)
    session.flush()
    return codes


def words_of(new: NewCode) -> dict[str, Any]:
    """What is stored of a new code."""
    return new.model_dump(mode="json", include=set(NewCode.model_fields))


def edit_code(
    session: Session, study: str, name: str, edit: CodeEdit, author: str, embedder: Embedder
) -> CodebookEntry:
    """Change what a code is called, what it is about, its labels, examples or kind; what is not given stays.

    Raises:
        NotFoundError: there is no such study or code.
        ConflictError: it was retired or merged, or another code has or had the new name.
        InvalidInputError: a general code gets another name or kind, or no label would be left.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    study_id = find_study(session, study)
    code = hold_live_code(session, study_id, name)
    called = code.code
    changed = _changes(code, edit)
    if "code" in changed:
        _rename(session, code, changed["code"]["after"])
    elif "kind" in changed:
        refuse_general(code, "put under another kind")
        refuse_kind_name(called, "code")
    for field, values in changed.items():
        setattr(code, field, values["after"])
    if changed:
        code.edited_at = func.now()
        if not changed.keys().isdisjoint(_WORDED):
            _embed(session, code, embedder)
        session.flush()
        note_change(session, study_id, called, "edit", author, changed)
    return read_code(session, study, code.code)


def refuse_kind_name(name: str, place: str) -> None:
    """Refuse to call a code of the study's own as a kind.

    Raises:
        InvalidInputError: it is called so.
    """
    if name in set(Kind):
        fault = Fault(place, f"{name} is a kind, and the code of that name stands for all of it", "choose another name")
        raise InvalidInputError("a code cannot be called as a kind", (fault,))


def _changes(code: Code, edit: CodeEdit) -> dict[str, dict[str, Any]]:
    """What an edit changes, by field: the value before and after."""
    labels = {language: label for language, label in {**code.labels, **edit.labels}.items() if label is not None}
    if not labels:
        raise InvalidInputError("a code needs a label", (Fault("labels", "none would be left", "give another one"),))
    after = {
        "code": edit.code,
        "kind": None if edit.kind is None else str(edit.kind),
        "labels": labels,
        "about": edit.about,
        "examples": None if edit.examples is None else list(edit.examples),
    }
    return {
        field: {"before": getattr(code, field), "after": value}
        for field, value in after.items()
        if value is not None and value != getattr(code, field)
    }


def _rename(session: Session, code: Code, name: str) -> None:
    refuse_general(code, "renamed")
    refuse_kind_name(name, "code")
    check_name_is_free(session, code.study_id, name, own=code.id)
    code.former_names = [former for former in code.former_names if former != name] + [code.code]


def _embed(session: Session, code: Code, embedder: Embedder) -> None:
    words = {field: getattr(code, field) for field in _WORDED}
    (row,) = embed_codes([words], writing_model_id(session, embedder.identity), embedder)
    code.model_id, code.embedding = row["model_id"], row["embedding"]
