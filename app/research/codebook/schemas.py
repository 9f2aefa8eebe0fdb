"""Codes as they are told and as they are given, and what was done to them."""

import re
import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from app.frozen import Frozen
from app.text import normalise
from app.vocabulary import Kind

LONGEST_CODE = 63
LONGEST_LINE = 300
LONGEST_PROSE = 20_000
MOST_EXAMPLES = 50
MOST_MOVED = 10_000
RESERVED = frozenset({"agreement", "export", "history", "import", "project", "themes"})
"""What no code is called, because addresses are called so."""

CodeState = Literal["live", "retired", "merged"]
Action = Literal["create", "edit", "merge", "split", "retire", "restore", "import"]

_IDENTIFIER = re.compile(rf"\w[\w.-]{{0,{LONGEST_CODE - 1}}}")


def _identifier(value: str) -> str:
    text = normalise(value).strip()
    if not _IDENTIFIER.fullmatch(text):
        raise ValueError(f"write letters, digits, `-`, `_` and `.` only, at most {LONGEST_CODE}: `AX1`")
    if text in RESERVED:
        raise ValueError("an address is called so: choose another name")
    return text


def _line(value: str) -> str:
    text = " ".join(normalise(value).split())
    if not text:
        raise ValueError("write some words")
    return text


Identifier = Annotated[str, StringConstraints(max_length=4 * LONGEST_CODE), AfterValidator(_identifier)]
Line = Annotated[str, StringConstraints(max_length=LONGEST_LINE), AfterValidator(_line)]
Prose = Annotated[
    str, StringConstraints(max_length=LONGEST_PROSE), AfterValidator(lambda value: normalise(value).strip())
]
LabelLanguage = Annotated[str, Field(pattern="^([a-z]{2}|und)$")]
_NO_OTHERS: JsonDict = {"additionalProperties": False}
Labels = Annotated[dict[LabelLanguage, Line], Field(min_length=1, max_length=50, json_schema_extra=_NO_OTHERS)]
Examples = Annotated[tuple[Line, ...], Field(max_length=MOST_EXAMPLES)]


class CodeWords(Frozen):
    """How a code is called and what it is about; labels are by language (ISO 639-1, `und` where none is said)."""

    code: Identifier = Field(examples=["AX5"])
    labels: Labels = Field(examples=[{"en": "App and money gone"}])
    about: Prose = ""
    examples: Examples = ()


class NewCode(CodeWords):
    """A code to create."""

    kind: Kind


class PartCode(CodeWords):
    """A code to create out of something that has a kind already, which it keeps where no other is given."""

    kind: Kind | None = None

    def under(self, kind: Kind) -> NewCode:
        """The code to create, where that is the kind of what it comes from."""
        words = {name: getattr(self, name) for name in CodeWords.model_fields}
        return NewCode(kind=self.kind or kind, **words)


class CodeEdit(Frozen):
    """What is changed of a code; a label that is `null` goes."""

    code: Identifier | None = Field(None, description="a new name; references by the former one lead to it")
    kind: Kind | None = None
    labels: dict[LabelLanguage, Line | None] = Field(default_factory=dict, max_length=50, json_schema_extra=_NO_OTHERS)
    about: Prose | None = None
    examples: Examples | None = None


class Split(Frozen):
    """Which taggings of a code go to a new code; values of one field widen, fields narrow."""

    into: PartCode
    taggings: tuple[uuid.UUID, ...] = Field((), max_length=MOST_MOVED)
    participants: tuple[str, ...] = Field((), max_length=MOST_MOVED)
    segments: tuple[str, ...] = Field((), max_length=100)

    @model_validator(mode="after")
    def _chooses(self) -> "Split":
        if not (self.taggings or self.participants or self.segments):
            raise ValueError("say which taggings go: name taggings, participants or segments")
        return self


class CodebookEntry(Frozen):
    """A code with what it is about and how often it is used; people and taggings of published interviews alone.

    A general code stands for its whole kind. What was merged has its taggings at `merged_into`; references by
    `former_names` lead to this code.
    """

    code: str
    kind: Kind
    labels: dict[str, str]
    about: str
    examples: tuple[str, ...]
    general: bool
    state: CodeState
    merged_into: str | None
    former_names: tuple[str, ...]
    affirmed_by: int = Field(description="people who affirm it")
    denied_by: int = Field(description="people who deny it")
    by_persons: int = Field(description="taggings by persons")
    by_models: int = Field(description="taggings by models and rules")


class CodebookPage(Frozen):
    """Codes in the order of their names."""

    study: str
    codes: tuple[CodebookEntry, ...]
    next_cursor: str | None


class CodeChangeEntry(Frozen):
    """What somebody did to a code, which was called `code` then."""

    id: uuid.UUID
    code: str
    action: Action
    details: dict[str, Any]
    author: str
    created_at: datetime


class HistoryPage(Frozen):
    """Changes of a codebook, the newest first."""

    study: str
    changes: tuple[CodeChangeEntry, ...]
    next_cursor: str | None


class MovedTaggings(Frozen):
    """A code after its taggings moved to it, or away from it; `doubled` were there already and are now there once."""

    code: CodebookEntry
    moved: int
    doubled: int = 0
