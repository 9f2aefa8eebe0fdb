"""A REFI-QDA document as values: users, codes, texts with their selections, and what cannot be taken over."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.research.exchange.positions import Selected


@dataclass(frozen=True)
class CodeNode:
    """A code as a file has it; one that is not `codable` only groups others. `path` has the names of those above."""

    guid: uuid.UUID
    name: str
    description: str
    codable: bool
    path: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class CodingNode:
    """That somebody put a code somewhere."""

    code: uuid.UUID
    user: uuid.UUID | None
    line: int


@dataclass(frozen=True)
class SelectionNode:
    """Words that are selected, with the codes on them."""

    selected: Selected
    description: str
    codings: tuple[CodingNode, ...]
    line: int


@dataclass(frozen=True)
class TextNode:
    """A text, in the document (`content`) or beside it (`path`)."""

    name: str
    path: str | None
    content: str | None
    selections: tuple[SelectionNode, ...]
    line: int


@dataclass(frozen=True)
class Misfit:
    """A coding of something that has no words."""

    coding: CodingNode
    source: str
    reason: str


@dataclass(frozen=True)
class Project:
    """What is taken over of a project, and how much of what else is not."""

    origin: str
    users: Mapping[uuid.UUID, str]
    codes: tuple[CodeNode, ...]
    texts: tuple[TextNode, ...]
    misfits: tuple[Misfit, ...]
    left_out: Mapping[str, int]

    @cached_property
    def code_names(self) -> Mapping[uuid.UUID, str]:
        """What the codes are called."""
        return {code.guid: code.name for code in self.codes}
