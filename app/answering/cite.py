"""From a candidate to a citation: the shortest run of whole sentences that carries the answer, cut by offsets."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as quote_url

import numpy as np
from numpy.typing import NDArray

from app.answering.queries import StoredUtterance
from app.answering.rank import Ranked
from app.answering.schemas import Citation
from app.embedding import Embedder
from app.text import Span, split_sentences
from app.vocabulary import Polarity, Role

LEAST_QUOTE_WORDS = 5
GOOD_ENOUGH = 0.93
LOW_CONFIDENCE = 0.6


@dataclass(frozen=True)
class Quoted:
    """A candidate with the span of its utterance that is quoted."""

    ranked: Ranked
    span: Span
    polarity: Polarity


def choose_spans(ranked: Sequence[Ranked], question: NDArray[np.float32], embedder: Embedder) -> list[Span]:
    """Choose the span to quote from each candidate.

    Args:
        ranked: n candidates.
        question: shape (dimension,), unit length.

    Returns:
        n spans, each a run of whole sentences.
    """
    sentences = [_quotable_sentences(item) for item in ranked]
    texts = [
        item.candidate.text[span.start : span.end]
        for item, spans in zip(ranked, sentences, strict=True)
        for span in spans
    ]
    vectors = embedder.embed_passages(texts)
    spans, at = [], 0
    for item, sentence_spans in zip(ranked, sentences, strict=True):
        own = vectors[at : at + len(sentence_spans)]
        at += len(sentence_spans)
        spans.append(best_run(item.candidate.text, sentence_spans, own, question))
    return spans


def best_run(text: str, sentences: Sequence[Span], vectors: NDArray[np.float32], question: NDArray[np.float32]) -> Span:
    """Choose the shortest run of sentences that is nearly as close to the question as the closest run.

    A run's vector is the sum of its sentences' vectors, weighted by their words; a run shorter than five words is
    taken only when there is no longer one.

    Args:
        text: the utterance.
        sentences: n >= 1 spans of `text`, in order.
        vectors: shape (n, dimension), unit rows.
        question: shape (dimension,), unit length.
    """
    if len(sentences) == 1:
        return sentences[0]
    words = np.array([len(text[span.start : span.end].split()) for span in sentences])
    sums = np.vstack([np.zeros_like(question), np.cumsum(vectors * words[:, None], axis=0)])
    counts = np.concatenate([[0], np.cumsum(words)])
    first, last = np.triu_indices(len(sums), 1)
    lengths = counts[last] - counts[first]
    scores = _cosines(sums, question)[first, last]
    long_enough = lengths >= min(LEAST_QUOTE_WORDS, counts[-1])
    best = scores[long_enough].max()
    fitting = np.flatnonzero(long_enough & (scores >= (GOOD_ENOUGH * best if best > 0 else best)))
    chosen = fitting[np.lexsort((first[fitting], -scores[fitting], lengths[fitting]))[0]]
    return Span(sentences[first[chosen]].start, sentences[last[chosen] - 1].end)


def _cosines(sums: NDArray[np.float32], question: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosine of every difference `sums[last] - sums[first]` to the question, shape (n, n); 0 for no difference."""
    gram = sums @ sums.T
    squares = gram.diagonal()
    lengths = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * gram, 0))
    towards = sums @ question
    cosines: NDArray[np.float32] = np.divide(
        towards[None, :] - towards[:, None], lengths, out=np.zeros_like(lengths), where=lengths > 1e-4
    )
    return cosines


def _quotable_sentences(item: Ranked) -> tuple[Span, ...]:
    """Sentences of the utterance; those inside the span that a person tagged with the claim's code, if one did."""
    candidate = item.candidate
    sentences = split_sentences(candidate.text, candidate.language)
    tag = item.tag
    if tag is None or tag.basis != "person":
        return sentences
    inside = tuple(span for span in sentences if tag.start <= span.start and span.end <= tag.end)
    return inside or sentences


def cite(n: int, quoted: Quoted, stored: StoredUtterance, study: str) -> Citation:
    """Cut the quote out of the stored text and say everything about where it comes from."""
    candidate, span = quoted.ranked.candidate, quoted.span
    start_ms, end_ms = time_of(span, stored)
    return Citation(
        n=n,
        evidence="interview",
        quote=stored.text[span.start : span.end],
        language=candidate.language,
        translation=None,
        participant=candidate.participant,
        segment=candidate.segment,
        role=Role.PARTICIPANT,
        verbatim=True,
        via_interpreter=False,
        interview=candidate.interview,
        utterance=candidate.utterance_id,
        transcript=candidate.transcript_id,
        span=(span.start, span.end),
        utterance_text=stored.text,
        question_before=candidate.question_before,
        start_ms=start_ms,
        end_ms=end_ms,
        codes=tuple(dict.fromkeys(tag.code for tag in candidate.tags)),
        polarity=quoted.polarity,
        relevance=quoted.ranked.relevance,
        low_confidence=candidate.confidence is not None and candidate.confidence < LOW_CONFIDENCE,
        url=url_of(candidate.interview, study, candidate.utterance_id),
        audio_url=_audio_url(candidate.recording_id, start_ms, end_ms),
    )


def url_of(interview: str, study: str, utterance_id: uuid.UUID) -> str:
    """Where an utterance is shown in its interview."""
    return f"/interviews/{quote_url(interview)}?study={study}#u-{utterance_id}"


def time_of(span: Span, stored: StoredUtterance) -> tuple[int | None, int | None]:
    """When a span was said: from the start of its first cue to the end of its last, else the utterance's times (ms)."""
    inside = [cue for cue in stored.cues if cue["end"] > span.start and cue["start"] < span.end]
    if not inside:
        return stored.start_ms, stored.end_ms
    starts = [cue["start_ms"] for cue in inside if cue["start_ms"] is not None]
    ends = [cue["end_ms"] for cue in inside if cue["end_ms"] is not None]
    return (min(starts) if starts else stored.start_ms, max(ends) if ends else stored.end_ms)


def _audio_url(recording_id: uuid.UUID | None, start_ms: int | None, end_ms: int | None) -> str | None:
    if recording_id is None or start_ms is None or end_ms is None:
        return None
    return f"/v1/recordings/{recording_id}/audio#t={start_ms / 1000:.1f},{end_ms / 1000:.1f}"
