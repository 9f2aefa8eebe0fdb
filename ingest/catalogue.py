"""The catalogue of a study: what its manifest says, in the database; ingest adds and updates, never deletes."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.evidence.valuation import save_scheme, value_customers
from app.index import writing_model_id
from app.models import (
    Base,
    Code,
    Customer,
    Interview,
    InterviewParticipant,
    Participant,
    Recording,
    Segment,
    Study,
    TeamMember,
)
from app.pseudonyms.registered import private_of
from app.pseudonyms.store import seal_identity
from app.tagging.codes import embed_codes, general_codes
from app.vault import Vault
from ingest import study as folder

_ROWS_AT_ONCE = 1000


def save_study(session: Session, study: folder.Study, embedder: Embedder, vault: Vault) -> uuid.UUID:
    """Bring everything of a study but its transcripts and taggings up to date."""
    values = {
        "slug": study.slug,
        "title": study.title,
        "languages": list(study.languages),
        "product": study.product,
        "competitors": list(study.competitors),
        "pseudonyms": study.privacy.pseudonyms,
    }
    study_id: uuid.UUID = _save(session, Study, [values], ("slug",))[study.slug,]
    team = [{"code": m.id, "name": m.name, "role": m.role, "contact": m.contact} for m in study.team]
    _save(session, TeamMember, _of(study_id, team), ("study_id", "code"))
    segments = _save(session, Segment, _of(study_id, map(_segment, study.segments)), ("study_id", "slug"))
    customers = _save_customers(session, study_id, study)
    people = [
        {
            "code": person.id,
            "customer_code": person.customer_id,
            "language": person.language,
            "attributes": {name: value for name, value in person.attributes.items() if name not in private},
            "identity": seal_identity(vault, study.slug, person.id, private),
            "segment_id": segments.get((study_id, person.segment)),
            "customer_id": customers.get((study_id, person.customer_id)),
        }
        for person in study.participants
        for private in [private_of(person.attributes)]
    ]
    participants = _save(session, Participant, _of(study_id, people), ("study_id", "code"))
    interviews = _save_interviews(session, study_id, study.interviews)
    for entry in study.interviews:
        interview_id = interviews[study_id, entry.id]
        interviewed = [
            {"interview_id": interview_id, "participant_id": participants[study_id, code]}
            for code in entry.participants
        ]
        session.execute(upsert(InterviewParticipant).on_conflict_do_nothing(), interviewed)
        _save_recordings(session, study_id, interview_id, entry)
    _save_codebook(session, study_id, study.codebook, embedder)
    return study_id


def _save_interviews(
    session: Session, study_id: uuid.UUID, entries: Sequence[folder.Interview]
) -> dict[tuple[Any, ...], uuid.UUID]:
    """Bring the interviews up to date; consent entered here holds until the folder says something new."""
    known = select(Interview.code, Interview.consent, Interview.consent_told).where(Interview.study_id == study_id)
    before = {row.code: row for row in session.execute(known)}
    rows = []
    for entry in entries:
        told = entry.consent.model_dump(mode="json")
        row = before.get(entry.id)
        holds = row.consent if row is not None and row.consent_told == told else told
        rows.append({**_interview(entry), "consent": holds, "consent_told": told})
    return _save(session, Interview, _of(study_id, rows), ("study_id", "code"))


def find_interview(session: Session, study: str, code: str) -> Interview:
    """The interview of a study by its code; it must exist."""
    statement = select(Interview).join(Study, Study.id == Interview.study_id)
    return session.scalars(statement.where(Study.slug == study, Interview.code == code)).one()


def _save(
    session: Session, table: type[Base], rows: Iterable[Mapping[str, Any]], key: tuple[str, ...]
) -> dict[tuple[Any, ...], uuid.UUID]:
    """Insert or update rows by their natural key; gives the id of each."""
    rows, ids = list(rows), {}
    columns = [table.__table__.c[name] for name in key]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        statement = upsert(table).values(rows[start : start + _ROWS_AT_ONCE])
        changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
        saved = statement.on_conflict_do_update(index_elements=list(key), set_=changed).returning(
            *columns, table.__table__.c.id
        )
        ids.update({tuple(row[:-1]): row[-1] for row in session.execute(saved)})
    return ids


def _of(study_id: uuid.UUID, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"study_id": study_id, **row} for row in rows]


def _segment(segment: folder.Segment) -> dict[str, Any]:
    return {
        "slug": segment.id,
        "labels": dict(segment.labels),
        "aliases": [alias for aliases in segment.aliases.values() for alias in aliases],
        "description": segment.description,
        "criteria": [criterion.model_dump(mode="json") for criterion in segment.criteria],
    }


def _save_customers(session: Session, study_id: uuid.UUID, study: folder.Study) -> dict[tuple[Any, ...], uuid.UUID]:
    """Bring the customers up to date, then the band and the class of all; gives the ids, also of those known before."""
    rows = [
        {
            "code": customer.customer_id,
            "first_purchase": customer.first_purchase,
            "purchases": customer.purchases,
            "revenue_eur": customer.revenue_eur,
            "ltv_eur": customer.ltv_eur,
            "attributes": customer.attributes,
        }
        for customer in study.customers
    ]
    _save(session, Customer, _of(study_id, rows), ("study_id", "code"))
    if study.value_scheme is not None:
        save_scheme(session, study_id, study.value_scheme)
    else:
        value_customers(session, study_id)
    known = select(Customer.code, Customer.id).where(Customer.study_id == study_id)
    named = {person.customer_id for person in study.participants}
    return {(study_id, code): id_ for code, id_ in session.execute(known.where(Customer.code.in_(named)))}


def _interview(entry: folder.Interview) -> dict[str, Any]:
    return {
        "code": entry.id,
        "date": entry.date,
        "mode": entry.mode,
        "interviewer": entry.interviewer,
        "interviewer_language": entry.interviewer_language,
        "speakers": {str(label): voice.participant or str(voice.role) for label, voice in _voices(entry)},
    }


def _voices(entry: folder.Interview) -> Iterator[tuple[str, folder.Speaker]]:
    """Who speaks under each label: of a transcript, of a side of a stereo recording."""
    yield from entry.speakers.items()
    yield from ((str(side), voice) for side, voice in entry.channels.items())


def _save_recordings(session: Session, study_id: uuid.UUID, interview_id: uuid.UUID, entry: folder.Interview) -> None:
    """Add the recordings of an interview; one whose bytes changed takes the place of its former bytes."""
    for recording in entry.recordings:
        with recording.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        label = recording.path.stem if len(entry.recordings) > 1 else None
        values = {"name": recording.name, "size_bytes": recording.path.stat().st_size, "label": label}
        same = exists().where(Recording.interview_id == interview_id, Recording.sha256 == sha256)
        if not session.scalar(select(same)):
            changed = update(Recording).where(Recording.interview_id == interview_id, Recording.name == recording.name)
            session.execute(changed.values(sha256=sha256, **values))
        session.execute(
            upsert(Recording)
            .values(study_id=study_id, interview_id=interview_id, sha256=sha256, **values)
            .on_conflict_do_nothing()
        )


def _save_codebook(session: Session, study_id: uuid.UUID, codebook: Sequence[folder.Code], embedder: Embedder) -> None:
    """Bring a study's own codes up to date, but for those that persons edited since.

    One that is called as a kind takes the place of the general code.
    """
    model_id = writing_model_id(session, embedder.identity)
    edited = _edited_names(session, study_id)
    own = [
        {
            "code": code.code,
            "kind": code.kind,
            "labels": dict(code.labels),
            "about": code.about or "",
            "examples": list(_examples(code)),
        }
        for code in codebook
        if code.code not in edited
    ]
    _save(session, Code, _of(study_id, embed_codes(own, model_id, embedder)), ("study_id", "code"))
    general = _of(study_id, embed_codes(general_codes(), model_id, embedder))
    session.execute(upsert(Code).on_conflict_do_nothing(index_elements=["study_id", "code"]), general)


def _edited_names(session: Session, study_id: uuid.UUID) -> set[str]:
    """What the codes that persons edited, merged or retired are called, and were called before."""
    edited = select(Code.code, Code.former_names).where(Code.study_id == study_id, Code.edited_at.is_not(None))
    return {name for code, former_names in session.execute(edited) for name in (code, *former_names)}


def _examples(code: folder.Code) -> tuple[str, ...]:
    return tuple(example for examples in code.examples.values() for example in examples)
