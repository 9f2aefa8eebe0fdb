"""The features of tagging: how like each code and each kind every utterance is, and the question that it answers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.embedding import Embedder, Vectors
from app.tagging.kinds import find_cues
from app.tagging.similarity import Indices, Numbers, Targets, highest_of_each, mean_of_best
from app.tagging.targets import KINDS, CodeTargets, KindTargets, embed_asked
from app.text import Span, split_sentences

BEST_EXAMPLES = 8
BEST_QUESTIONS = 3
BEST_PASSAGES = 2
MOST_CUES = 2
ENOUGH_WORDS = 25


@dataclass(frozen=True)
class Said:
    """An utterance to tag, by its index in the interview, with the question that it answers."""

    index: int
    text: str
    language: str
    question: str | None


@dataclass(frozen=True)
class Sentences:
    """The s sentences of n utterances: whose each is, and how like the codes and the kinds.

    `owners` has shape (s,), `to_codes` (s, c), `to_kinds` (s, k).
    """

    spans: tuple[Span, ...]
    owners: Indices
    to_codes: Numbers
    to_kinds: Numbers

    def of(self, utterance: int) -> tuple[tuple[Span, ...], Numbers, Numbers]:
        """The sentences of one utterance, and how like the codes and the kinds they are."""
        first, last = np.searchsorted(self.owners, [utterance, utterance + 1])
        return self.spans[first:last], self.to_codes[first:last], self.to_kinds[first:last]


@dataclass(frozen=True)
class Features:
    """What speaks for each of c codes and k kinds in n utterances.

    The arrays of `codes` have shape (n, c), those of `kinds` (n, k), or are broadcast to it. `exemplified`, shape (c,),
    says for which codes there are tagged passages; `asked`, shape (n,), which utterances answer a question.
    """

    codes: Mapping[str, Numbers]
    kinds: Mapping[str, Numbers]
    exemplified: NDArray[np.bool_]
    asked: NDArray[np.bool_]
    sentences: Sentences


class SaidVectors(NamedTuple):
    """n utterances and the questions that they answer, zero without one: each of shape (n, dimension)."""

    own: Vectors
    questions: Vectors


def embed_said(utterances: Sequence[Said], embedder: Embedder) -> SaidVectors:
    """Embed the utterances of one interview and what they answer."""
    own = embedder.embed_passages([said.text for said in utterances])
    return SaidVectors(own, embed_asked([said.question for said in utterances], embedder))


def observe(
    utterances: Sequence[Said],
    kinds: KindTargets,
    codes: CodeTargets,
    embedder: Embedder,
    interview_id: uuid.UUID | None,
    vectors: SaidVectors,
) -> Features:
    """Compare the utterances of one interview with all targets; what was tagged in this very interview is left out."""
    spans, owners = _split(utterances)
    sentences = [utterances[owner].text[span.start : span.end] for span, owner in zip(spans, owners, strict=True)]
    of_sentences = embedder.embed_passages(sentences)
    asked = np.array([bool(said.question) for said in utterances], bool)
    own_to_codes, code_scale = codes.said.measure(vectors.own)
    own_to_kinds, kind_scale = kinds.said.measure(vectors.own)
    own_to_passages, _ = codes.passages.measure(vectors.own)
    sentences_to_codes = code_scale.likeness(of_sentences)
    length = np.log([[min(max(1, len(said.text.split())), ENOUGH_WORDS)] for said in utterances])
    outside = codes.passages_outside(interview_id)
    return Features(
        codes={
            "own": own_to_codes,
            "sentence": highest_of_each(sentences_to_codes, owners, len(utterances)),
            "asked": _asked(codes.asked, vectors.questions, asked),
            "passages": mean_of_best(own_to_passages, outside, BEST_PASSAGES),
            "passages_asked": mean_of_best(_asked(codes.questions, vectors.questions, asked), outside, BEST_PASSAGES),
            "length": length,
        },
        kinds={
            "own": mean_of_best(own_to_kinds, kinds.said_columns, BEST_EXAMPLES),
            "asked": mean_of_best(_asked(kinds.asked, vectors.questions, asked), kinds.asked_columns, BEST_QUESTIONS),
            "cues": _cues(utterances),
            "length": length,
        },
        exemplified=np.array([len(passages) > 0 for passages in outside], bool),
        asked=asked,
        sentences=Sentences(
            spans,
            owners,
            sentences_to_codes,
            mean_of_best(kind_scale.likeness(of_sentences), kinds.said_columns, BEST_EXAMPLES),
        ),
    )


def _asked(targets: Targets, questions: Vectors, asked: NDArray[np.bool_]) -> Numbers:
    """How like the targets the questions are; 0 where none was asked."""
    likeness, _ = targets.measure(questions[asked])
    spread_out = np.zeros((len(asked), likeness.shape[1]))
    spread_out[asked] = likeness
    return spread_out


def _split(utterances: Sequence[Said]) -> tuple[tuple[Span, ...], Indices]:
    spans = [split_sentences(utterance.text, utterance.language) for utterance in utterances]
    owners = [number for number, found in enumerate(spans) for _ in found]
    return tuple(span for found in spans for span in found), np.array(owners, np.int64)


def _cues(utterances: Sequence[Said]) -> Numbers:
    counts = [find_cues(utterance.text, utterance.language) for utterance in utterances]
    return np.array([[min(found.get(kind, 0), MOST_CUES) for kind in KINDS] for found in counts], np.float64)
