"""Insights, managed: written and edited by persons, and linked with words of participants."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from pgvector import HalfVector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from app.evidence.insights.given import GivenEvidence, NewInsight
from app.evidence.insights.links import Link, Relinked
from app.evidence.insights.places import NOBODY, NoPlace, Place, Said, locate, read_said
from app.evidence.insights.store import (
    BY_PERSON,
    free_code,
    hold_insight,
    links_of,
    put_insight,
    save_links,
)
from app.index import writing_model_id
from app.library.queries import find_study
from app.models import Insight, Segment, Study
from app.research.insights.forms import EvidenceForm, InsightForm, InsightPatch
from app.research.insights.read import read_insight
from app.research.insights.schemas import InsightDetail
from app.services import Services
from app.text import Span, normalise
from app.vocabulary import Stance


def create_insight(services: Services, form: InsightForm, author: str) -> InsightDetail:
    """Write an insight; `author` is who wrote it, where the form does not say.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the study has no such segment, or evidence is said by no participant of it.
        ConflictError: the code is taken.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    statement = normalise(form.statement)
    vector = services.embedder.embed_passages([statement])[0]
    with services.database.sessions.begin() as session:
        study_id = _hold_study(session, form.study)
        _check_segments(session, study_id, form.segments)
        places = _places(session, study_id, form.evidence)
        code = form.code or free_code(session, study_id)
        if hold_insight(session, study_id, code) is not None:
            raise ConflictError(f"there is an insight {code} already; change that one, or leave the code out")
        model_id = writing_model_id(session, services.embedder.identity)
        new = NewInsight(code, form.author or author, statement, form.date, form.segments, form.theme)
        insight, _ = put_insight(session, study_id, model_id, BY_PERSON, new, vector)
        insight.status = form.status
        added = tuple(dict(places).items())
        save_links(session, insight, Relinked(added, (), len(added)), len(added))
        return read_insight(session, form.study, code)


def edit_insight(services: Services, study: str, code: str, patch: InsightPatch) -> InsightDetail:
    """Change an insight; one whose words or segments a person changed is changed by no file any more.

    Raises:
        NotFoundError: there is no such study or insight.
        InvalidInputError: the study has no such segment.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    changes = patch.changes()
    vector = services.embedder.embed_passages([normalise(patch.statement)])[0] if patch.statement else None
    with services.database.sessions.begin() as session:
        study_id = find_study(session, study)
        model_id = writing_model_id(session, services.embedder.identity)
        insight = _held(session, study_id, code)
        _check_segments(session, study_id, patch.segments or ())
        for name, value in changes.items():
            setattr(insight, name, list(value) if isinstance(value, tuple) else value)
        if vector is not None:
            insight.statement = normalise(insight.statement)
            insight.model_id, insight.embedding = model_id, HalfVector(vector)
        if changes.keys() - {"status"}:
            insight.origin = BY_PERSON
        insight.updated_at = func.now()
        session.flush()
        session.refresh(insight)
        return read_insight(session, study, code)


def link_evidence(session: Session, study: str, code: str, evidence: EvidenceForm) -> InsightDetail:
    """Let an insight rest on words of a participant, or count those that it rests on as against it.

    Raises:
        NotFoundError: there is no such study or insight.
        InvalidInputError: no participant of the study says that, or several do.
    """
    study_id = _hold_study(session, study)
    insight = _held(session, study_id, code)
    ((place, stance),) = _places(session, study_id, [evidence])
    known = any(_is_at(link, place) for link in links_of(session, study_id, [insight.id])[insight.id])
    given, linked = insight.evidence_given + (not known), insight.evidence_linked + (not known)
    return _relinked(session, study, insight, Relinked(((place, stance),), (), linked), given)


def unlink_evidence(session: Session, study: str, code: str, place: Place) -> InsightDetail:
    """Let an insight rest no more on some words.

    Raises:
        NotFoundError: there is no such study or insight, or it does not rest on them.
    """
    study_id = find_study(session, study)
    insight = _held(session, study_id, code)
    removed = tuple(link for link in links_of(session, study_id, [insight.id])[insight.id] if _is_at(link, place))
    if not removed:
        raise NotFoundError("this insight does not rest on these words")
    given, linked = insight.evidence_given - 1, insight.evidence_linked - 1
    return _relinked(session, study, insight, Relinked((), removed, max(0, linked)), max(0, given))


def forget_lost(session: Session, study: str, code: str) -> InsightDetail:
    """Let an insight rest on what stands alone: what was superseded, withdrawn, erased or never found is forgotten.

    Raises:
        NotFoundError: there is no such study or insight.
    """
    study_id = find_study(session, study)
    insight = _held(session, study_id, code)
    links = links_of(session, study_id, [insight.id])[insight.id]
    removed = tuple(link for link in links if not link.stands)
    standing = len(links) - len(removed)
    return _relinked(session, study, insight, Relinked((), removed, standing), standing)


def _hold_study(session: Session, study: str) -> uuid.UUID:
    """Find a study, and let nobody else give out codes of insights in it until the transaction ends."""
    study_id = find_study(session, study)
    session.execute(select(Study.id).where(Study.id == study_id).with_for_update(key_share=True))
    return study_id


def _held(session: Session, study_id: uuid.UUID, code: str) -> Insight:
    insight = hold_insight(session, study_id, code)
    if insight is None:
        raise NotFoundError("there is no such insight in this study")
    return insight


def _relinked(session: Session, study: str, insight: Insight, relinked: Relinked, given: int) -> InsightDetail:
    save_links(session, insight, relinked, given)
    insight.origin = BY_PERSON
    session.flush()
    session.refresh(insight)
    return read_insight(session, study, insight.code)


def _is_at(link: Link, place: Place) -> bool:
    return (link.utterance_id, link.span) == (place.utterance_id, place.span)


def _check_segments(session: Session, study_id: uuid.UUID, segments: Sequence[str]) -> None:
    known = set(session.scalars(select(Segment.slug).where(Segment.study_id == study_id)))
    remedy = f"one of {', '.join(sorted(known))}" if known else "leave it out: the study has no segments"
    faults = [Fault("segments", f"{segment!r} is unknown", remedy) for segment in segments if segment not in known]
    if faults:
        raise InvalidInputError("the insight does not fit the study", tuple(faults))


def _places(session: Session, study_id: uuid.UUID, evidence: Sequence[EvidenceForm]) -> list[tuple[Place, Stance]]:
    """Where the evidence stands; what stands nowhere is refused, all at once."""
    said = read_said(session, study_id) if evidence else Said({}, {})
    found = [_place(form, said) for form in evidence]
    faults = tuple(
        Fault(f"evidence.{number}", place.problem, place.remedy)
        for number, place in enumerate(found)
        if isinstance(place, NoPlace)
    )
    if faults:
        raise InvalidInputError("the insight cannot rest on this", faults)
    return [(place, form.stance) for place, form in zip(found, evidence, strict=True) if isinstance(place, Place)]


def _place(form: EvidenceForm, said: Said) -> Place | NoPlace:
    if form.quote is not None:
        return locate([GivenEvidence(form.quote)], said)[0]
    place = locate([GivenEvidence(f"u-{form.utterance}")], said)[0]
    if isinstance(place, NoPlace) or form.start is None or form.end is None:
        return place
    span = Span(form.start, form.end)
    return replace(place, span=span) if span.start < span.end <= place.span.end else NOBODY
