"""Taggings listed, put on words of participants by people, and taken away."""

import uuid
from dataclasses import dataclass

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.errors import Fault, InvalidInputError, NotFoundError, suggest_name
from app.library.pages import PageRequest, cut_page, decode_cursor, wrong_cursor
from app.library.queries import find_study
from app.research.codebook.places import find_place
from app.research.codebook.quoting import quote_words
from app.research.codebook.store import follow_code
from app.research.codebook.tagging_queries import TaggingFilters, known_names, taggings_after
from app.research.codebook.tagging_schemas import NewTagging, Order, TaggingEntry, TaggingPage
from app.research.codebook.tagging_store import Put, put_taggings, take_back_rejections
from app.tagging.store import read_code_names
from app.text import Span
from app.vocabulary import Kind, Polarity, TaggingBasis


@dataclass(frozen=True)
class Wanted:
    """Which taggings are wanted: values of one field widen, fields narrow."""

    codes: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    participants: tuple[str, ...] = ()
    interviews: tuple[str, ...] = ()
    bases: tuple[TaggingBasis, ...] = ()
    authors: tuple[str, ...] = ()
    polarities: tuple[Polarity, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    order: Order = "most_confident"


def list_taggings(session: Session, study: str, wanted: Wanted, page: PageRequest) -> TaggingPage:
    """One page of the taggings of published interviews; those of retired codes only where these are named.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: codes, participants or interviews are unknown, or the cursor is none.
    """
    study_id = find_study(session, study)
    after = _after(page.cursor)
    descending = wanted.order == "most_confident"
    filters = _filters(session, study_id, wanted)
    found = taggings_after(session, study_id, filters, after, page.limit + 1, descending=descending)
    rows, next_cursor = cut_page(found, page.limit, lambda row: [str(row["confidence"]), str(row["id"])])
    return TaggingPage(study=study, taggings=tuple(_entry(row, study) for row in rows), next_cursor=next_cursor)


def add_tagging(session: Session, study: str, new: NewTagging, author: str) -> TaggingEntry:
    """Put a code on words of a participant, as a person's; the same again changes its polarity.

    Raises:
        NotFoundError: there is no such study, utterance or published interview.
        ConflictError: the transcript of the utterance was replaced.
        InvalidInputError: the code is unknown or retired, or the words cannot be tagged.
    """
    study_id = find_study(session, study)
    code = follow_code(session, study_id, new.code)
    words = find_place(session, study_id, new)
    put = Put(words.utterance_id, code.id, words.span, new.polarity)
    placed = put_taggings(session, study_id, author, [put])[put]
    take_back_rejections(session, words.utterance_id, code.id, author)
    return read_tagging(session, study, placed.id)


def read_tagging(session: Session, study: str, tagging_id: uuid.UUID) -> TaggingEntry:
    """One tagging of a published interview.

    Raises:
        NotFoundError: there is none such in this study.
    """
    filters = TaggingFilters(ids=(tagging_id,))
    rows = taggings_after(session, find_study(session, study), filters, None, 1, descending=True)
    if not rows:
        raise NotFoundError("there is no such tagging in this study")
    return _entry(rows[0], study)


def _filters(session: Session, study_id: uuid.UUID, wanted: Wanted) -> TaggingFilters:
    """The filters in terms of the database; names of codes lead to what these are called now."""
    names = read_code_names(session, study_id)
    known = known_names(session, study_id)
    choices = {"codes": names, "participants": known.participants, "interviews": known.interviews}
    faults = tuple(
        Fault(f"query.{field.removesuffix('s')}", f"{value!r} is unknown", suggest_name(value, choices[field]))
        for field in choices
        for value in getattr(wanted, field)
        if value not in choices[field]
    )
    if faults:
        raise InvalidInputError("the filters name things that this study does not have", faults)
    return TaggingFilters(
        codes=tuple({names[name].id for name in wanted.codes}) if wanted.codes else None,
        kinds=wanted.kinds,
        participants=wanted.participants,
        interviews=wanted.interviews,
        bases=wanted.bases,
        authors=wanted.authors,
        polarities=wanted.polarities,
        at_least=wanted.at_least,
        at_most=wanted.at_most,
    )


def _after(cursor: str | None) -> tuple[float, uuid.UUID] | None:
    if cursor is None:
        return None
    confidence, identifier = decode_cursor(cursor, ("", ""))
    try:
        return float(confidence), uuid.UUID(identifier)
    except ValueError as error:
        raise wrong_cursor() from error


def _entry(row: RowMapping, study: str) -> TaggingEntry:
    own = ("id", "code", "kind", "polarity", "basis", "author", "confidence", "created_at")
    words = quote_words(row, Span(row["start"], row["end"]), study)
    return TaggingEntry(**{name: row[name] for name in own}, **words)
