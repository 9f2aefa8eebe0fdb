"""A report, read in one short transaction from the artefacts themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.answering.queries import read_vocabulary
from app.answering.schemas import Citation, Translation
from app.answering.statements import Place
from app.answering.translate import with_kept_translations
from app.embedding import Embedder
from app.library.pages import PageRequest
from app.library.schemas import StudyDetail
from app.library.studies import read_study
from app.research.economics import read as economics
from app.research.economics.schemas import Economics
from app.research.hypotheses.read import list_hypotheses, read_hypothesis
from app.research.hypotheses.schemas import Hypothesis
from app.research.insights import read as insights
from app.research.insights.schemas import InsightDetail, InsightState
from app.research.matrix import mentions as matrix
from app.research.matrix.read import read_matrix
from app.research.matrix.schemas import Matrix
from app.research.report.topics import Topic, read_topics
from app.research.saturation import read as saturation
from app.research.saturation.schemas import Saturation, SaturationGroups
from app.research.segments.profile import read_segment
from app.research.segments.schemas import SegmentProfile
from app.research.sources import read as sources
from app.research.sources.schemas import Changes, SourceEntry

EVERYTHING = PageRequest(limit=100_000)


@dataclass(frozen=True)
class Wanted:
    """In which language a report is told, what its links begin with, and on which day it is made."""

    language: str
    host: str
    made_on: date


@dataclass(frozen=True)
class Report:
    """All that a report shows; `translations` are those that were made before, of its quotes into its language."""

    wanted: Wanted
    study: StudyDetail
    economics: Economics
    saturation: Saturation
    saturation_groups: tuple[SaturationGroups, ...]
    segments: tuple[SegmentProfile, ...]
    matrix: Matrix
    insights: tuple[InsightDetail, ...]
    hypotheses: tuple[Hypothesis, ...]
    hypotheses_sentence: str
    sources: tuple[SourceEntry, ...]
    changes: tuple[Changes, ...]
    topics: tuple[Topic, ...]
    translations: Mapping[Place, Translation]

    @property
    def citations(self) -> Iterator[Citation]:
        """Every quote of it."""
        for profile in self.segments:
            yield from (quote for group in profile.groups for code in group.codes for quote in code.quotes)
            yield from (phrase.quote for phrases in profile.typical_language.values() for phrase in phrases)
        yield from (quote.citation for insight in self.insights for quote in insight.quotes)
        yield from (quote for each in self.hypotheses for quote in (*each.supporting, *each.contradicting))
        yield from (quote for topic in self.topics for quote in topic.quotes)

    def translation_of(self, quote: Citation) -> Translation | None:
        """The translation of a quote, if one was made."""
        return self.translations.get(_place(quote))


def read_report(session: Session, study: str, wanted: Wanted, embedder: Embedder) -> Report:
    """Put together what a study comes to.

    Raises:
        NotFoundError: there is no such study.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    vocabulary, known, language = read_vocabulary(session, study), read_study(session, study), wanted.language
    rule = saturation.Wanted(told_in=language)
    counts: dict[saturation.Grouping, int] = {"segment": len(known.segments), "language": len(known.languages)}
    listed = list_hypotheses(session, study, EVERYTHING, language)
    documents = sources.list_sources(session, study, EVERYTHING).sources
    changed = [source.code for source in documents if source.version and source.versions > 1]
    report = Report(
        wanted=wanted,
        study=known,
        economics=economics.read_economics(session, study, economics.Wanted(told_in=language)),
        saturation=saturation.read_saturation(session, study, rule),
        saturation_groups=tuple(
            saturation.read_groups(session, study, by, rule) for by, count in counts.items() if count > 1
        ),
        segments=tuple(read_segment(session, study, each.slug, language) for each in known.segments),
        matrix=read_matrix(session, study, matrix.Wanted(told_in=language), embedder),
        insights=_insights(session, study),
        hypotheses=tuple(read_hypothesis(session, study, each.id, language) for each in listed.hypotheses),
        hypotheses_sentence=listed.sentence,
        sources=documents,
        changes=tuple(sources.read_changes(session, study, code, sources.Wanted()) for code in changed),
        topics=read_topics(session, vocabulary, language),
        translations={},
    )
    told = with_kept_translations(session, tuple(report.citations), language)
    return replace(report, translations={_place(quote): quote.translation for quote in told if quote.translation})


def _insights(session: Session, study: str) -> tuple[InsightDetail, ...]:
    """The insights that nobody gave up, with their quotes."""
    listed = insights.list_insights(session, study, EVERYTHING, insights.Wanted()).insights
    kept = (each.code for each in listed if each.status is not InsightState.RETIRED)
    return tuple(insights.read_insight(session, study, code) for code in kept)


def _place(quote: Citation) -> Place:
    return quote.utterance, *quote.span
