"""The SQL of saturation: which codes each interview tells."""

import uuid
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.scope import Filters, filter_parameters, passage_conditions

_TOLD = """
SELECT interview.code AS interview,
  array_agg(DISTINCT code.code) FILTER (WHERE tagging.polarity = 'affirmed' AND code.code <> code.kind) AS codes
FROM quotable AS passage JOIN interview ON interview.id = passage.interview_id
  LEFT JOIN tagging ON tagging.utterance_id = passage.utterance_id {basis}
  LEFT JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
WHERE {conditions}
GROUP BY interview.id ORDER BY interview.date NULLS LAST, interview.code
"""


@dataclass(frozen=True)
class Told:
    """The study's own codes for which one interview gives evidence."""

    interview: str
    codes: frozenset[str]


def read_told(session: Session, study_id: uuid.UUID, filters: Filters, *, by_persons: bool) -> tuple[Told, ...]:
    """What each interview in scope tells, in the order of their dates.

    Args:
        session: an open transaction.
        study_id: the study.
        filters: whose interviews.
        by_persons: whether only taggings by persons count.
    """
    basis = "AND tagging.basis = 'person'" if by_persons else ""
    statement = text(_TOLD.format(basis=basis, conditions=passage_conditions(filters)))
    rows = session.execute(statement, {"study_id": study_id, **filter_parameters(filters)})
    return tuple(Told(row.interview, frozenset(row.codes or ())) for row in rows)
