"""The matrix as it is told: people, never quotes; what was not mentioned is neither rejected nor never asked."""

from typing import Literal

from pydantic import Field

from app.frozen import Frozen
from app.vocabulary import Kind


class MatrixOption(Frozen):
    """What can be chosen: `any` of them, `us`, a competitor by its name, or the `house` alternative."""

    option: str
    kind: Literal["any", "us", "competitor", "house"]
    label: str


class MatrixSegment(Frozen):
    """A column of the matrix; `segment` is `null` for everybody. `people` are those who may be quoted."""

    segment: str | None
    label: str
    people: int


class MatrixCell(Frozen):
    """How many people of a segment named a criterion of an option.

    `named_both` named it for and against, and are in both numbers. Of the others `asked_without_mention` were asked
    about it and named it neither way, `never_asked` were not even asked:
    named_for + named_against - named_both + asked_without_mention + never_asked = of.
    """

    segment: str | None
    option: str
    of: int
    named_for: int
    named_against: int
    named_both: int
    asked_without_mention: int
    never_asked: int
    quotes: str | None = Field(description="where the quotes of the cell are, if there are any; `side` narrows them")


class MatrixRow(Frozen):
    """A criterion with its cells, by segment and option."""

    code: str
    label: str
    kind: Kind
    cells: tuple[MatrixCell, ...]


class MatrixReason(Frozen):
    """A reason to choose an option, with how many people of each segment gave it; `null` where it is nobody's."""

    code: str
    label: str
    option: str
    cells: tuple[MatrixCell, ...]


class Matrix(Frozen):
    """Criteria by segments and options, the totals of whoever named any criterion, and reasons to choose another."""

    study: str
    by_persons: bool
    options: tuple[MatrixOption, ...]
    segments: tuple[MatrixSegment, ...]
    rows: tuple[MatrixRow, ...]
    totals: tuple[MatrixCell, ...]
    reasons: tuple[MatrixReason, ...]
