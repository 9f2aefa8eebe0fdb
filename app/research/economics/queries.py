"""The SQL of the economics beside the customer base itself."""

import uuid
from typing import Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.evidence.economics import HEARD
from app.research.economics.invitations import Uninterviewed

Grouping = Literal["band", "abcd_class"]

_OTHERS = f"SELECT count(*) FROM participant WHERE study_id = :study_id AND customer_id IS NULL AND {HEARD}"  # noqa: S608

_UNINTERVIEWED = """
SELECT code, name FROM (
  SELECT code, {column} AS name,
    row_number() OVER (PARTITION BY {column} ORDER BY revenue_eur DESC NULLS LAST, code) AS place
  FROM customer WHERE study_id = :study_id AND {column} IS NOT NULL
    AND NOT EXISTS (SELECT FROM participant WHERE participant.customer_id = customer.id)) AS ranked
WHERE place <= :most ORDER BY name, place
"""


def count_others(session: Session, study_id: uuid.UUID) -> int:
    """Count the participants who were interviewed and are no known customers."""
    return session.scalar(text(_OTHERS), {"study_id": study_id}) or 0


def read_uninterviewed(
    session: Session, study_id: uuid.UUID, grouping: Grouping, most: int
) -> tuple[Uninterviewed, ...]:
    """Of each band or class up to `most` customers whom nobody interviewed, those who bring most first."""
    rows = session.execute(text(_UNINTERVIEWED.format(column=grouping)), {"study_id": study_id, "most": most})
    return tuple(Uninterviewed(row.code, row.name) for row in rows)
