"""How sure it is that an utterance affirms or denies a code or a kind: logistic, with fixed weights.

`python -m bench.tagging` fits the weights on the sample study and on the invented talk of `kinds.yaml`. Here they stand
rounded, and the length weighs less than it does there, with the same sum for 25 words: in that study people speak at
length, elsewhere a short answer may say as much. What they give stands in docs/quality/tagging.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.tagging.features import Features
from app.tagging.polarity import LEFT_OPEN, Judgement
from app.tagging.similarity import Indices, Numbers, mean_of_best
from app.tagging.targets import KINDS
from app.vocabulary import Polarity

Weights = Mapping[str, float]


@dataclass(frozen=True)
class TagWeights:
    """Weights of the features, and their bias; for a kind they differ where the study has codes of that kind."""

    code: Weights
    code_with_passages: Weights
    kind: Weights
    kind_with_codes: Weights
    denied_code: Weights
    denied_kind: Weights
    denied_kind_with_codes: Weights


WEIGHTS = TagWeights(
    code={"bias": -10.3, "own": 1.0, "sentence": 0.65, "asked": 0.45, "length": 1.2},
    code_with_passages={
        "bias": -11.7,
        "own": 0.65,
        "sentence": 0.55,
        "asked": 0.35,
        "length": 1.2,
        "passages": 1.2,
        "passages_asked": 0.6,
    },
    kind={"bias": -7.6, "own": 1.2, "asked": 1.0, "cues": 2.4, "length": 0.45},
    kind_with_codes={"bias": -5.0, "own": 0.3, "asked": 0.8, "cues": 1.6, "length": 1.0, "codes": 0.85},
    denied_code={"bias": -8.3, "own": 0.5, "asked": 1.85},
    denied_kind={"bias": -4.7, "asked": 1.3},
    denied_kind_with_codes={"bias": -0.8, "asked": 0.6, "codes": 0.95},
)

# What a question scores on average. It stands where none was asked, and where the answer is not an answer.
USUAL_QUESTION: Weights = {"asked": 0.0, "passages_asked": 0.5}
USUAL_QUESTION_ON_KINDS: Weights = {"asked": 1.1}

# What an utterance's own words must give, with such a question, so that what only the interviewer raised is nothing.
LEAST_OF_OWN_CODE = 0.005
LEAST_OF_OWN_KIND = 0.03

# What a kind's own talk counts for where the study has codes of that kind, but none of them is likely.
BESIDE_CODES = 0.65

# From here on a denial is about a code, so that its other words do not affirm it.
ABOUT_CODE = 0.1


@dataclass(frozen=True)
class Confidences:
    """How sure it is that n utterances affirm, or deny, each of c codes, or of k kinds; in [0, 1], shape (n, c or k).

    `affirmed_kinds_without_cues` is what is left of `affirmed_kinds` when cue words do not count.
    """

    affirmed_codes: Numbers
    denied_codes: Numbers
    affirmed_kinds: Numbers
    denied_kinds: Numbers
    affirmed_kinds_without_cues: Numbers


def weigh(
    features: Features, code_kinds: Indices, judgements: Sequence[Judgement], weights: TagWeights = WEIGHTS
) -> Confidences:
    """Weigh the features of n utterances.

    What is denied is the topic of the question. An utterance that denies it may affirm other topics, by its own words.

    Args:
        features: of the utterances.
        code_kinds: shape (c,); the number of each code's kind.
        judgements: the polarity of each utterance.
        weights: other than the fixed ones only where weights are fitted.
    """
    denials = np.array([[judged.confidence * (judged.polarity is Polarity.DENIED)] for judged in judgements])
    answers = np.array([judged.polarity is Polarity.AFFIRMED and judged != LEFT_OPEN for judged in judgements], bool)
    groups = tuple(np.flatnonzero(code_kinds == number) for number in range(len(KINDS)))
    denied_codes = _logits(features.codes, weights.denied_code)
    raised_codes = _probability(denied_codes)
    raised_kinds = _of_kinds(features.kinds, denied_codes, groups, weights.denied_kind, weights.denied_kind_with_codes)
    codes, kinds = _affirmed(features, groups, answers & features.asked, weights)
    own_codes, own_kinds = _affirmed(features, groups, np.zeros_like(answers), weights)
    _, without_cues = _affirmed(_without_cues(features), groups, answers & features.asked, weights)
    codes_stand = ((denials == 0) | (raised_codes < ABOUT_CODE)) & (own_codes >= LEAST_OF_OWN_CODE)
    kinds_stand = ((denials == 0) | (raised_kinds < ABOUT_CODE)) & (own_kinds >= LEAST_OF_OWN_KIND)
    return Confidences(
        affirmed_codes=codes * codes_stand,
        denied_codes=raised_codes * denials,
        affirmed_kinds=kinds * kinds_stand,
        denied_kinds=raised_kinds * denials,
        affirmed_kinds_without_cues=without_cues * kinds_stand,
    )


def _affirmed(
    features: Features, groups: tuple[Indices, ...], answers: NDArray[np.bool_], weights: TagWeights
) -> tuple[Numbers, Numbers]:
    """How likely codes and kinds are affirmed; the question counts where the utterance answers it, shape (n,)."""
    codes = _with_usual_question(features.codes, answers, USUAL_QUESTION)
    kinds = _with_usual_question(features.kinds, answers, USUAL_QUESTION_ON_KINDS)
    logits = np.where(features.exemplified, _logits(codes, weights.code_with_passages), _logits(codes, weights.code))
    return _probability(logits), _of_kinds(kinds, logits, groups, weights.kind, weights.kind_with_codes)


def _of_kinds(
    kinds: Mapping[str, Numbers], codes: Numbers, groups: tuple[Indices, ...], alone: Weights, with_codes: Weights
) -> Numbers:
    """How likely kinds are; where a study has codes of a kind, the likeliest of them speaks for it, or against it."""
    has_codes = np.array([len(codes) > 0 for codes in groups], bool)
    by_itself = _probability(_logits(kinds, alone))
    by_codes = _probability(_logits({**kinds, "codes": mean_of_best(codes, groups, 1)}, with_codes))
    return np.where(has_codes, np.maximum(by_codes, BESIDE_CODES * by_itself), by_itself)


def _without_cues(features: Features) -> Features:
    return replace(features, kinds={**features.kinds, "cues": np.zeros_like(features.kinds["cues"])})


def _with_usual_question(
    arrays: Mapping[str, Numbers], answers: NDArray[np.bool_], usual: Weights
) -> Mapping[str, Numbers]:
    replaced = {name: np.where(answers[:, None], arrays[name], value) for name, value in usual.items()}
    return {**arrays, **replaced}


def _logits(arrays: Mapping[str, Numbers], weights: Weights) -> Numbers:
    terms = [weight * arrays[name] for name, weight in weights.items() if name != "bias"]
    total: Numbers = weights["bias"] + sum(terms[1:], start=terms[0])
    return total


def _probability(logits: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-logits))
