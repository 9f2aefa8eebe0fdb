"""Interpreted interviews side by side: what was said, and beside it what the interpreter made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.library.schemas import UtteranceEntry
from app.vocabulary import Role

_INTERPRETED = frozenset({Role.PARTICIPANT, Role.INTERVIEWER})


@dataclass(frozen=True)
class Turn:
    """What somebody said, with the renditions that followed it at once in another language."""

    said: UtteranceEntry
    renditions: tuple[UtteranceEntry, ...] = ()


def pair_renditions(utterances: Sequence[UtteranceEntry]) -> tuple[Turn, ...]:
    """Put what an interpreter says beside what it renders; all else stands alone, in order."""
    turns: list[Turn] = []
    for utterance in utterances:
        last = turns[-1] if turns else None
        renders = utterance.role is Role.INTERPRETER and last is not None and last.said.role in _INTERPRETED
        if renders and last is not None and last.said.language != utterance.language:
            turns[-1] = Turn(last.said, (*last.renditions, utterance))
        else:
            turns.append(Turn(utterance))
    return tuple(turns)
