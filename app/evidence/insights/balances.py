"""How the insights of a study stand: what each was given, and what of its evidence is lost."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.evidence.insights.links import Balance, Link, weigh
from app.evidence.insights.store import links_of
from app.models import Insight


@dataclass(frozen=True)
class Weighed:
    """An insight with its links and how they stand."""

    insight: Insight
    links: tuple[Link, ...]
    balance: Balance

    @property
    def quotes(self) -> tuple[Link, ...]:
        """The words that may be quoted."""
        return tuple(link for link in self.links if link.stands)


def weigh_insights(session: Session, study_id: uuid.UUID, insights: Sequence[Insight]) -> tuple[Weighed, ...]:
    """Say of insights of a study how they stand."""
    links = links_of(session, study_id, [insight.id for insight in insights])
    return tuple(
        Weighed(insight, tuple(own), weigh(own, insight.evidence_given, insight.evidence_linked))
        for insight in insights
        for own in [links[insight.id]]
    )


def all_insights(session: Session, study_id: uuid.UUID) -> tuple[Weighed, ...]:
    """All insights of a study, by code."""
    statement = select(Insight).where(Insight.study_id == study_id).options(defer(Insight.embedding))
    return weigh_insights(session, study_id, session.scalars(statement.order_by(Insight.code)).all())
