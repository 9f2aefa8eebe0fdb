"""The economics of a study, read in one short transaction, and where its bands and classes end."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.customer_value import ValueScheme
from app.evidence.economics import read_customer_base
from app.evidence.valuation import read_scheme, save_scheme
from app.library.queries import find_study
from app.research.economics.invitations import MOST_INVITED, invite_next
from app.research.economics.queries import count_others, read_uninterviewed
from app.research.economics.schemas import Economics, Invitations
from app.research.economics.sentences import say_economics


@dataclass(frozen=True)
class Wanted:
    """For how many interviews in the end invitations are asked for, and in which language it is told."""

    planned: int | None = None
    told_in: str = "en"


def read_economics(session: Session, study: str, wanted: Wanted = Wanted()) -> Economics:
    """Customers by band and class, who of them was interviewed, and whom to invite next.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    base = read_customer_base(session, study_id)
    of_bands = read_uninterviewed(session, study_id, "band", MOST_INVITED)
    of_classes = read_uninterviewed(session, study_id, "abcd_class", MOST_INVITED)
    return Economics(
        study=study,
        customers=base.everybody.customers,
        revenue_eur=base.everybody.revenue_eur,
        scheme=read_scheme(session, study_id),
        bands=base.bands,
        classes=base.classes,
        unclassified_bands=base.unclassified_bands,
        unclassified_classes=base.unclassified_classes,
        interviewed_without_customer=count_others(session, study_id),
        invite_next=Invitations(
            bands=invite_next(base.bands, of_bands, wanted.planned),
            classes=invite_next(base.classes, of_classes, wanted.planned),
        ),
        sentences=say_economics(base, wanted.told_in),
    )


def read_value_scheme(session: Session, study: str) -> ValueScheme:
    """Where the bands and classes of a study end.

    Raises:
        NotFoundError: there is no such study.
    """
    return read_scheme(session, find_study(session, study))


def change_value_scheme(session: Session, study: str, scheme: ValueScheme | None) -> ValueScheme:
    """Let bands and classes end elsewhere, or where they do by default; every customer is valued anew.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    save_scheme(session, study_id, scheme)
    return scheme or ValueScheme()
