"""Follow-up questions: what was asked and answered before in the same thread of the same study."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.answering.queries import read_turns, withheld_utterances
from app.answering.schemas import Answer
from app.answering.tombstones import bury
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
    """Read the last turns of a thread, oldest first; a thread of another study is simply a new one.

    What may be quoted no more is not told either.
    """
    if thread_id is None:
        return ()
    answers = [Answer.model_validate(body) for body in read_turns(session, study_id, thread_id, MOST_TURNS)]
    withheld = withheld_utterances(session, [quote.utterance for answer in answers for quote in answer.quotes])
    return tuple(_turn(bury(answer, withheld, "withheld")) for answer in answers)


def tell_turns(turns: Sequence[Turn]) -> str:
    """Lay the turns out for a prompt; they are data there."""
    return "\n".join(f"Question: {turn.asked}\nAnswer: {turn.summary}" for turn in turns) or "(none)"


def was_in_force(turns: Sequence[Turn], field: str, value: str) -> bool:
    """Whether a filter was in force in a turn."""
    return any(value in getattr(turn.filters, field) for turn in turns)


def _turn(answer: Answer) -> Turn:
    asked = answer.standalone_question or answer.question
    return Turn(asked, answer.summary[:MOST_SUMMARY_CHARACTERS], answer.filters)
