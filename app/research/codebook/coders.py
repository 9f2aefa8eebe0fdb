"""Who coded what, in units that can be compared: pure functions over taggings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from app.research.codebook.agreement import Coefficient, cohen_kappa, krippendorff_alpha, observed_agreement

Value = frozenset[str]
Codings = Mapping[str, Mapping[str, Value]]
"""What one coder says: by utterance the codes that it was given, each with its polarities."""


class Said(NamedTuple):
    """A code that a coder gave an utterance, affirmed or denied."""

    coder: str
    utterance: str
    code: str
    polarity: str


@dataclass(frozen=True)
class Pair:
    """How two coders agree on the utterances that both coded; a unit is such an utterance and a code."""

    coders: tuple[str, str]
    utterances: int
    units: int
    observed: float | None
    kappa: Coefficient


@dataclass(frozen=True)
class Compared:
    """How all coders agree on one code, or, without one, on all codes together."""

    code: str | None
    utterances: int
    units: int
    alpha: Coefficient
    pairs: tuple[Pair, ...]


def gather(said: Iterable[Said], read: Mapping[str, Collection[str]]) -> dict[str, Codings]:
    """Gather what each coder says.

    Args:
        said: the codes that coders gave.
        read: utterances that a coder is known to have read, also those to which it gave no code.
    """
    coders: dict[str, dict[str, dict[str, set[str]]]] = {
        coder: {utterance: {} for utterance in utterances} for coder, utterances in read.items()
    }
    for each in said:
        utterance = coders.setdefault(each.coder, {}).setdefault(each.utterance, {})
        utterance.setdefault(each.code, set()).add(each.polarity)
    return {
        coder: {
            utterance: {code: frozenset(polarities) for code, polarities in codes.items()}
            for utterance, codes in utterances.items()
        }
        for coder, utterances in coders.items()
    }


def compare(coders: Mapping[str, Codings]) -> tuple[Compared, ...]:
    """Compare two or more coders on all codes together, and then on each that one of them gave a shared utterance."""
    used = sorted(
        {code for utterance in _shared(coders) for codings in coders.values() for code in codings.get(utterance, {})}
    )
    return (_compared(None, used, coders), *(_compared(code, [code], coders) for code in used))


def _compared(code: str | None, used: Sequence[str], coders: Mapping[str, Codings]) -> Compared:
    shared = _shared(coders)
    units = [
        [codings[utterance].get(each, Value()) for codings in coders.values() if utterance in codings]
        for utterance in shared
        for each in used
    ]
    pairs = tuple(_pair((one, other), used, coders) for one, other in combinations(coders, 2))
    return Compared(code, len(shared), len(units), krippendorff_alpha(units), pairs)


def _pair(names: tuple[str, str], used: Sequence[str], coders: Mapping[str, Codings]) -> Pair:
    one, other = (coders[name] for name in names)
    shared = sorted(one.keys() & other.keys())
    values = [
        (one[utterance].get(code, Value()), other[utterance].get(code, Value()))
        for utterance in shared
        for code in used
    ]
    return Pair(names, len(shared), len(values), observed_agreement(values), cohen_kappa(values))


def _shared(coders: Mapping[str, Codings]) -> list[str]:
    """The utterances that at least two coded, in order."""
    often: dict[str, int] = defaultdict(int)
    for codings in coders.values():
        for utterance in codings:
            often[utterance] += 1
    return sorted(utterance for utterance, count in often.items() if count > 1)
