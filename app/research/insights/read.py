"""Insights, read: listed with what is stale, and each with its quotes."""

import uuid
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from app.answering.quotable import cite_spans
from app.evidence.insights.balances import Weighed, all_insights, weigh_insights
from app.evidence.insights.store import find_insight
from app.library.pages import PageRequest, cut_page, decode_cursor
from app.library.queries import find_study
from app.research.insights.schemas import (
    EvidenceBalance,
    InsightDetail,
    InsightEntry,
    InsightPage,
    InsightQuote,
    InsightState,
)
from app.vocabulary import Stance


@dataclass(frozen=True)
class Wanted:
    """Which insights are wanted: of a status, for a segment (or for all customers), under a theme, stale or not."""

    status: InsightState | None = None
    segment: str | None = None
    theme: str | None = None
    stale: bool | None = None

    def takes(self, entry: InsightEntry) -> bool:
        """Whether an insight is wanted."""
        return (
            self.status in (None, entry.status)
            and (self.segment is None or not entry.segments or self.segment in entry.segments)
            and self.theme in (None, entry.theme)
            and self.stale in (None, entry.stale)
        )


def list_insights(session: Session, study: str, page: PageRequest, wanted: Wanted) -> InsightPage:
    """One page of the insights of a study, by code.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the cursor is none.
    """
    study_id = find_study(session, study)
    (after,) = decode_cursor(page.cursor, ("",))
    entries = (entry_of(each) for each in all_insights(session, study_id) if each.insight.code > after)
    fitting = [entry for entry in entries if wanted.takes(entry)]
    found, next_cursor = cut_page(fitting[: page.limit + 1], page.limit, lambda entry: [entry.code])
    return InsightPage(study=study, insights=tuple(found), next_cursor=next_cursor)


def read_insight(session: Session, study: str, code: str) -> InsightDetail:
    """An insight with the quotes that it rests on; what may not be quoted any more is counted, and not shown.

    Raises:
        NotFoundError: there is no such study or insight.
    """
    study_id = find_study(session, study)
    (weighed,) = weigh_insights(session, study_id, [find_insight(session, study_id, code)])
    return InsightDetail(study=study, insight=entry_of(weighed), quotes=_quotes(session, study, study_id, weighed))


def entry_of(weighed: Weighed) -> InsightEntry:
    """An insight as it is listed."""
    insight, balance = weighed.insight, weighed.balance
    return InsightEntry(
        code=insight.code,
        statement=insight.statement,
        author=insight.author,
        date=insight.date,
        segments=tuple(insight.segments),
        theme=insight.theme,
        status=InsightState(insight.status),
        origin=insight.origin,
        stale=bool(balance.losses),
        why=balance.losses,
        evidence=EvidenceBalance(**asdict(balance)),
        people=len({link.participant for link in weighed.quotes if link.stance is Stance.FOR}),
        updated_at=insight.updated_at,
    )


def _quotes(session: Session, study: str, study_id: uuid.UUID, weighed: Weighed) -> tuple[InsightQuote, ...]:
    links = weighed.quotes
    cited = cite_spans(session, study, study_id, [(link.utterance_id, link.span) for link in links])
    return tuple(
        InsightQuote(stance=link.stance, citation=citation)
        for link, citation in zip(links, cited, strict=True)
        if citation is not None
    )
