"""The SQL that reads hypotheses, their verdicts and the words that these rest on."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, select, text
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models import Hypothesis, HypothesisVerdict
from app.vocabulary import Stance

_LISTED = """
SELECT hypothesis.*, verdict.id AS verdict_id, verdict.verdict, verdict.counts, verdict.rule, verdict.judge,
  verdict.created_at AS tested_at,
  (SELECT count(*) FROM hypothesis_evidence JOIN quotable AS passage USING (utterance_id) WHERE verdict_id = verdict.id)
    AS quotable
FROM hypothesis LEFT JOIN LATERAL (
  SELECT * FROM hypothesis_verdict WHERE hypothesis_id = hypothesis.id ORDER BY created_at DESC, id LIMIT 1)
  AS verdict ON true
WHERE hypothesis.study_id = :study_id AND {condition} ORDER BY hypothesis.code LIMIT :limit
"""

_VERDICTS = """
SELECT coalesce(verdict.verdict, 'untested') AS verdict, count(*) AS hypotheses
FROM hypothesis LEFT JOIN LATERAL (
  SELECT verdict FROM hypothesis_verdict WHERE hypothesis_id = hypothesis.id ORDER BY created_at DESC, id LIMIT 1)
  AS verdict ON true
WHERE hypothesis.study_id = :study_id GROUP BY 1
"""

_EVIDENCE = """
SELECT utterance_id, start, "end", stance, row_number() OVER (
    PARTITION BY stance, passage.participant_id ORDER BY interview.code, utterance.index, start, "end") AS turn
FROM hypothesis_evidence JOIN quotable AS passage USING (utterance_id) JOIN utterance ON utterance.id = utterance_id
  JOIN interview ON interview.id = passage.interview_id
WHERE verdict_id = :verdict_id AND passage.study_id = :study_id
ORDER BY turn, interview.code, utterance.index, start, "end"
"""


@dataclass(frozen=True)
class EvidencePlace:
    """Words that a verdict rests on."""

    utterance_id: uuid.UUID
    start: int
    end: int
    stance: Stance


def hypotheses_after(session: Session, study_id: uuid.UUID, code: str, limit: int) -> Sequence[RowMapping]:
    """Up to `limit` hypotheses after an id, each with its newest verdict."""
    parameters = {"study_id": study_id, "code": code, "limit": limit}
    return session.execute(text(_LISTED.format(condition="hypothesis.code > :code")), parameters).mappings().all()


def hypothesis_by_code(session: Session, study_id: uuid.UUID, code: str) -> RowMapping:
    """One hypothesis with its newest verdict.

    Raises:
        NotFoundError: the study has no such hypothesis.
    """
    parameters = {"study_id": study_id, "code": code, "limit": 1}
    rows = session.execute(text(_LISTED.format(condition="hypothesis.code = :code")), parameters).mappings().all()
    if not rows:
        raise NotFoundError(f"there is no hypothesis {code!r} in this study")
    return rows[0]


def count_verdicts(session: Session, study_id: uuid.UUID) -> dict[str, int]:
    """How many hypotheses have which verdict now; what was never tested is untested."""
    return {row.verdict: row.hypotheses for row in session.execute(text(_VERDICTS), {"study_id": study_id})}


def read_history(session: Session, hypothesis_id: uuid.UUID) -> Sequence[HypothesisVerdict]:
    """All verdicts on a hypothesis, the newest first."""
    newest = (HypothesisVerdict.created_at.desc(), HypothesisVerdict.id)
    of_it = select(HypothesisVerdict).where(HypothesisVerdict.hypothesis_id == hypothesis_id)
    return session.scalars(of_it.order_by(*newest)).all()


def read_evidence(session: Session, study_id: uuid.UUID, verdict_id: uuid.UUID) -> tuple[EvidencePlace, ...]:
    """The words that a verdict rests on and that may be quoted: of each person and side one first."""
    rows = session.execute(text(_EVIDENCE), {"study_id": study_id, "verdict_id": verdict_id})
    return tuple(EvidencePlace(row.utterance_id, row.start, row.end, Stance(row.stance)) for row in rows)


def read_statements(session: Session, study_id: uuid.UUID) -> dict[str, tuple[uuid.UUID, str]]:
    """The ids and statements of all hypotheses of a study, by their codes."""
    rows = session.execute(
        select(Hypothesis).where(Hypothesis.study_id == study_id).order_by(Hypothesis.code)
    ).scalars()
    return {each.code: (each.id, each.statement) for each in rows}
