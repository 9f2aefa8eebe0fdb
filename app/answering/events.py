"""What happens while a question is answered, in the order of happening: stages, citations, words, the answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.answering.schemas import Answer, AnyCitation

Stage = Literal["understand", "search", "compose", "check", "translate"]

_PIECE = re.compile(r"\s*\S+(?:[^\S\n]+\S+){0,3}|\s+$")


@dataclass(frozen=True)
class Began:
    """A stage began; between two stages no database connection is held."""

    stage: Stage


@dataclass(frozen=True)
class Cited:
    """A citation that was verified; its translation, if any, comes with the answer."""

    citation: AnyCitation


@dataclass(frozen=True)
class Written:
    """The next piece of the verified summary; all pieces together are the summary."""

    text: str


@dataclass(frozen=True)
class Answered:
    """The whole answer, the last event."""

    answer: Answer


Event = Began | Cited | Written | Answered


def pieces(summary: str) -> Iterator[Written]:
    """Cut a summary into pieces of a few words, none of its characters lost."""
    return (Written(match[0]) for match in _PIECE.finditer(summary))
