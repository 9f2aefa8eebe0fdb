"""Customers of a file into a study: all of them, or none."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.evidence.valuation import hold_customers, value_customers
from app.library.queries import find_study
from app.research.customers.facts import CustomerFacts, customer_key
from app.research.customers.read import CustomerTable
from app.research.customers.schemas import ImportReport, UnknownCustomer
from app.research.customers.store import (
    link_participants,
    read_codes,
    read_customer_codes,
    remove_customers,
    save_customers,
)


def import_customers(session: Session, study: str, table: CustomerTable, *, dry_run: bool) -> ImportReport:
    """Bring the customers of a study up to date with a file, and the bands and classes of all; say what came of it.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    hold_customers(session, study_id)
    known = read_codes(session, study_id)
    customers = _with_known_codes(table.told.customers, known)
    codes = {customer.code for customer in customers}
    removed = [code for code in known if code not in codes] if table.settings.replace else []
    if not dry_run:
        remove_customers(session, study_id, removed)
        save_customers(session, study_id, customers, table.given)
        link_participants(session, study_id)
        value_customers(session, study_id)
    left = (codes | set(known)) - set(removed)
    unknown = [
        UnknownCustomer(participant=who, customer_id=code)
        for who, code in read_customer_codes(session, study_id)
        if code not in left
    ]
    report = _report(study, table, customers)
    changed = {"added": len(codes - set(known)), "updated": len(codes & set(known)), "removed": len(removed)}
    return report.model_copy(update={"dry_run": dry_run, "unknown_customers": tuple(unknown), **changed})


def _report(study: str, table: CustomerTable, customers: Sequence[CustomerFacts]) -> ImportReport:
    """What the table says, before it is compared with what is known."""
    return ImportReport(
        study=study,
        file=table.file,
        dry_run=True,
        shape=table.columns.shape,
        unit=table.unit,
        mapping=table.named,
        attributes=tuple(table.columns.others),
        left_out=table.columns.left_out,
        rows=table.told.rows,
        orders=table.told.orders,
        refunds=table.told.refunds,
        customers=len(customers),
        added=0,
        updated=0,
        removed=0,
        unclassified=sum(customer.ltv_eur is None or customer.ltv_eur < 0 for customer in customers),
        problems=table.problems,
        notes=table.notes,
        unknown_customers=(),
    )


def _with_known_codes(customers: tuple[CustomerFacts, ...], known: tuple[str, ...]) -> list[CustomerFacts]:
    """Call customers as the study calls them, whatever case and spaces a file writes."""
    spelled = {customer_key(code): code for code in known}
    exact = set(known)
    return [
        each if each.code in exact else replace(each, code=spelled.get(customer_key(each.code), each.code))
        for each in customers
    ]
