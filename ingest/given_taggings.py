"""The researcher's own taggings, as a file of the study folder has them, on the words of published utterances."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.errors import Fault
from app.models import Code, Study, Tagging, TaggingReview, Utterance
from app.pseudonyms.replace import Mark, Replaced
from app.pseudonyms.store import marks_of
from app.tagging.store import read_code_names
from app.text import find_quote
from app.vault import Vault
from app.vocabulary import Role
from ingest import study as folder
from ingest.catalogue import find_interview


def save_taggings(session: Session, study: folder.Study, vault: Vault) -> tuple[Fault, ...]:
    """Put the researcher's taggings on the published utterances; say which point at nothing a participant said."""
    by_interview: dict[str, list[folder.Tagging]] = {}
    for tagging in study.taggings:
        by_interview.setdefault(tagging.interview, []).append(tagging)
    study_id = session.scalars(select(Study.id).where(Study.slug == study.slug)).one()
    codes = {name: code.id for name, code in read_code_names(session, study_id).items()}
    removed = _removed_taggings(session, study_id, codes)
    faults: list[Fault] = []
    for code, taggings in by_interview.items():
        interview = find_interview(session, study.slug, code)
        if interview.transcript_id is None:
            continue
        utterances = session.scalars(
            select(Utterance)
            .where(Utterance.transcript_id == interview.transcript_id, Utterance.role == Role.PARTICIPANT)
            .order_by(Utterance.index)
        ).all()
        marks = marks_of(session, vault, [utterance.id for utterance in utterances])
        for tagging in taggings:
            place = _locate(tagging, utterances, marks)
            if place is None:
                faults.append(_unlocated(tagging))
                continue
            utterance, start, end = place
            if (utterance.id, codes[tagging.code], start, end, tagging.author) in removed:
                continue
            place_of = {"utterance_id": utterance.id, "code_id": codes[tagging.code], "start": start, "end": end}
            said = {"polarity": tagging.polarity, "basis": "person", "confidence": 1.0}
            session.execute(
                upsert(Tagging)
                .values(study_id=study_id, author=tagging.author, **place_of, **said)
                .on_conflict_do_update(index_elements=[*place_of, "author"], set_=said)
            )
    return tuple(faults)


def _removed_taggings(
    session: Session, study_id: uuid.UUID, codes: Mapping[str, uuid.UUID]
) -> set[tuple[uuid.UUID, uuid.UUID, int, int, str]]:
    """Taggings by persons that somebody took or moved away, which no file brings back.

    Returns:
        the utterance, code, span and author of each.
    """
    taken = (
        select(TaggingReview, Code.code)
        .join(Code, Code.id == TaggingReview.code_id)
        .where(
            TaggingReview.study_id == study_id,
            TaggingReview.basis == "person",
            TaggingReview.verdict != "accepted",
            TaggingReview.undone_at.is_(None),
        )
    )
    return {
        (review.utterance_id, codes[code], review.start, review.end, review.tagger)
        for review, code in session.execute(taken)
    }


def _locate(
    tagging: folder.Tagging, utterances: Sequence[Utterance], marks: Mapping[uuid.UUID, tuple[Mark, ...]]
) -> tuple[Utterance, int, int] | None:
    for utterance in utterances:
        if tagging.start_ms is not None and not _spoken_at(utterance, tagging.start_ms):
            continue
        if tagging.quote is None:
            return utterance, 0, len(utterance.text)
        span = find_quote(tagging.quote, utterance.text)
        if span is not None:
            return utterance, span.start, span.end
        said = Replaced(utterance.text, marks.get(utterance.id, ()))
        span = find_quote(tagging.quote, said.original) if said.marks else None
        if span is not None:
            return utterance, *said.moved(span.start, span.end)
    return None


def _spoken_at(utterance: Utterance, time_ms: int) -> bool:
    return utterance.start_ms is not None and utterance.start_ms <= time_ms < (utterance.end_ms or time_ms + 1)


def _unlocated(tagging: folder.Tagging) -> Fault:
    remedy = "copy the words exactly from the transcript; a quote lies in one utterance of the participant"
    return Fault(tagging.place, f"no participant of {tagging.interview} says that", remedy)
