"""The gold file: questions with their relevant codes and participants, and the true turns of each interview."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.errors import Fault, InvalidInputError
from app.vocabulary import Role

MOST_BYTES = 20_000_000


class GoldFilters(BaseModel):
    """The one value of each filter that a gold question may set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    segment: str | None = None
    language: str | None = None
    participant: str | None = None
    code: str | None = None
    kind: str | None = None
    band: str | None = None
    customer_class: Literal["A", "B", "C", "D"] | None = Field(None, alias="class")


class GoldQuestion(BaseModel):
    """A question whose right answer is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    language: str
    question: str
    audience: Literal["product", "marketing", "support"] = "product"
    filters: GoldFilters = GoldFilters()
    relevant_codes: tuple[str, ...] = ()
    relevant_participants: tuple[str, ...] = ()
    unanswerable: bool = False
    denied: bool = False


class _GoldFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str
    gold: str
    questions: tuple[GoldQuestion, ...]


@dataclass(frozen=True)
class GoldTurn:
    """One true turn: who spoke, in which language, and which codes the words give evidence for or deny."""

    role: Role
    language: str
    affirmed: frozenset[str]
    denied: frozenset[str]
    text: str


@dataclass(frozen=True)
class Gold:
    """A gold file with its turns by interview (the name of the TSV: an interview's or its participant's code)."""

    study: str
    questions: tuple[GoldQuestion, ...]
    interviews: dict[str, tuple[GoldTurn, ...]]


def read_gold(path: Path) -> Gold:
    """Read a gold file and the TSV files beside it.

    Raises:
        InvalidInputError: it is not there or not of that form; all faults are named.
    """
    try:
        document = _GoldFile.model_validate(yaml.safe_load(_read(path)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        fault = Fault(place, error.problem or "no YAML", "quote texts that hold `:` or `#`, indent with spaces")
        raise InvalidInputError(f"{path.name} is no YAML", (fault,)) from error
    except yaml.YAMLError as error:
        raise InvalidInputError(f"{path} is no YAML: save it as UTF-8 text without control characters") from error
    except ValidationError as error:
        faults = tuple(
            Fault(f"{path.name}: {'.'.join(map(str, fault['loc']))}", fault["msg"], "docs/quality.md says how it looks")
            for fault in error.errors()
        )
        raise InvalidInputError(f"{path} is no gold file", faults) from error
    folder = path.parent / document.gold
    files = sorted(folder.glob("*.tsv")) if folder.is_dir() else []
    if not files:
        raise InvalidInputError(f"{folder} holds no TSV files; `gold:` names the folder with one for each interview")
    return Gold(document.study, document.questions, {file.stem: _turns(file) for file in files})


def _turns(file: Path) -> tuple[GoldTurn, ...]:
    turns = []
    rows = csv.reader(_read(file).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for line, row in enumerate(rows, start=1):
        if not row:
            continue
        if len(row) != 4 or row[0] not in list(Role):
            raise InvalidInputError(f"{file}:{line}: write role, language, codes and text, with tabs between them")
        codes = [code.strip() for code in row[2].split(",") if code.strip() not in ("", "-")]
        affirmed = frozenset(code for code in codes if not code.startswith("!"))
        denied = frozenset(code[1:] for code in codes if code.startswith("!"))
        turns.append(GoldTurn(Role(row[0]), row[1], affirmed, denied, row[3]))
    return tuple(turns)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInputError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path} cannot be read: {error}") from error
