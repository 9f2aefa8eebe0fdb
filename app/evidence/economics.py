"""The customer base by LTV band and ABCD class, and how many of each were heard: counted by SQL, never from speech."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import Field
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.frozen import Frozen

UNCLASSIFIED = "unclassified"
"""What the group is called of customers without a lifetime value, or without revenue."""

HEARD = """EXISTS (SELECT FROM interview_participant JOIN interview ON interview.id = interview_id
    WHERE participant_id = participant.id AND transcript_id IS NOT NULL)"""
"""SQL: whether a participant was interviewed, and the interview is published."""

_GROUPS = f"""
WITH known AS (
  SELECT band, abcd_class, purchases, revenue_eur, ltv_eur,
    (SELECT count(*) FROM participant WHERE participant.customer_id = customer.id AND {HEARD}) AS interviewed
  FROM customer WHERE study_id = :study_id)
SELECT GROUPING(band) = 0 AS is_band, GROUPING(abcd_class) = 0 AS is_class, band, abcd_class,
  count(*) AS customers, CAST(avg(purchases) AS float8) AS mean_purchases,
  coalesce(sum(revenue_eur), 0) AS revenue_eur, round(avg(ltv_eur), 2) AS mean_ltv_eur,
  coalesce(CAST(sum(revenue_eur) / (SELECT nullif(greatest(sum(revenue_eur), 0), 0) FROM known) AS float8), 0)
    AS revenue_share,
  CAST(coalesce(sum(interviewed), 0) AS int) AS interviewed,
  coalesce(CAST(sum(interviewed) / (SELECT nullif(sum(interviewed), 0) FROM known) AS float8), 0) AS interview_share
FROM known GROUP BY GROUPING SETS ((band), (abcd_class), ())
ORDER BY min(ltv_eur) NULLS LAST, abcd_class
"""  # noqa: S608 fixed fragments only


class Group(Frozen):
    """Customers of one LTV band or ABCD class; shares are of all revenue, and of all interviews with customers.

    `coverage` is the share of interviews over the share of revenue: 1 where a group is heard as much as it pays, less
    where it is heard too little, `null` where it brings nothing. Refunds can make a share negative.
    """

    name: str
    customers: int
    mean_purchases: float | None
    revenue_eur: Decimal
    revenue_share: float
    mean_ltv_eur: Decimal | None
    interviewed: int = Field(description="participants who are such customers")
    interview_share: float
    coverage: float | None


@dataclass(frozen=True)
class CustomerBase:
    """All customers of a study by band, by class and together."""

    bands: tuple[Group, ...]
    classes: tuple[Group, ...]
    unclassified_bands: Group | None
    unclassified_classes: Group | None
    everybody: Group


def read_customer_base(session: Session, study_id: uuid.UUID) -> CustomerBase:
    """Group the customers of a study; bands from low to high, classes from A to D."""
    rows = session.execute(text(_GROUPS), {"study_id": study_id}).all()
    bands = [row for row in rows if row.is_band]
    classes = sorted((row for row in rows if row.is_class), key=lambda row: row.abcd_class or "")
    return CustomerBase(
        bands=tuple(_group(row, row.band) for row in bands if row.band),
        classes=tuple(_group(row, row.abcd_class) for row in classes if row.abcd_class),
        unclassified_bands=next((_group(row, UNCLASSIFIED) for row in bands if not row.band), None),
        unclassified_classes=next((_group(row, UNCLASSIFIED) for row in classes if not row.abcd_class), None),
        everybody=next(_group(row, "all") for row in rows if not row.is_band and not row.is_class),
    )


def _group(row: Row[Any], name: str) -> Group:
    fields = ("customers", "mean_purchases", "revenue_eur", "mean_ltv_eur", "interviewed")
    shares = {"revenue_share": row.revenue_share, "interview_share": row.interview_share}
    coverage = coverage_of(**shares)
    return Group(name=name, coverage=coverage, **shares, **{field: getattr(row, field) for field in fields})


def coverage_of(revenue_share: float, interview_share: float) -> float | None:
    """How much a group is heard for what it pays: interview_share / revenue_share; none where it brings nothing."""
    return interview_share / revenue_share if revenue_share > 0 else None
