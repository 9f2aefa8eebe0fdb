"""The SQL of an import: customers by their codes, in few statements however many they are."""

import uuid
from collections.abc import Collection, Sequence

from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.research.customers.facts import CustomerFacts

_AT_ONCE = 5_000

_CODES = "SELECT code FROM customer WHERE study_id = :study_id ORDER BY code"
_SAVE = """
INSERT INTO customer (study_id, code, first_purchase, purchases, revenue_eur, ltv_eur, attributes)
SELECT :study_id, told.code, told.first_purchase, told.purchases, told.revenue_eur, told.ltv_eur, told.attributes
FROM jsonb_to_recordset(CAST(:customers AS jsonb)) AS told(
  code text, first_purchase date, purchases int, revenue_eur numeric, ltv_eur numeric, attributes jsonb)
ON CONFLICT (study_id, code) DO UPDATE SET {changes}
"""
_REMOVE = """
DELETE FROM customer WHERE study_id = :study_id AND code IN (SELECT unnest(CAST(:codes AS text[])))
"""
_LINK = """
UPDATE participant SET customer_id = customer.id FROM customer
WHERE participant.study_id = :study_id AND customer.study_id = :study_id
  AND customer.code = participant.customer_code AND participant.customer_id IS DISTINCT FROM customer.id
"""
_PARTICIPANTS = """
SELECT code, customer_code FROM participant
WHERE study_id = :study_id AND customer_code IS NOT NULL ORDER BY code
"""


def read_codes(session: Session, study_id: uuid.UUID) -> tuple[str, ...]:
    """The codes of all customers of a study."""
    return tuple(session.scalars(text(_CODES), {"study_id": study_id}))


def read_customer_codes(session: Session, study_id: uuid.UUID) -> tuple[tuple[str, str], ...]:
    """The participants who are customers, each with the code of the customer, whether it is known or not."""
    rows = session.execute(text(_PARTICIPANTS), {"study_id": study_id})
    return tuple((row.code, row.customer_code) for row in rows)


def save_customers(
    session: Session, study_id: uuid.UUID, customers: Sequence[CustomerFacts], given: Collection[str]
) -> None:
    """Add customers, or change what is given of those that are known; attributes are added to theirs."""
    changes = [f"{column} = excluded.{column}" for column in sorted(given)]
    changes.append("attributes = customer.attributes || excluded.attributes")
    statement = text(_SAVE.format(changes=", ".join(changes)))
    for start in range(0, len(customers), _AT_ONCE):
        told = to_json(customers[start : start + _AT_ONCE]).decode()
        session.execute(statement, {"study_id": study_id, "customers": told})


def remove_customers(session: Session, study_id: uuid.UUID, codes: Sequence[str]) -> None:
    """Remove customers; participants who were one keep the code."""
    session.execute(text(_REMOVE), {"study_id": study_id, "codes": list(codes)})


def link_participants(session: Session, study_id: uuid.UUID) -> None:
    """Let participants be the customers whose codes they have."""
    session.execute(text(_LINK), {"study_id": study_id})
