"""Taggings as CSV: the columns of a study folder's `taggings.csv`, and more."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator
from sqlalchemy.orm import Session

from app.errors import Fault, InvalidInputError, suggest_name
from app.frozen import Frozen
from app.library.export import write_table
from app.library.queries import find_study
from app.research.exchange.alignment import Piece, Placed, Spoken, Talk, find_words
from app.research.exchange.codes_in import Importing
from app.research.exchange.known_codes import StoredCode
from app.research.exchange.project_reader import shown
from app.research.exchange.queries import TaggingRow, add_taggings, exported_taggings, read_talks, stored_codes
from app.research.exchange.schemas import MOST_TOLD, TaggingsImport, Unplaced
from app.research.exchange.tables import MOST_FAULTS, Row, read_rows
from app.research.exchange.visible import Visible
from app.services import Services
from app.text import Span
from app.vocabulary import Polarity, TaggingBasis

COLUMNS = ("interview", "quote", "code", "polarity", "author")
MORE = (
    "participant",
    "segment",
    "language",
    "kind",
    "basis",
    "confidence",
    "start_ms",
    "end_ms",
    "utterance",
    "span_start",
    "span_end",
)
_TOLD = ("participant", "segment", "language", "kind", "end_ms")
_SPAN = {"span_start": "start", "span_end": "end"}

_Name = Annotated[str, StringConstraints(max_length=200)]
_Offset = Annotated[int, Field(ge=0, le=10_000_000)]


class TaggingLine(Frozen):
    """A row: a code on words that are quoted, or that stand somewhere in an utterance or at a time."""

    interview: _Name | None = None
    quote: str | None = None
    code: _Name
    polarity: Polarity = Polarity.AFFIRMED
    author: Annotated[str, StringConstraints(max_length=100)] | None = None
    basis: TaggingBasis = TaggingBasis.PERSON
    confidence: float = Field(1.0, ge=0, le=1)
    start_ms: int | None = Field(None, ge=0)
    utterance: uuid.UUID | None = None
    span_start: _Offset | None = None
    span_end: _Offset | None = None

    @model_validator(mode="after")
    def _is_placed(self) -> "TaggingLine":
        in_utterance = self.utterance is not None and self.span_start is not None and self.span_end is not None
        in_interview = self.interview is not None and (self.quote is not None or self.start_ms is not None)
        if not in_utterance and not in_interview:
            raise ValueError("fill in `interview` with `quote` or `start_ms`, or `utterance` with its span")
        return self


def export_taggings_table(session: Session, study: str, *, with_models: bool = False) -> str:
    """The taggings of a study by persons, or by models too, as CSV.

    Raises:
        NotFoundError: there is no such study.
    """
    rows = exported_taggings(session, find_study(session, study), with_models=with_models)
    columns = (*COLUMNS, *MORE)
    return write_table(columns, ([row[_SPAN.get(name, name)] for name in columns] for row in rows))


def import_taggings_table(services: Services, study: str, data: bytes, name: str, by: Importing) -> TaggingsImport:
    """Import taggings from CSV; those whose words nobody says once are told, and left out.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the table is wrong, or names codes and interviews that are unknown; faults have their lines.
    """
    rows = read_rows(data, name, TaggingLine, _TOLD)
    with services.database.sessions() as session:
        study_id = find_study(session, study)
        codes = {name: code for code in stored_codes(session, study_id) for name in code.names}
        talks = {talk.interview: talk for talk in read_talks(session, study_id)}
        _check_names(rows, codes, talks)
        spoken = {each.id: each for talk in talks.values() for each in talk.utterances}
        placed = [(row, _place(row.values, codes[row.values.code], talks, spoken)) for row in rows]
        found = {
            _tagging(row.values, codes[row.values.code].code, piece, by.author)
            for row, place in placed
            for piece in place.pieces
        }
        added = add_taggings(session, study_id, list(found))
        if not by.dry_run:
            session.commit()
    unplaced = [_unplaced(row, place) for row, place in placed if not place.pieces]
    return TaggingsImport(
        study=study,
        dry_run=by.dry_run,
        added=added,
        known=len(found) - added,
        unplaced=tuple(unplaced[:MOST_TOLD]),
        more_unplaced=max(0, len(unplaced) - MOST_TOLD),
    )


def _check_names(rows: Sequence[Row[TaggingLine]], codes: Mapping[str, StoredCode], talks: Mapping[str, Talk]) -> None:
    """Refuse codes and interviews that the study does not have, all at once."""
    faults = []
    for row in rows:
        if row.values.code not in codes:
            fault = suggest_name(row.values.code, codes)
            faults.append(Fault(row.place, f"there is no code {row.values.code!r}", fault))
        if row.values.interview is not None and row.values.interview not in talks:
            problem = f"there is no published interview {row.values.interview!r}"
            faults.append(Fault(row.place, problem, suggest_name(row.values.interview, talks)))
    if faults:
        raise InvalidInputError("the table names what this study does not have", tuple(faults[:MOST_FAULTS]))


def _place(
    line: TaggingLine, code: StoredCode, talks: Mapping[str, Talk], spoken: Mapping[uuid.UUID, Spoken]
) -> Placed:
    """Where the words of a row stand: at the span that it names, if they do, else where they are said once."""
    if code.retired:
        return Placed(reason=f"{code.code} was retired")
    said = spoken.get(line.utterance) if line.utterance else None
    if said is not None and _stands(line, said):
        return Placed((Piece(said.id, Span(int(line.span_start or 0), int(line.span_end or 0))),))
    if line.interview is None:
        return Placed(reason="no participant who may be quoted has such words there")
    talk = talks[line.interview]
    if line.start_ms is not None:
        time_ms = line.start_ms
        talk = Talk(talk.interview, tuple(each for each in talk.utterances if _is_spoken_at(each, time_ms)))
    if line.quote is not None:
        return find_words(Visible(line.quote).characters, talk, ())
    pieces = tuple(Piece(each.id, Span(0, len(each.text.text))) for each in talk.utterances if each.may_be_tagged)
    return Placed(pieces[:1]) if pieces else Placed(reason="no participant speaks then")


def _stands(line: TaggingLine, said: Spoken) -> bool:
    """Whether the named span holds words that may be tagged, and those that are quoted."""
    start, end = line.span_start or 0, line.span_end or 0
    words = Visible(said.text.text[start:end]).characters
    is_span = start < end <= len(said.text.text) and bool(words)
    return said.may_be_tagged and is_span and (line.quote is None or Visible(line.quote).characters == words)


def _is_spoken_at(said: Spoken, time_ms: int) -> bool:
    return said.start_ms is not None and said.start_ms <= time_ms < (said.end_ms or time_ms + 1)


def _tagging(line: TaggingLine, code: str, piece: Piece, author: str) -> TaggingRow:
    return TaggingRow(
        piece.utterance_id,
        code,
        piece.span.start,
        piece.span.end,
        line.polarity,
        line.author or author,
        line.basis,
        line.confidence,
    )


def _unplaced(row: Row[TaggingLine], placed: Placed) -> Unplaced:
    line = row.values
    words = shown(line.quote or "")
    return Unplaced(
        place=row.place, source=shown(line.interview or ""), code=shown(line.code), words=words, reason=placed.reason
    )
