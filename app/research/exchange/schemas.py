"""What became of an import: every code and every coding of the file is accounted for."""

from typing import Literal

from pydantic import Field

from app.frozen import Frozen
from app.vocabulary import Kind

MOST_TOLD = 1000

CodeOutcome = Literal["created", "changed", "known", "retired", "group"]


class ImportedCode(Frozen):
    """What became of a code: created, changed, known already, known and retired, or no code but a group of others."""

    name: str = Field(description="as the file calls it")
    code: str | None
    outcome: CodeOutcome
    kind: Kind | None
    guessed: bool = Field(default=False, description="whether nobody said the kind, so that the nearest was taken")


class ImportedSource(Frozen):
    """A text of the file: the interview that it holds, if any, and how its positions are counted."""

    name: str
    interview: str | None
    selections: int
    counting: str | None = Field(description="where it makes a difference, and the text is in the file")
    in_file: bool


class Unplaced(Frozen):
    """A coding that is not taken over, and why; `words` are those that the file has at its place."""

    place: str
    source: str
    code: str
    words: str
    reason: str


class CodebookImport(Frozen):
    """What became of a codebook; in a dry run, what would become of it."""

    study: str
    origin: str
    dry_run: bool
    codes: tuple[ImportedCode, ...]


class TaggingsImport(Frozen):
    """What became of taggings; in a dry run, what would become of them."""

    study: str
    dry_run: bool
    added: int
    known: int = Field(description="taggings that were there already")
    unplaced: tuple[Unplaced, ...]
    more_unplaced: int = Field(0, description="beyond those that are told")


class ProjectImport(TaggingsImport):
    """What became of a project."""

    origin: str
    codes: tuple[ImportedCode, ...]
    coders: tuple[str, ...]
    sources: tuple[ImportedSource, ...]
    spread: int = Field(description="codings that are over several turns, and are now a tagging on each")
    left_out: dict[str, int] = Field(description="what else is in the file, and not taken over")
