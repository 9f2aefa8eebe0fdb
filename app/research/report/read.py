"""A report, read in one short transaction."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.answering.queries import read_vocabulary
from app.library.studies import read_study
from app.research.economics import read as economics
from app.research.report.inputs import CardSegment, InsightNote, MatrixCounts, Report, SegmentCard
from app.research.report.topics import read_card, read_topics
from app.research.saturation import read as saturation


@dataclass(frozen=True)
class Wanted:
    """In which language a report is told, what its links begin with, and on which day it is made."""

    language: str
    host: str
    made_on: date


@dataclass(frozen=True)
class Artefacts:
    """What other parts of the service made for the report; cards are made here where none are given."""

    cards: tuple[SegmentCard, ...] | None = None
    matrix: MatrixCounts | None = None
    insights: tuple[InsightNote, ...] = ()


def read_report(session: Session, study: str, wanted: Wanted, artefacts: Artefacts = Artefacts()) -> Report:
    """Put together what a study comes to.

    Raises:
        NotFoundError: there is no such study.
    """
    vocabulary = read_vocabulary(session, study)
    known = read_study(session, study)
    cards = artefacts.cards
    if cards is None:
        segments = [CardSegment.model_validate(segment) for segment in known.segments]
        cards = tuple(read_card(session, vocabulary, segment, wanted.language) for segment in segments)
    rule = saturation.Wanted(told_in=wanted.language)
    counts: dict[saturation.Grouping, int] = {"segment": len(known.segments), "language": len(known.languages)}
    compared = [by for by, count in counts.items() if count > 1]
    return Report(
        study=study,
        title=known.title,
        product=known.product,
        made_on=wanted.made_on,
        host=wanted.host,
        participants=known.participants,
        interviews=known.interviews,
        languages=known.languages,
        economics=economics.read_economics(session, study, economics.Wanted(told_in=wanted.language)),
        saturation=saturation.read_saturation(session, study, rule),
        saturation_groups=tuple(saturation.read_groups(session, study, by, rule) for by in compared),
        topics=read_topics(session, vocabulary, wanted.language),
        cards=cards,
        matrix=artefacts.matrix,
        insights=artefacts.insights,
    )
