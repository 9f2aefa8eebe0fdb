"""Codebooks as CSV: what a spreadsheet shows of the codes, and what somebody changed in it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field, field_validator
from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.errors import ConflictError, Fault, InvalidInputError
from app.frozen import Frozen
from app.library.export import write_table
from app.library.pages import MOST_LIMIT, PageRequest
from app.library.queries import find_study
from app.research.codebook.codes import edit_code
from app.research.codebook.read import list_codes, read_code
from app.research.codebook.schemas import (
    CodebookEntry,
    CodeEdit,
    Examples,
    Identifier,
    LabelLanguage,
    Line,
    NewCode,
    Prose,
)
from app.research.exchange.code_plan import PlannedCode
from app.research.exchange.code_words import identify
from app.research.exchange.codes_in import Importing, create_planned
from app.research.exchange.known_codes import StoredCode
from app.research.exchange.queries import stored_codes
from app.research.exchange.schemas import CodebookImport, CodeOutcome, ImportedCode
from app.research.exchange.tables import Row, read_rows
from app.services import Services
from app.tagging.nearest_kind import guess_kinds
from app.vocabulary import Kind

KINDS = frozenset(map(str, Kind))
_TOLD = ("state", "merged_into", "affirmed_by", "denied_by", "by_persons", "by_models")
ORIGIN = "CSV"


class CodeLine(Frozen):
    """A row: a code, and what is given of it; examples stand a line each."""

    code: Identifier
    kind: Kind | None = None
    labels: dict[LabelLanguage, Line] = Field(default_factory=dict)
    about: Prose | None = None
    examples: Examples | None = None

    @field_validator("examples", mode="before")
    @classmethod
    def _lines(cls, cell: object) -> object:
        return [line for line in cell.split("\n") if line.strip()] if isinstance(cell, str) else cell


def export_codebook_table(session: Session, study: str) -> str:
    """The codes of a study as CSV, retired ones included.

    Raises:
        NotFoundError: there is no such study.
    """
    codes = [code for code in _all_codes(session, study) if code.state != "merged"]
    languages = sorted({language for code in codes for language in code.labels})
    labels = ("label" if language == "und" else f"label_{language}" for language in languages)
    columns = ("code", "kind", *labels, "about", "examples", *_TOLD)
    rows = (
        [
            code.code,
            code.kind,
            *(code.labels.get(language) for language in languages),
            code.about,
            "\n".join(code.examples),
            *(getattr(code, name) for name in _TOLD),
        ]
        for code in codes
    )
    return write_table(columns, rows)


def import_codebook_table(services: Services, study: str, data: bytes, name: str, by: Importing) -> CodebookImport:
    """Import codes from CSV: new ones are created, and known ones changed where a cell says otherwise.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the table is wrong; each fault has its line.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    rows = read_rows(data, name, CodeLine, _TOLD)
    with services.database.sessions() as session:
        study_id = find_study(session, study)
        known = {name: code for code in stored_codes(session, study_id) for name in code.names}
        fresh = [row for row in rows if row.values.code not in known]
        _check_new(fresh)
        planned = _plan(fresh, study, by.kind, services.embedder)
        create_planned(session, study_id, planned, by.author, services.embedder)
        told = [_told(each.new.code, each.new.code, "created", each.new.kind, guessed=each.guessed) for each in planned]
        told += _change(session, study, [row for row in rows if row.values.code in known], known, by, services.embedder)
        if not by.dry_run:
            session.commit()
    return CodebookImport(study=study, origin=ORIGIN, dry_run=by.dry_run, codes=tuple(told))


def _all_codes(session: Session, study: str) -> Iterator[CodebookEntry]:
    cursor = None
    while True:
        page = list_codes(session, study, PageRequest(MOST_LIMIT, cursor), "all")
        yield from page.codes
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def _check_new(rows: Sequence[Row[CodeLine]]) -> None:
    """Refuse new codes that come twice, are called as a kind, or have no label."""
    often = Counter(row.values.code for row in rows)
    faults = []
    for row in rows:
        code = row.values.code
        if often[code] > 1:
            faults.append(Fault(row.place, f"{code} comes twice", "keep one row"))
        if code in KINDS:
            faults.append(Fault(row.place, f"{code} is a kind", "call the code otherwise"))
        if not row.values.labels:
            faults.append(Fault(row.place, f"{code} has no label", "fill in `label`, or `label_en`"))
    if faults:
        raise InvalidInputError("these codes cannot be created", tuple(faults))


def _plan(rows: Sequence[Row[CodeLine]], study: str, kind: Kind | None, embedder: Embedder) -> list[PlannedCode]:
    """New codes; whose kind nobody says, gets the nearest."""
    lines = [row.values for row in rows]
    nearest = guess_kinds([". ".join((*line.labels.values(), line.about or "")) for line in lines], embedder)
    return [
        PlannedCode(
            identify(study, line.code),
            NewCode(
                code=line.code,
                kind=line.kind or kind or guess,
                labels=line.labels,
                about=line.about or "",
                examples=line.examples or (),
            ),
            guessed=line.kind is None and kind is None,
        )
        for line, guess in zip(lines, nearest, strict=True)
    ]


def _change(
    session: Session,
    study: str,
    rows: Sequence[Row[CodeLine]],
    known: Mapping[str, StoredCode],
    by: Importing,
    embedder: Embedder,
) -> list[ImportedCode]:
    """Change codes that are in use; a name that leads to another code now says nothing of that one."""
    told, faults = [], []
    for row in rows:
        line, code = row.values, known[row.values.code]
        if code.code != line.code or code.retired:
            told.append(_told(line.code, code.code, "retired" if code.retired else "known", code.kind))
            continue
        given = {name: getattr(line, name) for name in ("kind", "labels", "about", "examples")}
        before = read_code(session, study, line.code)
        try:
            after = edit_code(session, study, line.code, CodeEdit(**given), by.author, embedder)
        except (ConflictError, InvalidInputError) as error:
            faults.append(Fault(row.place, error.message, "leave that cell empty"))
            continue
        told.append(_told(line.code, line.code, "known" if after == before else "changed", after.kind))
    if faults:
        raise InvalidInputError("these codes cannot be changed so", tuple(faults))
    return told


def _told(name: str, code: str, outcome: CodeOutcome, kind: Kind, *, guessed: bool = False) -> ImportedCode:
    return ImportedCode(name=name, code=code, outcome=outcome, kind=kind, guessed=guessed)
