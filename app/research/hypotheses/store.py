"""What is written of hypotheses: themselves, their verdicts, and the words that a verdict rests on."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.errors import ConflictError
from app.models import Hypothesis, HypothesisEvidence, HypothesisVerdict
from app.research.hypotheses.evidence import Found
from app.vocabulary import Polarity

_NEXT_CODE = r"""
SELECT coalesce(max(CAST(substring(code FROM '^H(\d{1,6})$') AS int)), 0) + 1 FROM hypothesis
WHERE study_id = :study_id
"""

# What may not be quoted any more, since it was erased, superseded or withdrawn, is left out.
_KEEP_EVIDENCE = """
INSERT INTO hypothesis_evidence (verdict_id, utterance_id, start, "end", stance)
SELECT :verdict_id, utterance_id, start, "end", stance
FROM unnest(CAST(:utterances AS uuid[]), CAST(:starts AS int[]), CAST(:ends AS int[]), CAST(:stances AS text[]))
    AS found(utterance_id, start, "end", stance)
  JOIN quotable AS passage USING (utterance_id) WHERE passage.study_id = :study_id
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Belief:
    """A hypothesis as it was given; without an id the statement says which one it is."""

    statement: str
    author: str
    origin: str
    polarity: Polarity
    id: str | None = None
    codes: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """What is stored of it, beside its id."""
        return {
            "statement": self.statement,
            "author": self.author,
            "codes": list(self.codes),
            "polarity": self.polarity,
            "segments": list(self.segments),
        }


def create(session: Session, study_id: uuid.UUID, belief: Belief) -> str:
    """Keep a new hypothesis, and give its id: the one it has, or the next number.

    Raises:
        ConflictError: there is one of that id.
    """
    _lock(session, study_id)
    code = belief.id or f"H{session.scalar(text(_NEXT_CODE), {'study_id': study_id}):03}"
    values = {"study_id": study_id, "code": code, "origin": belief.origin, **belief.values}
    inserted = session.scalar(upsert(Hypothesis).values(values).on_conflict_do_nothing().returning(Hypothesis.code))
    if inserted is None:
        raise ConflictError(f"there is a hypothesis {code!r} already; leave `id` out for a number of its own")
    return code


def update(session: Session, hypothesis_id: uuid.UUID, belief: Belief) -> bool:
    """Bring a hypothesis up to date; tells whether anything is different now."""
    kept = session.scalars(select(Hypothesis).where(Hypothesis.id == hypothesis_id).with_for_update()).one()
    changed = {name: value for name, value in belief.values.items() if getattr(kept, name) != value}
    for name, value in changed.items():
        setattr(kept, name, value)
    return bool(changed)


def remove(session: Session, hypothesis_id: uuid.UUID) -> None:
    """Delete a hypothesis with everything that was found of it."""
    session.execute(delete(Hypothesis).where(Hypothesis.id == hypothesis_id))


def keep_verdict(
    session: Session,
    study_id: uuid.UUID,
    hypothesis_id: uuid.UUID,
    verdict: dict[str, Any],
    found: Sequence[Found],
) -> None:
    """Keep what the interviews say now: as a new verdict where verdict, counts or rule are others than before.

    Args:
        session: an open transaction.
        study_id: the study.
        hypothesis_id: of a hypothesis that is still there, or nothing is kept.
        verdict: the columns `verdict`, `counts`, `rule` and `judge`.
        found: the words that it rests on, which take the place of those of the same verdict before.
    """
    locked = select(Hypothesis.id).where(Hypothesis.id == hypothesis_id).with_for_update()
    if session.scalar(locked) is None:
        return
    latest = session.scalars(latest_verdict(hypothesis_id)).first()
    if latest is None or any(getattr(latest, name) != verdict[name] for name in ("verdict", "counts", "rule")):
        latest = HypothesisVerdict(hypothesis_id=hypothesis_id, created_at=func.clock_timestamp(), **verdict)
        session.add(latest)
        session.flush()
    latest.judge = verdict["judge"]
    session.execute(delete(HypothesisEvidence).where(HypothesisEvidence.verdict_id == latest.id))
    parameters = {
        "verdict_id": latest.id,
        "study_id": study_id,
        "utterances": [each.place[0] for each in found],
        "starts": [each.place[1] for each in found],
        "ends": [each.place[2] for each in found],
        "stances": [str(each.heard.stance) for each in found],
    }
    session.execute(text(_KEEP_EVIDENCE), parameters)


def latest_verdict(hypothesis_id: uuid.UUID) -> Any:
    """The statement for the newest verdict on a hypothesis."""
    newest = (HypothesisVerdict.created_at.desc(), HypothesisVerdict.id)
    return select(HypothesisVerdict).where(HypothesisVerdict.hypothesis_id == hypothesis_id).order_by(*newest).limit(1)


def _lock(session: Session, study_id: uuid.UUID) -> None:
    """Let numbers be given one after another."""
    session.execute(text("SELECT FROM study WHERE id = :study_id FOR NO KEY UPDATE"), {"study_id": study_id})
