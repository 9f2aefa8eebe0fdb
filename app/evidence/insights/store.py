"""The insights of a study, in the database, and the words that each is linked with."""

import re
import uuid
from collections.abc import Sequence
from typing import Any, Literal

from pgvector import HalfVector
from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.embedding import Embedder, Vectors
from app.errors import NotFoundError
from app.evidence.insights.given import NewInsight
from app.evidence.insights.links import Link, Relinked
from app.models import Insight, InsightEvidence
from app.text import Span
from app.vocabulary import Stance

BY_PERSON = "person"
"""The origin of what somebody wrote or edited here; no file changes it any more."""

Outcome = Literal["added", "changed", "unchanged", "kept"]

_NUMBERED = re.compile(r"IN(\d{1,6})", re.ASCII)

_LINKS = """
SELECT insight.id AS insight_id, utterance.id AS utterance_id, insight_evidence.start, insight_evidence."end", stance,
  substr(utterance.text, insight_evidence.start + 1, insight_evidence."end" - insight_evidence.start) AS words,
  participant.code AS participant, passage.utterance_id IS NOT NULL AND utterance.role = 'participant' AS quotable,
  utterance.transcript_id IS DISTINCT FROM interview.transcript_id AS superseded
FROM insight JOIN insight_evidence ON insight_evidence.insight_id = insight.id
  JOIN utterance ON utterance.id = insight_evidence.utterance_id AND utterance.study_id = :study_id
  JOIN interview ON interview.id = utterance.interview_id
  LEFT JOIN quotable AS passage ON passage.utterance_id = utterance.id
  LEFT JOIN participant ON participant.id = utterance.participant_id
WHERE insight.study_id = :study_id AND insight.id = ANY(:insights)
ORDER BY interview.code, utterance.index, insight_evidence.start, insight_evidence."end", utterance.id
"""


def find_insight(session: Session, study_id: uuid.UUID, code: str) -> Insight:
    """An insight of a study by its code.

    Raises:
        NotFoundError: the study has no such insight.
    """
    insight = session.scalar(select(Insight).where(Insight.study_id == study_id, Insight.code == code))
    if insight is None:
        raise NotFoundError("there is no such insight in this study")
    return insight


def hold_insight(session: Session, study_id: uuid.UUID, code: str) -> Insight | None:
    """An insight of a study by its code, if there is one; nobody else changes it until the transaction ends."""
    statement = select(Insight).where(Insight.study_id == study_id, Insight.code == code).with_for_update()
    return session.scalar(statement)


def free_code(session: Session, study_id: uuid.UUID) -> str:
    """The next free code for an insight of a study: `IN13` after `IN12`."""
    codes = session.scalars(select(Insight.code).where(Insight.study_id == study_id))
    numbers = [int(match[1]) for code in codes if (match := _NUMBERED.fullmatch(code))]
    return f"IN{max(numbers, default=0) + 1:02d}"


def put_insight(
    session: Session, study_id: uuid.UUID, model_id: uuid.UUID, origin: str, new: NewInsight, vector: Vectors
) -> tuple[Insight, Outcome]:
    """Add an insight, or bring it up to date; one that a person wrote or edited here stays as it is."""
    fields = {
        "author": new.author,
        "date": new.date,
        "segments": list(new.segments),
        "theme": new.theme,
        "statement": new.statement,
        "origin": origin,
    }
    insight = hold_insight(session, study_id, new.code)
    if insight is None:
        insight = Insight(
            study_id=study_id, code=new.code, status="draft", evidence_given=0, evidence_linked=0, **fields
        )
        insight.model_id, insight.embedding = model_id, HalfVector(vector)
        session.add(insight)
        session.flush()
        return insight, "added"
    if insight.origin == BY_PERSON != origin:
        return insight, "kept"
    changed = {name: value for name, value in fields.items() if getattr(insight, name) != value}
    for name, value in changed.items():
        setattr(insight, name, value)
    if changed:
        insight.model_id, insight.embedding, insight.updated_at = model_id, HalfVector(vector), func.now()
    return insight, "changed" if changed else "unchanged"


def links_of(session: Session, study_id: uuid.UUID, insights: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Link]]:
    """The links of insights of a study, in the order in which the words were said."""
    links: dict[uuid.UUID, list[Link]] = {id_: [] for id_ in insights}
    for row in session.execute(text(_LINKS), {"study_id": study_id, "insights": list(insights)}):
        values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 the documented way to a row's columns by name
        insight_id, span = values.pop("insight_id"), Span(values.pop("start"), values.pop("end"))
        links[insight_id].append(Link(span=span, **{**values, "stance": Stance(row.stance)}))
    return links


def save_links(session: Session, insight: Insight, relinked: Relinked, given: int) -> bool:
    """Add and take away links of an insight; says whether anything changed."""
    for link in relinked.removed:
        session.execute(
            delete(InsightEvidence).where(
                InsightEvidence.insight_id == insight.id,
                InsightEvidence.utterance_id == link.utterance_id,
                InsightEvidence.start == link.span.start,
                InsightEvidence.end == link.span.end,
            )
        )
    for place, stance in relinked.added:
        values = {"utterance_id": place.utterance_id, "start": place.span.start, "end": place.span.end}
        row = upsert(InsightEvidence).values(insight_id=insight.id, stance=stance, **values)
        session.execute(row.on_conflict_do_update(index_elements=["insight_id", *values], set_={"stance": stance}))
    counts = (insight.evidence_given, insight.evidence_linked)
    insight.evidence_given, insight.evidence_linked = given, relinked.linked
    changed = bool(relinked.added or relinked.removed) or counts != (given, relinked.linked)
    if changed:
        insight.updated_at = func.now()
    return changed


def remake_statement_vectors(session: Session, embedder: Embedder, model_id: uuid.UUID) -> int:
    """Embed the statements of all insights anew; says how many there are."""
    insights = session.scalars(select(Insight).order_by(Insight.id)).all()
    vectors = embedder.embed_passages([insight.statement for insight in insights])
    for insight, vector in zip(insights, vectors, strict=True):
        insight.model_id, insight.embedding = model_id, HalfVector(vector)
    session.flush()
    return len(insights)
