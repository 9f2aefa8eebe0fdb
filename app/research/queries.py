"""The SQL of the research artefacts. Every statement names the study; people are counted once, whatever they said."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.research.economics import Uninterviewed
from app.research.schemas import Group
from app.scope import Filters, filter_parameters, passage_conditions

_HEARD = """EXISTS (SELECT FROM interview_participant JOIN interview ON interview.id = interview_id
    WHERE participant_id = participant.id AND transcript_id IS NOT NULL)"""

_GROUPS = f"""
WITH known AS (
  SELECT band, abcd_class, purchases, revenue_eur, ltv_eur,
    (SELECT count(*) FROM participant WHERE participant.customer_id = customer.id AND {_HEARD}) AS interviewed
  FROM customer WHERE study_id = :study_id)
SELECT GROUPING(band) = 0 AS is_band, GROUPING(abcd_class) = 0 AS is_class, band, abcd_class,
  count(*) AS customers, CAST(avg(purchases) AS float8) AS mean_purchases,
  coalesce(sum(revenue_eur), 0) AS revenue_eur, round(avg(ltv_eur), 2) AS mean_ltv_eur,
  coalesce(CAST(sum(revenue_eur) / nullif((SELECT sum(revenue_eur) FROM known), 0) AS float8), 0) AS revenue_share,
  CAST(coalesce(sum(interviewed), 0) AS int) AS interviewed
FROM known GROUP BY GROUPING SETS ((band), (abcd_class), ())
ORDER BY min(ltv_eur) NULLS LAST, abcd_class
"""  # noqa: S608 fixed fragments only

_OTHERS = f"SELECT count(*) FROM participant WHERE study_id = :study_id AND customer_id IS NULL AND {_HEARD}"  # noqa: S608

_UNINTERVIEWED = """
SELECT code, band FROM (
  SELECT code, band,
    row_number() OVER (PARTITION BY band ORDER BY revenue_eur DESC NULLS LAST, code) AS place
  FROM customer WHERE study_id = :study_id AND band IS NOT NULL
    AND NOT EXISTS (SELECT FROM participant WHERE participant.customer_id = customer.id)) AS ranked
WHERE place <= :most ORDER BY band, place
"""

_TOLD = """
SELECT interview.code AS interview,
  array_agg(DISTINCT code.code) FILTER (WHERE tagging.polarity = 'affirmed' AND code.code <> code.kind) AS codes
FROM passage JOIN interview ON interview.id = passage.interview_id
  LEFT JOIN tagging ON tagging.utterance_id = passage.utterance_id {basis}
  LEFT JOIN code ON code.id = tagging.code_id
WHERE {conditions}
GROUP BY interview.id ORDER BY interview.date NULLS LAST, interview.code
"""


@dataclass(frozen=True)
class CustomerBase:
    """All customers of a study by band, by class and together."""

    bands: tuple[Group, ...]
    classes: tuple[Group, ...]
    unclassified_bands: Group | None
    unclassified_classes: Group | None
    everybody: Group


@dataclass(frozen=True)
class Told:
    """The study's own codes for which one interview gives evidence."""

    interview: str
    codes: frozenset[str]


def read_customer_base(session: Session, study_id: uuid.UUID) -> CustomerBase:
    """Group the customers of a study; bands from low to high, classes from A to D."""
    rows = session.execute(text(_GROUPS), {"study_id": study_id}).all()
    bands = [row for row in rows if row.is_band]
    classes = sorted((row for row in rows if row.is_class), key=lambda row: row.abcd_class or "")
    return CustomerBase(
        bands=tuple(_group(row, row.band) for row in bands if row.band),
        classes=tuple(_group(row, row.abcd_class) for row in classes if row.abcd_class),
        unclassified_bands=next((_group(row, "unclassified") for row in bands if not row.band), None),
        unclassified_classes=next((_group(row, "unclassified") for row in classes if not row.abcd_class), None),
        everybody=next(_group(row, "all") for row in rows if not row.is_band and not row.is_class),
    )


def count_others(session: Session, study_id: uuid.UUID) -> int:
    """Count the participants who were interviewed and are no known customers."""
    return session.scalar(text(_OTHERS), {"study_id": study_id}) or 0


def read_uninterviewed(session: Session, study_id: uuid.UUID, most: int) -> tuple[Uninterviewed, ...]:
    """Of each band up to `most` customers whom nobody interviewed, those who bring most first."""
    rows = session.execute(text(_UNINTERVIEWED), {"study_id": study_id, "most": most})
    return tuple(Uninterviewed(row.code, row.band) for row in rows)


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


def _group(row: Row[Any], name: str) -> Group:
    fields = ("customers", "mean_purchases", "revenue_eur", "revenue_share", "mean_ltv_eur", "interviewed")
    return Group(name=name, **{field: getattr(row, field) for field in fields})
