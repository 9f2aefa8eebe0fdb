"""Which label belongs to whom, when names do not say it: all labels of an interview weighed together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from app.vocabulary import Role
from ingest.roles.signals import INTERJECTION_WORDS

CAST_ROLES = (Role.INTERVIEWER, Role.PARTICIPANT, Role.OTHER)
MAX_FREE_LABELS = 5

# The turns of one label share a speaker's habits: n of them count as n / (1 + CORRELATION * (n - 1)) witnesses.
CORRELATION = 0.3

# Log-probabilities of how an interview is staffed, and of the share of all words that an onlooker and a teller hold.
NOBODY_ASKS = -3.0
NOBODY_TELLS = -5.0
SECOND_INTERVIEWER = -1.0
SECOND_PARTICIPANT = -2.0
ONLOOKER = -1.0
ONLOOKER_SHARE = -20.0
TELLER_SHARE = 0.1


def infer_cast(
    labels: Sequence[str],
    asking: NDArray[np.float64],
    words: NDArray[np.float64],
    known: Mapping[str, Role],
    one_participant: bool,
) -> dict[str, tuple[Role, float]]:
    """The likeliest role of each label that is not known, with its probability.

    Every assignment of roles to the free labels with the most words is scored by what their turns sound like and by how
    plausible such a cast is; labels beyond `MAX_FREE_LABELS` are left out.

    Args:
        labels: the label of each turn.
        asking: shape (n_turns,); log-odds that a turn asks.
        words: shape (n_turns,); length of each turn.
        known: the roles of the labels that are known.
        one_participant: whether exactly one participant is expected.
    """
    spoken = Counter[str]()
    for label, count in zip(labels, words, strict=True):
        spoken[label] += int(count)
    free = [label for label, _ in spoken.most_common() if label not in known][:MAX_FREE_LABELS]
    given = [known[label] for label in spoken if label in known]
    turn_labels, speaking = np.array(labels, dtype=object), words > INTERJECTION_WORDS
    evidence = np.array(
        [_label_evidence(asking[speaking & (turn_labels == label)], spoken[label] / spoken.total()) for label in free]
    )
    casts = list(product(range(len(CAST_ROLES)), repeat=len(free)))
    scores = np.array(
        [
            sum(evidence[place, role] for place, role in enumerate(cast))
            + _plausibility([*given, *(CAST_ROLES[role] for role in cast)], one_participant)
            for cast in casts
        ]
    )
    weights = np.exp(scores - scores.max())
    weights /= weights.sum()
    return {label: _likeliest([cast[place] for cast in casts], weights) for place, label in enumerate(free)}


def _label_evidence(asking: NDArray[np.float64], share: float) -> tuple[float, float, float]:
    """Log-likelihood of one label's turns under each of `CAST_ROLES`, up to a constant."""
    lean = float(asking.sum()) / (1 + CORRELATION * max(len(asking) - 1, 0)) / 2
    return lean, -lean + min(np.log(share / TELLER_SHARE), 0.0), ONLOOKER + ONLOOKER_SHARE * share


def _plausibility(cast: Sequence[Role], one_participant: bool) -> float:
    asking, telling = cast.count(Role.INTERVIEWER), cast.count(Role.PARTICIPANT)
    return (
        NOBODY_ASKS * (asking == 0)
        + NOBODY_TELLS * (telling == 0)
        + SECOND_INTERVIEWER * max(asking - 1, 0)
        + SECOND_PARTICIPANT * max(telling - 1, 0) * one_participant
    )


def _likeliest(roles: Sequence[int], weights: NDArray[np.float64]) -> tuple[Role, float]:
    totals = np.bincount(roles, weights=weights, minlength=len(CAST_ROLES))
    best = int(totals.argmax())
    return CAST_ROLES[best], float(min(totals[best], 1.0))
