"""One question to one answer: the only place of answering that opens transactions."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.answering.cite import Quoted, choose_spans, cite
from app.answering.compose import Draft, compose, draft_claims, evidence_of, own_code, polarity_of, summarise
from app.answering.find import Found, Stopwatch, find
from app.answering.gaps import find_gaps
from app.answering.queries import (
    count_claims,
    count_people,
    prevailing_polarities,
    read_answer,
    save_answer,
    stored_utterances,
    superseded_transcripts,
)
from app.answering.schemas import Answer, Citation, Claim, Dropped, Gap, Provenance, Question, Status
from app.answering.understand import Understanding
from app.answering.verify import verify
from app.scope import Filters
from app.services import Services

Vector = NDArray[np.float32]

RANKED_PER_QUOTE = 4


@dataclass(frozen=True)
class Findings:
    """What was found, counted and cut for a question."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    gaps: tuple[Gap, ...]
    dropped: Dropped


def answer_question(question: Question, services: Services) -> Answer:
    """Answer one question with cited quotes, and keep the answer under its permanent link.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the filters name things that the study does not have.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    answer = find_answer(question, services)
    with services.database.sessions.begin() as session:
        save_answer(session, answer.study, answer.id, answer.model_dump(mode="json"))
    return answer


def find_answer(question: Question, services: Services) -> Answer:
    """Answer one question, extractively, without keeping the answer; raises what `answer_question` raises."""
    stopwatch = Stopwatch()
    with services.database.sessions.begin() as session:
        found = find(session, question, services, RANKED_PER_QUOTE * question.limit, stopwatch)
        findings = _findings(session, found, services, stopwatch)
    return _answer(question, found.understanding, findings, services, stopwatch)


def answer_by_id(answer_id: uuid.UUID, services: Services) -> Answer:
    """Read a kept answer; citations of a transcript that was replaced since say so, and keep their words.

    Raises:
        NotFoundError: there is no such answer.
    """
    with services.database.sessions.begin() as session:
        answer = Answer.model_validate(read_answer(session, answer_id))
        replaced = superseded_transcripts(session, [citation.transcript for citation in answer.citations])
    citations = tuple(
        citation.model_copy(update={"superseded": citation.transcript in replaced}) for citation in answer.citations
    )
    return answer.model_copy(update={"citations": citations})


def _findings(session: Session, found: Found, services: Services, stopwatch: Stopwatch) -> Findings:
    study_id, filters = found.vocabulary.study_id, found.understanding.filters
    with stopwatch.stage("compose"):
        codes = {code for item in found.ranked if item.tag and (code := own_code(item.tag.code))}
        prevailing = prevailing_polarities(session, study_id, filters, codes)
        drafts = draft_claims(found.ranked, found.understanding.limit, prevailing)
    with stopwatch.stage("cite"):
        quoted = _quoted(drafts, found.vector, services)
        stored = stored_utterances(session, [item.ranked.candidate.utterance_id for item in quoted])
        kept, dropped = verify(quoted, stored)
        citations = tuple(
            cite(n, item, stored[item.ranked.candidate.utterance_id], found.vocabulary.slug)
            for n, item in enumerate(kept, start=1)
        )
    with stopwatch.stage("count"):
        people = count_people(session, study_id, filters)
        counts = count_claims(session, study_id, filters, [evidence_of(draft) for draft in drafts])
        numbers = {citation.utterance: citation.n for citation in citations}
        claims = tuple(
            compose(draft, numbers, count, people, found.vocabulary.codes, found.understanding.language)
            for draft, count in zip(drafts, counts, strict=True)
        )
        gaps = find_gaps(found.understanding, claims, people, found.vocabulary.knowledge_holder)
    return Findings(claims, citations, gaps, dropped)


def _quoted(drafts: Sequence[Draft], vector: Vector, services: Services) -> list[Quoted]:
    """The quotes of all claims, the best first: their numbers say their rank."""
    items = [item for draft in drafts for item in (*draft.supporting, *draft.contradicting)]
    items.sort(key=lambda item: (-item.score, str(item.candidate.utterance_id)))
    spans = choose_spans(items, vector, services.embedder)
    return [Quoted(item, span, polarity_of(item)) for item, span in zip(items, spans, strict=True)]


def _answer(
    question: Question, understanding: Understanding, findings: Findings, services: Services, stopwatch: Stopwatch
) -> Answer:
    return Answer(
        id=uuid.uuid4(),
        question=question.question,
        language=understanding.language,
        study=question.study,
        filters=understanding.filters,
        facets=understanding.facets,
        audience=question.audience,
        thread_id=question.thread_id,
        status=_status(findings, understanding.filters),
        summary=summarise(findings.claims, understanding.language),
        claims=findings.claims,
        citations=findings.citations,
        gaps=findings.gaps,
        dropped=findings.dropped,
        provenance=Provenance(
            embedder=str(services.embedder.identity),
            chat_model=None,
            prompts={},
            timings_ms=stopwatch.timings_ms,
        ),
    )


def _status(findings: Findings, filters: Filters) -> Status:
    if not findings.claims:
        return "no_evidence"
    asked_for = len(filters.segments) + len(filters.languages)
    missing = any(gap.kind in ("segment_without_evidence", "language_without_evidence") for gap in findings.gaps)
    return "partial" if asked_for > 1 and missing else "answered"
