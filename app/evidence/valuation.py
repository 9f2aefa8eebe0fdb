"""The bands and classes of a study's customers by its own scheme, kept beside the numbers that they come from."""

import uuid

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.customer_value import ValueScheme, band_of

_SCHEME = "SELECT value_scheme FROM study WHERE id = :study_id"
_HOLD = "SELECT 1 FROM study WHERE id = :study_id FOR NO KEY UPDATE"
_SAVE = "UPDATE study SET value_scheme = CAST(:scheme AS jsonb) WHERE id = :study_id"
_CUSTOMERS = """
SELECT id, revenue_eur, ltv_eur, band, abcd_class FROM customer WHERE study_id = :study_id ORDER BY code
"""
_VALUE = """
UPDATE customer SET band = valued.band, abcd_class = valued.abcd_class
FROM unnest(CAST(:ids AS uuid[]), CAST(:bands AS text[]), CAST(:classes AS text[])) AS valued(id, band, abcd_class)
WHERE customer.id = valued.id AND customer.study_id = :study_id
"""


def read_scheme(session: Session, study_id: uuid.UUID) -> ValueScheme:
    """Read where bands and classes of a study end."""
    kept = session.scalar(text(_SCHEME), {"study_id": study_id})
    return ValueScheme.model_validate(kept or {})


def hold_customers(session: Session, study_id: uuid.UUID) -> None:
    """Let whoever else changes the customers of a study, or its scheme, wait until this transaction ends."""
    session.execute(text(_HOLD), {"study_id": study_id})


def save_scheme(session: Session, study_id: uuid.UUID, scheme: ValueScheme | None) -> None:
    """Set where bands and classes of a study end, `None` for where they do by default, and value its customers anew."""
    kept = scheme.model_dump_json(exclude_none=True) if scheme else None
    session.execute(text(_SAVE), {"study_id": study_id, "scheme": kept})
    value_customers(session, study_id)


def value_customers(session: Session, study_id: uuid.UUID) -> None:
    """Give every customer of a study the band and the class that its scheme says; of equal revenues by code."""
    hold_customers(session, study_id)
    scheme = read_scheme(session, study_id)
    rows = session.execute(text(_CUSTOMERS), {"study_id": study_id}).all()
    classes = scheme.classes([row.revenue_eur for row in rows], [row.ltv_eur for row in rows])
    bands = [band_of(row.ltv_eur, scheme.bands_eur) for row in rows]
    changed = [
        (row.id, band, abcd_class)
        for row, band, abcd_class in zip(rows, bands, classes, strict=True)
        if (row.band, row.abcd_class) != (band, abcd_class)
    ]
    if changed:
        ids, new_bands, new_classes = map(list, zip(*changed, strict=True))
        values = {"ids": ids, "bands": new_bands, "classes": new_classes}
        session.execute(text(_VALUE), {"study_id": study_id, **values})
