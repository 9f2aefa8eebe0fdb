"""Cross-encoders: models that read two texts together, loaded once and only when they are asked for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.errors import UnavailableError
from app.memory import loaded_once

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

PairScores = Callable[[Sequence[tuple[str, str]]], NDArray[np.float32]]
"""Pairs of texts to one number each, shape (n,), in [0, 1]."""

_MOST_TOKENS = 512
_REMEDY = "set {variable} to the path of one, or unset it"


@loaded_once
def load_entailment(name: str) -> PairScores:
    """Load a cross-encoder that says whether the first text of a pair entails the second, by its id or path.

    Raises:
        UnavailableError: it cannot be loaded, or has no label for entailment.
    """
    model = load_cross_encoder(name, "VERBATIM_JUDGE")
    labels = dict(getattr(model.config, "label2id", None) or {})
    entailment = next((int(number) for label, number in labels.items() if label.casefold().startswith("entail")), None)
    if entailment is None:
        remedy = _REMEDY.format(variable="VERBATIM_JUDGE")
        raise UnavailableError(f"the model {name} does not tell entailment; {remedy}")

    def entailed(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        if not pairs:
            return np.zeros(0, np.float32)
        scores = np.asarray(model.predict(list(pairs), apply_softmax=True, show_progress_bar=False), np.float32)
        return scores[:, entailment]

    return entailed


@loaded_once
def load_relevance(name: str) -> PairScores:
    """Load a cross-encoder that says how relevant the second text of a pair is to the first, by its id or path.

    Raises:
        UnavailableError: it cannot be loaded, or gives something else than one number for a pair.
    """
    model = load_cross_encoder(name, "VERBATIM_RERANKER")
    if getattr(model.config, "num_labels", 0) != 1:
        remedy = _REMEDY.format(variable="VERBATIM_RERANKER")
        raise UnavailableError(f"the model {name} does not rank; {remedy}")

    def relevant(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        if not pairs:
            return np.zeros(0, np.float32)
        return np.asarray(model.predict(list(pairs), show_progress_bar=False), np.float32)

    return relevant


def load_cross_encoder(name: str, variable: str) -> "CrossEncoder":
    """Load a cross-encoder of sentence-transformers; `variable` is the setting that names it.

    Raises:
        UnavailableError: it is not there and cannot be fetched.
    """
    from sentence_transformers import CrossEncoder

    try:
        model: CrossEncoder = CrossEncoder(name, local_files_only=Path(name).exists(), max_length=_MOST_TOKENS)
    except (OSError, ValueError) as error:
        message = f"the model {name} cannot be loaded; {_REMEDY.format(variable=variable)}"
        raise UnavailableError(message) from error
    return model
