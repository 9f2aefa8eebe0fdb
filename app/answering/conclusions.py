"""What researchers concluded: insights that answer a question, each with the words of participants that it rests on."""

import uuid
from dataclasses import dataclass
from urllib.parse import quote as quote_url

from sqlalchemy.orm import Session

from app.answering.find import Found
from app.answering.queries import ClaimCount, ClaimEvidence, count_claims
from app.answering.quotable import cite_spans
from app.answering.schemas import Citation, Origin, OtherCitation
from app.embedding import Embedder
from app.evidence.insights.search import FoundInsight, ask_insights, search_insights
from app.language import identify_languages
from app.scope import Filters
from app.vocabulary import Polarity, Stance

MOST_CONCLUSIONS = 2
MOST_CONSIDERED = 10


@dataclass(frozen=True)
class Conclusion:
    """An insight, cited with the number 0, and its quotes in scope."""

    citation: OtherCitation
    quotes: tuple[Citation, ...]
    count: ClaimCount


def find_conclusions(session: Session, found: Found, embedder: Embedder) -> list[Conclusion]:
    """Find the insights that answer a question and rest on words in scope; retired ones never.

    At least half of the words that one rests on have to be among those that the search in the interviews found, which
    tells what bears on the question from what only sounds like it. Where the words of one segment are wanted, it has to
    be about that segment and no other.
    """
    filters = found.understanding.filters
    if filters.codes or filters.kinds or filters.participants or filters.bands or filters.classes:
        return []
    query = ask_insights(found.understanding.matter, found.vector, embedder, filters.segments)
    insights = search_insights(session, found.vocabulary.study_id, query, MOST_CONSIDERED)
    ranked = frozenset(item.candidate.utterance_id for item in found.ranked)
    fitting = [each for each in insights if _concerns(each, filters) and _bears(each, ranked)][:MOST_CONCLUSIONS]
    resting = [(insight, said) for insight in fitting if (said := _quotes(session, insight, found))]
    evidence = [ClaimEvidence(None, Polarity.AFFIRMED, tuple(quote.utterance for quote in said)) for _, said in resting]
    counts = count_claims(session, found.vocabulary.study_id, filters, evidence)
    return [Conclusion(_cite(insight, found), said, n) for (insight, said), n in zip(resting, counts, strict=True)]


def _concerns(insight: FoundInsight, filters: Filters) -> bool:
    return not filters.segments or (bool(insight.segments) and set(insight.segments) <= set(filters.segments))


def _bears(insight: FoundInsight, ranked: frozenset[uuid.UUID]) -> bool:
    rested_on = [link.utterance_id for link in insight.quotes if link.stance is Stance.FOR]
    return 0 < len(rested_on) <= 2 * sum(utterance in ranked for utterance in rested_on)


def _quotes(session: Session, insight: FoundInsight, found: Found) -> tuple[Citation, ...]:
    vocabulary, filters = found.vocabulary, found.understanding.filters
    spans = [(link.utterance_id, link.span) for link in insight.quotes if link.stance is Stance.FOR]
    cited = cite_spans(session, vocabulary.slug, vocabulary.study_id, spans)
    return tuple(quote for quote in cited if quote and _is_in_scope(quote, filters))


def _is_in_scope(quote: Citation, filters: Filters) -> bool:
    in_segment = not filters.segments or quote.segment in filters.segments
    return in_segment and (not filters.languages or quote.language in filters.languages)


def _cite(insight: FoundInsight, found: Found) -> OtherCitation:
    vocabulary = found.vocabulary
    language = identify_languages([insight.statement], ("en", "de", "es", *vocabulary.languages), None)[0].language
    return OtherCitation(
        n=0,
        evidence="insight",
        quote=insight.statement,
        language=language,
        url=f"/v1/insights/{quote_url(insight.code)}?study={vocabulary.slug}",
        origin=Origin(
            code=insight.code,
            title=insight.theme or insight.code,
            kind="insight",
            author=insight.author,
            status=insight.status,
            stale=insight.is_stale,
        ),
    )
