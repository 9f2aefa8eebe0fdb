"""What the customer base says to a question about who brings the money: figures by SQL, in the service's own words."""

from collections.abc import Iterator
from decimal import Decimal

from babel.numbers import format_currency, format_decimal, format_percent
from sqlalchemy.orm import Session

from app.answering.facets import asks_worth
from app.answering.phrases import FALLBACK, say, worded_languages
from app.answering.queries import StudyVocabulary
from app.answering.schemas import Origin, OtherCitation
from app.answering.understand import Understanding
from app.evidence.economics import CustomerBase, Group, read_customer_base

MOST_GROUPS = 4


def find_figures(session: Session, understanding: Understanding, vocabulary: StudyVocabulary) -> list[OtherCitation]:
    """The figures of the bands and classes in scope, of the leading bands without any; for who asks for worth alone.

    Nothing where no customers are known. All have the number 0.
    """
    if not asks_worth(understanding.text, understanding.language):
        return []
    base = read_customer_base(session, vocabulary.study_id)
    told = list(_told(base, understanding, vocabulary))[:MOST_GROUPS]
    return [_cite(kind, group, base, understanding, vocabulary) for kind, group in told]


def _told(base: CustomerBase, understanding: Understanding, vocabulary: StudyVocabulary) -> Iterator[tuple[str, Group]]:
    filters = understanding.filters
    bands = filters.bands or (() if filters.classes else vocabulary.leading_bands)
    yield from (("band", group) for group in base.bands if group.name in bands)
    yield from (("class", group) for group in base.classes if group.name in filters.classes)


def _cite(
    kind: str, group: Group, base: CustomerBase, understanding: Understanding, vocabulary: StudyVocabulary
) -> OtherCitation:
    language = understanding.language
    locale = language if language in worded_languages() else FALLBACK
    called = say(kind, language, name=group.name)
    return OtherCitation(
        n=0,
        evidence="economics",
        quote=say(
            "figures",
            language,
            group=called[0].upper() + called[1:],
            customers=format_decimal(group.customers, locale=locale),
            of=format_decimal(base.everybody.customers, locale=locale),
            share=format_percent(group.revenue_share, locale=locale),
            revenue=_euros(group.revenue_eur, locale),
            ltv="–" if group.mean_ltv_eur is None else _euros(group.mean_ltv_eur, locale),
            interviewed=group.interviewed,
        ),
        language=language,
        url=f"/v1/economics?study={vocabulary.slug}",
        origin=Origin(code=group.name, title=called, kind=kind),
    )


def _euros(amount: Decimal, locale: str) -> str:
    return format_currency(amount, "EUR", locale=locale)
