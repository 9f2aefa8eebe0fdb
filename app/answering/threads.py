"""Follow-up questions: what was asked and answered before in the same thread of the same study."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.answering.queries import read_turns
from app.scope import Filters

MOST_TURNS = 4
MOST_SUMMARY_CHARACTERS = 600


@dataclass(frozen=True)
class Turn:
    """A question that was answered before; `asked` is its stand-alone wording."""

    asked: str
    summary: str
    filters: Filters


def read_thread(session: Session, study_id: uuid.UUID, thread_id: uuid.UUID | None) -> tuple[Turn, ...]:
    """Read the last turns of a thread, oldest first; a thread of another study is simply a new one."""
    if thread_id is None:
        return ()
    return tuple(map(_turn, read_turns(session, study_id, thread_id, MOST_TURNS)))


def tell_turns(turns: Sequence[Turn]) -> str:
    """Lay the turns out for a prompt; they are data there."""
    return "\n".join(f"Question: {turn.asked}\nAnswer: {turn.summary}" for turn in turns) or "(none)"


def was_in_force(turns: Sequence[Turn], field: str, value: str) -> bool:
    """Whether a filter was in force in a turn."""
    return any(value in getattr(turn.filters, field) for turn in turns)


def _turn(body: Mapping[str, Any]) -> Turn:
    asked = body.get("standalone_question") or body["question"]
    return Turn(asked, body["summary"][:MOST_SUMMARY_CHARACTERS], Filters.model_validate(body["filters"]))
