"""External sources, managed: taken in from files or the web, refreshed, removed."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.documents.pages import Web
from app.documents.refusal import DocumentError
from app.errors import Fault, InvalidInputError
from app.evidence.sources.arrivals import Arrival
from app.evidence.sources.facts import SourceFacts
from app.evidence.sources.intake import Taken, add_document, add_version, fetched, read_or_note
from app.evidence.sources.store import find_source
from app.library.queries import find_study
from app.models import Source
from app.research.sources.form import SourceForm
from app.research.sources.read import read_entry
from app.research.sources.schemas import TakenSource
from app.services import Services


def take_file(services: Services, form: SourceForm, name: str, data: bytes) -> TakenSource:
    """Take a file in: as a new source, or as the next version of the one that is named or has its address.

    Raises:
        NotFoundError: there is no such study or source.
        InvalidInputError: the study has no such competitor, or the file cannot be read.
        UnavailableError: too many documents are being read.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    return _take(services, form, Arrival(name, data, form.date), "file")


def take_page(services: Services, form: SourceForm, web: Web) -> TakenSource:
    """Fetch the page at the address of a form, and take it in; raises what `take_file` raises."""
    with services.database.sessions.begin() as session:
        find_study(session, form.study)
    if form.url is None:
        raise InvalidInputError("no document came", (Fault("url", "is missing", "send a file, or give an address"),))
    with _placed("url"):
        arrival = fetched(web, form.url)
    return _take(services, form, arrival, "url")


def refresh(services: Services, study: str, code: str, web: Web) -> TakenSource:
    """Fetch a source again; where its words are others than before, that is its next version.

    Raises:
        NotFoundError: there is no such study or source.
        InvalidInputError: it has no address, or cannot be fetched or read; the source keeps this as its problem.
        UnavailableError: too many documents are being read.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    with services.database.sessions.begin() as session:
        study_id = find_study(session, study)
        url = find_source(session, study_id, code).url
    if url is None:
        fault = Fault("path.code", "this source has no address", "add its new file as the next version of it")
        raise InvalidInputError("the source cannot be fetched", (fault,))
    with _placed("path.code"):
        arrival = read_or_note(services, study_id, code, lambda: fetched(web, url))
        taken = add_version(services, study_id, code, arrival)
    return _told(services, study, taken)


def remove(session: Session, study: str, code: str) -> None:
    """Remove a source with all that it ever said.

    Raises:
        NotFoundError: there is no such study or source.
    """
    source = find_source(session, find_study(session, study), code)
    session.execute(delete(Source).where(Source.id == source.id))


def _take(services: Services, form: SourceForm, arrival: Arrival, place: str) -> TakenSource:
    with services.database.sessions.begin() as session:
        study_id = find_study(session, form.study)
    with _placed(place):
        taken = _taken(services, study_id, form, arrival)
    return _told(services, form.study, taken)


@contextmanager
def _placed(place: str) -> Iterator[None]:
    """Let faults of a document point to where it came from."""
    try:
        yield
    except DocumentError as error:
        faults = tuple(Fault(place, fault.problem, fault.remedy) for fault in error.faults)
        raise InvalidInputError("the document cannot be used", faults) from error


def _taken(services: Services, study_id: uuid.UUID, form: SourceForm, arrival: Arrival) -> Taken:
    if form.source is not None:
        return add_version(services, study_id, form.source, arrival)
    facts = SourceFacts(form.kind, form.title, form.competitor, form.url)
    return add_document(services, study_id, facts, arrival)


def _told(services: Services, study: str, taken: Taken) -> TakenSource:
    with services.database.sessions.begin() as session:
        entry = read_entry(session, study, taken.source)
    return TakenSource(outcome=taken.outcome, source=entry, warnings=taken.warnings)
