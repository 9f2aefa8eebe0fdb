"""Who and what was erased is not taken in again: it is left out of a study folder, and told."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.erased import erased_among
from app.vault import Vault
from ingest.study import Study

REMEDY = "erased on request: remove it from study.yaml, and its files; it is not taken in again"


def without_erased(session: Session, vault: Vault, study: Study) -> tuple[Study, tuple[str, ...]]:
    """Leave out of a study who and what was erased; also gives the ids of the interviews that were left out."""
    people = erased_among(session, vault, "participant", study.slug, {person.id for person in study.participants})
    interviews = erased_among(session, vault, "interview", study.slug, {entry.id for entry in study.interviews})
    customers = erased_among(
        session, vault, "customer", study.slug, {customer.customer_id for customer in study.customers}
    )
    left = [
        entry.id for entry in study.interviews if entry.id in interviews or not people.isdisjoint(entry.participants)
    ]
    if not (people or left or customers):
        return study, ()
    kept = replace(
        study,
        participants=tuple(person for person in study.participants if person.id not in people),
        interviews=tuple(entry for entry in study.interviews if entry.id not in left),
        customers=tuple(customer for customer in study.customers if customer.customer_id not in customers),
        taggings=tuple(tagging for tagging in study.taggings if tagging.interview not in left),
    )
    return kept, tuple(left)
