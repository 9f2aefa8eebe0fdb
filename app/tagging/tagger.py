"""Tagging without a chat model: which codes and kinds a participant's utterance affirms or denies, and how surely."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.embedding import Embedder, EmbedderIdentity
from app.tagging.confidence import Confidences, weigh
from app.tagging.features import Said, SaidVectors, Sentences, embed_said, observe
from app.tagging.polarity import AFFIRMED, Judgement, polarity_of
from app.tagging.similarity import Numbers
from app.tagging.store import TAGGER
from app.tagging.taggings import NewTagging
from app.tagging.targets import KINDS, CodeTargets, KindTargets, TagCode, code_targets, kind_targets
from app.text import Span
from app.vocabulary import Polarity

VERSION = 2

LEAST_CODE_CONFIDENCE = 0.5
LEAST_KIND_CONFIDENCE = 0.35
MOST_TAGS = 3
ALIKE = 1.0


class _Found(NamedTuple):
    """What an utterance affirms or denies: a column of the codes or of the kinds."""

    column: int
    span: Span
    polarity: Polarity
    confidence: float


def author_of(identity: EmbedderIdentity) -> str:
    """Name who tags: the tagger with its version, and the model that it compares by."""
    return f"{TAGGER}/{VERSION} {identity.name}@{identity.revision}"


def tag(utterances: Sequence[Said], codes: Sequence[TagCode], embedder: Embedder) -> list[NewTagging]:
    """Tag the participants' utterances of one interview.

    Returns:
        for each utterance up to three of the study's own codes and three kinds; for most of them none.
    """
    return Tagger.of(codes, embedder).tag(utterances, None)


@dataclass(frozen=True)
class Tagger:
    """What is looked for in a study, embedded once for all of its interviews."""

    kinds: KindTargets
    kind_ids: tuple[uuid.UUID | None, ...]
    codes: CodeTargets
    embedder: Embedder

    @classmethod
    def of(cls, codes: Sequence[TagCode], embedder: Embedder) -> "Tagger":
        """Prepare to look for codes; one that is called like its kind stands for the kind."""
        general = {code.kind: code.id for code in codes if code.is_general}
        kind_ids = tuple(general.get(kind) for kind in KINDS)
        return cls(kind_targets(embedder), kind_ids, code_targets(codes, embedder), embedder)

    def tag(
        self, utterances: Sequence[Said], interview_id: uuid.UUID | None, vectors: SaidVectors | None = None
    ) -> list[NewTagging]:
        """Tag the utterances of one interview; what persons tagged in this very interview is no example for it.

        `vectors` are those of the utterances, where they are embedded already.
        """
        if not utterances:
            return []
        vectors = vectors or embed_said(utterances, self.embedder)
        judgements = [polarity_of(said.text, said.language, said.question) for said in utterances]
        features = observe(utterances, self.kinds, self.codes, self.embedder, interview_id, vectors)
        sure = weigh(features, self.codes.kinds, judgements)
        return [
            tagging
            for row, said in enumerate(utterances)
            for tagging in self._tag_one(row, said, judgements[row], features.sentences, sure)
        ]

    def _tag_one(
        self, row: int, said: Said, judged: Judgement, sentences: Sentences, sure: Confidences
    ) -> Iterator[NewTagging]:
        author = author_of(self.embedder.identity)
        spans, to_codes, to_kinds = sentences.of(row)
        words = _Words(said, judged, spans)
        for found in _find(sure.affirmed_codes[row], sure.denied_codes[row], LEAST_CODE_CONFIDENCE, words, to_codes):
            yield _tagging(said, found, self.codes.codes[found.column].id, author, "model")
        for found in _find(sure.affirmed_kinds[row], sure.denied_kinds[row], LEAST_KIND_CONFIDENCE, words, to_kinds):
            kind_id = self.kind_ids[found.column]
            by_cue = (
                sure.affirmed_kinds_without_cues[row, found.column]
                < LEAST_KIND_CONFIDENCE
                <= sure.affirmed_kinds[row, found.column]
            )
            if kind_id is not None:
                yield _tagging(said, found, kind_id, author, "rule" if by_cue else "model")


class _Words(NamedTuple):
    """The words of an utterance, judged and split into sentences."""

    said: Said
    judged: Judgement
    sentences: tuple[Span, ...]


def _find(affirmed: Numbers, denied: Numbers, least: float, words: _Words, likeness: Numbers) -> list[_Found]:
    """Find what is sure enough, the surest first.

    Args:
        affirmed: shape (m,).
        denied: shape (m,).
        least: the least confidence.
        words: of the utterance.
        likeness: shape (s, m); of its sentences.
    """
    surest = np.argsort(-np.maximum(affirmed, denied), kind="stable")[:MOST_TAGS] if words.sentences else ()
    found = []
    for column in surest:
        if denied[column] >= least:
            whole = Span(words.sentences[0].start, words.sentences[-1].end)
            found.append(_Found(int(column), whole, Polarity.DENIED, float(denied[column])))
        elif affirmed[column] >= least:
            span = _run(words.sentences, likeness[:, column])
            found.append(_Found(int(column), span, _polarity_within(words, span), float(affirmed[column])))
    return found


def _run(sentences: tuple[Span, ...], likeness: Numbers) -> Span:
    """The sentence that is most alike, with those around it that are alike too."""
    first = last = int(likeness.argmax())
    while first > 0 and likeness[first - 1] >= ALIKE:
        first -= 1
    while last + 1 < len(sentences) and likeness[last + 1] >= ALIKE:
        last += 1
    return Span(sentences[first].start, sentences[last].end)


def _polarity_within(words: _Words, span: Span) -> Polarity:
    """A plain answer may deny one of the things that it speaks of ("Lo de Hacienda no, ahí ninguna queja")."""
    if words.judged.polarity is Polarity.AFFIRMED and words.judged != AFFIRMED:
        return Polarity.AFFIRMED
    return polarity_of(words.said.text[span.start : span.end], words.said.language, None).polarity


def _tagging(said: Said, found: _Found, code_id: uuid.UUID, author: str, basis: str) -> NewTagging:
    start, end = found.span.start, found.span.end
    return NewTagging(said.index, code_id, start, end, found.polarity, author, basis, round(found.confidence, 3))
