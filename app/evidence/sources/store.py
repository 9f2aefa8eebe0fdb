"""The external documents of a study, in the database: sources, their versions, and the chunks that questions see."""

import re
import uuid
from collections.abc import Iterator
from datetime import date

from pgvector import HalfVector
from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.evidence.sources.arrivals import NewVersion
from app.evidence.sources.facts import SourceFacts, StudyFacts, competitor_of
from app.index import writing_model_id
from app.models import Source, SourceChunk, SourceVersion, Study

_NUMBERED = re.compile(r"S(\d{1,6})", re.ASCII)


def hold_study(session: Session, study_id: uuid.UUID) -> StudyFacts:
    """Read a study, and let nobody else add sources to it until the transaction ends."""
    study = session.scalars(select(Study).where(Study.id == study_id).with_for_update(key_share=True)).one()
    return StudyFacts(study.id, tuple(study.languages), tuple(study.competitors))


def find_source(session: Session, study_id: uuid.UUID, code: str) -> Source:
    """A source of a study by its code, which nobody else changes until the transaction ends.

    Raises:
        NotFoundError: the study has no such source.
    """
    statement = select(Source).where(Source.study_id == study_id, Source.code == code).with_for_update()
    source = session.scalar(statement)
    if source is None:
        raise NotFoundError("there is no such source in this study")
    return source


def find_by_url(session: Session, study_id: uuid.UUID, url: str) -> Source | None:
    """The source of a study that has this address."""
    found = select(Source).where(Source.study_id == study_id, Source.url == url)
    return session.scalar(found.order_by(Source.code).limit(1))


def find_by_name(session: Session, study_id: uuid.UUID, name: str) -> Source | None:
    """The source of a study of which a version was a file of this name."""
    return _with_version(session, study_id, SourceVersion.name == name)


def find_by_bytes(session: Session, study_id: uuid.UUID, sha256: str) -> Source | None:
    """The source of a study of which a version has these bytes."""
    return _with_version(session, study_id, SourceVersion.sha256 == sha256)


def find_unread(session: Session, study_id: uuid.UUID, title: str) -> Source | None:
    """The source of a study of this title that could not be read yet."""
    unread = ~select(SourceVersion.id).where(SourceVersion.source_id == Source.id).exists()
    found = select(Source).where(Source.study_id == study_id, Source.title == title, unread)
    return session.scalar(found.order_by(Source.code).limit(1))


def add_source(session: Session, study: StudyFacts, facts: SourceFacts, title: str) -> Source:
    """Add a source under the next free code of its study; `title` is for one that is given none."""
    codes = session.scalars(select(Source.code).where(Source.study_id == study.id))
    numbers = [int(match[1]) for code in codes if (match := _NUMBERED.fullmatch(code))]
    source = Source(
        study_id=study.id,
        code=f"S{max(numbers, default=0) + 1:02d}",
        kind=facts.kind,
        competitor=competitor_of(study, facts),
        title=facts.title or title,
        url=facts.url,
    )
    session.add(source)
    session.flush()
    return source


def known_version(session: Session, source: Source, sha256: str) -> SourceVersion | None:
    """The version of a source that has just these bytes."""
    same = select(SourceVersion).where(SourceVersion.source_id == source.id, SourceVersion.sha256 == sha256)
    return session.scalar(same)


def current_version(session: Session, source: Source) -> SourceVersion | None:
    """The version of a source that questions see."""
    return session.get(SourceVersion, source.version_id) if source.version_id else None


def see_again(session: Session, source: Source, version: SourceVersion, dated: date | None) -> None:
    """Note that a known version was seen again; questions see it where its date is not before that of the current."""
    version.seen_at = func.now()
    current = current_version(session, source)
    if current is None or (dated is not None and (current.date is None or dated >= current.date)):
        source.version_id = version.id
    source.problem = None


def store_version(session: Session, source: Source, new: NewVersion) -> SourceVersion:
    """Store a version with its chunks; questions see it from then on, unless one of a later date is there.

    Raises:
        MixedIndexError: the stored vectors were made by another embedder.
    """
    model_id = writing_model_id(session, new.embedder)
    current = current_version(session, source)
    version = _version(session, source, new)
    session.add(version)
    session.flush()
    session.execute(insert(SourceChunk), list(_chunk_rows(version, new, model_id)))
    dated = new.arrival.date
    if current is None or dated is None or current.date is None or dated >= current.date:
        source.version_id = version.id
    source.problem = None
    return version


def _with_version(session: Session, study_id: uuid.UUID, condition: ColumnElement[bool]) -> Source | None:
    of_version = select(SourceVersion.source_id).where(SourceVersion.study_id == study_id, condition)
    found = select(Source).where(Source.study_id == study_id, Source.id.in_(of_version))
    return session.scalar(found.order_by(Source.code).limit(1))


def _version(session: Session, source: Source, new: NewVersion) -> SourceVersion:
    newest = session.scalar(select(func.max(SourceVersion.version)).where(SourceVersion.source_id == source.id))
    return SourceVersion(
        study_id=source.study_id,
        source_id=source.id,
        version=(newest or 0) + 1,
        name=new.arrival.name,
        media_type=new.document.media_type,
        size_bytes=len(new.arrival.data),
        sha256=new.arrival.sha256,
        content=new.arrival.data,
        text=new.document.text,
        language=new.language,
        extractor=new.document.extractor,
        date=new.arrival.date,
    )


def _chunk_rows(version: SourceVersion, new: NewVersion, model_id: uuid.UUID) -> Iterator[dict[str, object]]:
    for index, (made, vector) in enumerate(zip(new.chunks, new.vectors, strict=True)):
        yield {
            "study_id": version.study_id,
            "version_id": version.id,
            "index": index,
            "start": made.chunk.span.start,
            "end": made.chunk.span.end,
            "heading": made.chunk.heading,
            "language": made.language,
            "text": made.text,
            "model_id": model_id,
            "embedding": HalfVector(vector),
        }
