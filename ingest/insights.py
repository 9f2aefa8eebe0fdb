"""The insights of a study folder, linked with what participants say in the published interviews."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from app.evidence.insights.given import GivenEvidence, NewInsight
from app.evidence.insights.intake import Saved, save_insights
from app.evidence.insights.store import Outcome
from app.services import Services
from ingest.study import Insight, Study

ORIGIN = "study folder"


@dataclass(frozen=True)
class InsightReport:
    """What became of an insight: how many quotes it rests on, and which of its evidence nobody says."""

    insight: str
    status: Outcome
    linked: int
    warnings: tuple[str, ...] = ()


def store_insights(study: Study, study_id: uuid.UUID, services: Services) -> tuple[InsightReport, ...]:
    """Store the insights of a study folder; evidence that nobody says is told, and the insight is stored without it."""
    if not study.insights:
        return ()
    given_here = [_new(insight) for insight in study.insights]
    saved = save_insights(services, study_id, ORIGIN, given_here, services.vault)
    return tuple(
        InsightReport(entry.code, entry.outcome, entry.linked, tuple(_warnings(given, entry)))
        for given, entry in zip(study.insights, saved, strict=True)
    )


def _new(insight: Insight) -> NewInsight:
    return NewInsight(
        code=insight.id,
        author=insight.author,
        statement=insight.statement,
        date=insight.date,
        segments=(insight.segment,) if insight.segment else (),
        evidence=tuple(GivenEvidence(words) for words in insight.evidence),
    )


def _warnings(insight: Insight, saved: Saved) -> Iterator[str]:
    for missing in saved.missing:
        yield f"{insight.place}: evidence {missing.number + 1}: {missing.reason.problem} → {missing.reason.remedy}"
    if saved.outcome == "kept":
        yield f"{insight.place}: it was edited since; the file does not change it any more"
