"""The economics of a study, read in one short transaction."""

from sqlalchemy.orm import Session

from app.evidence.economics import read_customer_base
from app.library.queries import find_study
from app.research.economics.invitations import MOST_INVITED, invite_next
from app.research.economics.queries import count_others, read_uninterviewed
from app.research.economics.schemas import Economics


def read_economics(session: Session, study: str) -> Economics:
    """Customers by band and class, who of them was interviewed, and whom to invite next.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    base = read_customer_base(session, study_id)
    return Economics(
        study=study,
        customers=base.everybody.customers,
        revenue_eur=base.everybody.revenue_eur,
        bands=base.bands,
        classes=base.classes,
        unclassified_bands=base.unclassified_bands,
        unclassified_classes=base.unclassified_classes,
        interviewed_without_customer=count_others(session, study_id),
        invite_next=invite_next(base.bands, read_uninterviewed(session, study_id, MOST_INVITED)),
    )
