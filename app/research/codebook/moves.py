"""Codes merged, split, retired and restored; no tagging by a person is lost on the way."""

import uuid
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.errors import ConflictError, Fault, InvalidInputError
from app.library.queries import find_study
from app.research.codebook.codes import add_code
from app.research.codebook.moved_taggings import Move, choose, move_all, move_back, move_chosen, unknown_names
from app.research.codebook.read import read_code
from app.research.codebook.schemas import CodebookEntry, MovedTaggings, Split
from app.research.codebook.store import hold_code, hold_live_code, last_merge, note_change, refuse_general
from app.vocabulary import Kind


def merge_codes(session: Session, study: str, name: str, into: str, author: str) -> MovedTaggings:
    """Merge a code into another: its taggings go there, and whoever refers to it is led there.

    Raises:
        NotFoundError: there is no such study or code.
        ConflictError: one of them was retired or merged.
        InvalidInputError: both are the same, or the first is a general code.
    """
    study_id = find_study(session, study)
    first, second = (hold_live_code(session, study_id, each) for each in sorted((name, into)))
    code, target = (first, second) if name <= into else (second, first)
    if code is target:
        fault = Fault("into", f"{into} is the code itself", "name another code")
        raise InvalidInputError("a code cannot be merged into itself", (fault,))
    refuse_general(code, "merged")
    move = move_all(session, study_id, code.id, target.id)
    code.merged_into, code.retired_at, code.edited_at = target.id, func.now(), func.now()
    session.flush()
    note_change(session, study_id, code.code, "merge", author, {"into": target.code, **_details(move)})
    found = read_code(session, study, target.code)
    return MovedTaggings(code=found, moved=len(move.moved), doubled=len(move.doubled))


def split_code(session: Session, study: str, name: str, split: Split, author: str, embedder: Embedder) -> MovedTaggings:
    """Split a code: some of its taggings go to a new code.

    Raises:
        NotFoundError: there is no such study or code.
        ConflictError: the code was retired or merged, or another has or had the name of the new one.
        InvalidInputError: people, segments or taggings are unknown, or no tagging is chosen.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    study_id = find_study(session, study)
    code = hold_live_code(session, study_id, name)
    if unknown := unknown_names(session, study_id, code.id, split):
        faults = tuple(Fault(field, f"{value} is not known of {code.code}", "leave it out") for field, value in unknown)
        raise InvalidInputError("the split names things that do not exist", faults)
    chosen = choose(session, study_id, code.id, split)
    if not chosen:
        fault = Fault("taggings", f"no tagging of {code.code} is chosen", "choose other people, segments or taggings")
        raise InvalidInputError("nothing would go to the new code", (fault,))
    target = add_code(session, study_id, split.into.under(Kind(code.kind)), author, embedder)
    move_chosen(session, study_id, (code.id, target.id), chosen, author)
    note_change(session, study_id, code.code, "split", author, {"into": target.code, "taggings": len(chosen)})
    return MovedTaggings(code=read_code(session, study, target.code), moved=len(chosen))


def retire_code(session: Session, study: str, name: str, author: str) -> CodebookEntry:
    """Retire a code: it is neither searched, nor tagged, nor counted any more; its taggings stay stored.

    Raises:
        NotFoundError: there is no such study or code.
        ConflictError: it was retired or merged already.
        InvalidInputError: it is a general code.
    """
    study_id = find_study(session, study)
    code = hold_live_code(session, study_id, name)
    refuse_general(code, "retired")
    code.retired_at, code.edited_at = func.now(), func.now()
    session.flush()
    note_change(session, study_id, code.code, "retire", author, {})
    return read_code(session, study, code.code)


def restore_code(session: Session, study: str, name: str, author: str) -> CodebookEntry:
    """Take back that a code was retired or merged: what is left of the taggings that went away comes back to it.

    Raises:
        NotFoundError: there is no such study or code.
        ConflictError: it is in use.
    """
    study_id = find_study(session, study)
    code = hold_code(session, study_id, name)
    if code.retired_at is None:
        raise ConflictError(f"{code.code} is in use: there is nothing to restore")
    details: dict[str, Any] = {}
    if code.merged_into is not None:
        merge = last_merge(session, study_id, code.code)
        details = {"from": merge["into"], "taggings": move_back(session, study_id, code.id, _move(merge))}
    code.merged_into, code.retired_at, code.edited_at = None, None, func.now()
    session.flush()
    note_change(session, study_id, code.code, "restore", author, details)
    return read_code(session, study, code.code)


def _details(move: Move) -> dict[str, Any]:
    """A move as the history keeps it, so that it can be taken back."""
    return {
        "taggings": len(move.moved),
        "moved": [str(tagging) for tagging in move.moved],
        "doubled": {str(tagging): polarity for tagging, polarity in move.doubled.items()},
    }


def _move(details: dict[str, Any]) -> Move:
    doubled = {uuid.UUID(tagging): polarity for tagging, polarity in details["doubled"].items()}
    return Move(tuple(map(uuid.UUID, details["moved"])), doubled)
