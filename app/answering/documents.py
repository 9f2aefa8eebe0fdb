"""What others wrote: external documents that answer a question, in their own words, never counted as people."""

from dataclasses import dataclass
from urllib.parse import quote as quote_url

from sqlalchemy.orm import Session

from app.answering.cite import best_run
from app.answering.find import Found
from app.answering.schemas import Origin, OtherCitation
from app.embedding import Embedder
from app.evidence.sources.facts import named_in
from app.evidence.sources.search import FoundChunk, ask_sources, search_sources
from app.text import split_sentences

MOST_DOCUMENTS = 2
MOST_CONSIDERED = 10

# Deviations beyond what chance reaches: on the sample study, documents that have nothing to do with a question and are
# found all the same lie below; the price list asked for lies above 2.
LEAST_SURPLUS = 1.0


@dataclass(frozen=True)
class Document:
    """A stretch of a document, cited with the number 0; whether the question names the competitor that it is about."""

    citation: OtherCitation
    names_competitor: bool


def find_documents(session: Session, found: Found, embedder: Embedder) -> list[Document]:
    """Find what the current versions of the study's sources say to a question, the best of each source."""
    query = ask_sources(found.understanding.text, found.vector, embedder)
    chunks = search_sources(session, found.vocabulary.study_id, query, MOST_CONSIDERED)
    best_of_each = {chunk.source: chunk for chunk in reversed(chunks)}
    named = frozenset(named_in(found.understanding.text, tuple(found.vocabulary.competitors)))
    fitting = [
        chunk
        for chunk in chunks
        if chunk is best_of_each[chunk.source] and (chunk.competitor in named or chunk.score >= LEAST_SURPLUS)
    ]
    return [Document(_cite(chunk, found, embedder), chunk.competitor in named) for chunk in fitting[:MOST_DOCUMENTS]]


def _cite(chunk: FoundChunk, found: Found, embedder: Embedder) -> OtherCitation:
    sentences = split_sentences(chunk.text, chunk.language)
    vectors = embedder.embed_passages([chunk.text[span.start : span.end] for span in sentences])
    span = best_run(chunk.text, sentences, vectors, found.vector)
    return OtherCitation(
        n=0,
        evidence="external",
        quote=chunk.text[span.start : span.end],
        language=chunk.language,
        span=(chunk.start + span.start, chunk.start + span.end),
        url=f"/v1/sources/{quote_url(chunk.source)}?study={found.vocabulary.slug}",
        origin=Origin(
            code=chunk.source,
            title=chunk.title,
            kind=chunk.kind,
            date=chunk.date,
            version=chunk.version,
            link=chunk.url,
        ),
    )
