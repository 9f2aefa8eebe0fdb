"""The external documents of a study folder: each is stored or fails by itself, and what is unchanged is not read."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.documents.refusal import DocumentError
from app.errors import UnavailableError
from app.evidence.sources.arrivals import Arrival
from app.evidence.sources.facts import SourceFacts, competitor_of
from app.evidence.sources.intake import add_version
from app.evidence.sources.store import add_source, find_by_name, find_by_url, find_unread, hold_study
from app.models import Source
from app.services import Services
from ingest.study import Source as Entry
from ingest.study import Study

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class SourceReport:
    """What became of a document; `source` is its code in the study."""

    source: str
    file: str
    status: Literal["added", "changed", "unchanged", "failed"]
    problem: str | None = None
    warnings: tuple[str, ...] = ()


def store_sources(
    study: Study, study_id: uuid.UUID, services: Services, progress: Progress
) -> tuple[SourceReport, ...]:
    """Store the external documents of a study folder; those of one address are versions of one source."""
    reports = []
    for done, entry in enumerate(_in_order(study.sources)):
        progress(entry.file.name, done, len(study.sources))
        reports.append(_store(entry, study_id, services))
    return tuple(reports)


def _in_order(entries: Sequence[Entry]) -> list[Entry]:
    """The documents in the order of the folder, versions of one source together, by date; what has none is of now."""
    named = [entry.url or entry.file.name for entry in entries]
    return sorted(entries, key=lambda entry: (named.index(entry.url or entry.file.name), entry.date or dt.date.max))


def _store(entry: Entry, study_id: uuid.UUID, services: Services) -> SourceReport:
    facts = SourceFacts(entry.kind, entry.title, entry.competitor, entry.url)
    with services.database.sessions.begin() as session:
        study = hold_study(session, study_id)
        source = _find(session, study_id, entry) or add_source(session, study, facts, entry.title)
        source.kind, source.title, source.url = facts.kind, entry.title, entry.url or source.url
        source.competitor = competitor_of(study, facts)
        code = source.code
    arrival = Arrival(entry.file.name, entry.file.path.read_bytes(), entry.date)
    try:
        taken = add_version(services, study_id, code, arrival)
    except (DocumentError, UnavailableError) as error:
        return SourceReport(code, entry.file.name, "failed", error.message)
    return SourceReport(code, entry.file.name, taken.outcome, warnings=taken.warnings)


def _find(session: Session, study_id: uuid.UUID, entry: Entry) -> Source | None:
    by_url = find_by_url(session, study_id, entry.url) if entry.url else None
    by_name = by_url or find_by_name(session, study_id, entry.file.name)
    return by_name or find_unread(session, study_id, entry.title)
