"""The way of a document into a study: known bytes are not read again, and reading holds no transaction."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeVar

from sqlalchemy.orm import Session

from app.documents.extraction import extract
from app.documents.pages import Web
from app.documents.refusal import DocumentError
from app.evidence.sources.arrivals import Arrival, NewVersion, make_version
from app.evidence.sources.facts import SourceFacts, StudyFacts, competitor_of
from app.evidence.sources.store import (
    add_source,
    current_version,
    find_by_bytes,
    find_by_url,
    find_source,
    hold_study,
    known_version,
    see_again,
    store_version,
)
from app.models import Source
from app.services import Services

Read = TypeVar("Read")


@dataclass(frozen=True)
class Taken:
    """What became of a document: a new source, a new version of one, or nothing, where its bytes or words are known."""

    source: str
    version: int
    outcome: Literal["added", "changed", "unchanged"]
    warnings: tuple[str, ...] = ()


def fetched(web: Web, url: str) -> Arrival:
    """Fetch a page as it is today; raises what `Web.fetch` raises."""
    page = web.fetch(url)
    return Arrival(page.name, page.data, datetime.now(UTC).date(), is_fetched=True)


def add_document(services: Services, study_id: uuid.UUID, facts: SourceFacts, arrival: Arrival) -> Taken:
    """Add a document to a study: as a new source, or to the source that has its address or its bytes.

    Raises:
        DocumentError: it cannot be read; nothing is stored.
        InvalidInputError: the study has no such competitor.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    with services.database.sessions.begin() as session:
        study = hold_study(session, study_id)
        competitor_of(study, facts)
        known = _alike(session, study, facts, arrival)
    if known is not None:
        return add_version(services, study_id, known, arrival)
    document = extract(arrival.data, arrival.name)
    title = facts.title or document.title or arrival.name
    new = make_version(arrival, document, title, study.languages, services.embedder)
    with services.database.sessions.begin() as session:
        study = hold_study(session, study_id)
        known = _alike(session, study, facts, arrival)
        if known is None:
            source = add_source(session, study, facts, title)
            version = store_version(session, source, new)
            return Taken(source.code, version.version, "added", document.warnings)
    return add_version(services, study_id, known, arrival)


def add_version(services: Services, study_id: uuid.UUID, code: str, arrival: Arrival) -> Taken:
    """Add what a source says now, unless it said just this before.

    Raises:
        NotFoundError: the study has no such source.
        DocumentError: it cannot be read; the source keeps this as its problem.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    with services.database.sessions.begin() as session:
        study, source = hold_study(session, study_id), find_source(session, study_id, code)
        title = source.title
        seen = _seen(session, source, arrival)
    if seen is not None:
        return seen
    document = read_or_note(services, study_id, code, lambda: extract(arrival.data, arrival.name))
    new = make_version(arrival, document, title, study.languages, services.embedder)
    with services.database.sessions.begin() as session:
        source = find_source(session, study_id, code)
        return _seen(session, source, arrival) or _stored(session, source, new)


def read_or_note(services: Services, study_id: uuid.UUID, code: str, read: Callable[[], Read]) -> Read:
    """Do what may find a document unreadable; that is kept as the problem of its source."""
    try:
        return read()
    except DocumentError as error:
        with services.database.sessions.begin() as session:
            find_source(session, study_id, code).problem = error.message
        raise


def _alike(session: Session, study: StudyFacts, facts: SourceFacts, arrival: Arrival) -> str | None:
    """The source that has this address, else the one that has these bytes."""
    by_url = find_by_url(session, study.id, facts.url) if facts.url else None
    source = by_url or find_by_bytes(session, study.id, arrival.sha256)
    return source.code if source else None


def _seen(session: Session, source: Source, arrival: Arrival) -> Taken | None:
    """Note that the bytes that came are known; nothing where they are not."""
    known = known_version(session, source, arrival.sha256)
    if known is None:
        return None
    see_again(session, source, known, arrival.date)
    return Taken(source.code, known.version, "unchanged")


def _stored(session: Session, source: Source, new: NewVersion) -> Taken:
    """Store a version; of a page that was fetched, only where its words are others than before."""
    current = current_version(session, source)
    if new.arrival.is_fetched and current is not None and current.text == new.document.text:
        see_again(session, source, current, new.arrival.date)
        return Taken(source.code, current.version, "unchanged")
    version = store_version(session, source, new)
    return Taken(source.code, version.version, "added" if current is None else "changed", new.document.warnings)
