"""Where to listen, and for which language: speech to stretches, stretches to languages, both to pieces for the model.

Everything here is pure. A piece holds one language and at most 29 s, so that Whisper hears it in one window and no
change of language falls into one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FRAME_MS = 32
MAX_STRETCH_MS = 8_000
MAX_PIECE_MS = 29_000
MAX_INNER_PAUSE_MS = 3_000
SURE_MS = 3_000
"""A stretch at least this long tells its language by itself; a shorter one counts less, its neighbours more."""

_ON, _OFF = 0.5, 0.35
_MIN_PAUSE_MS = 200
_MIN_SPEECH_MS = 190
_PAD_MS = 300
_CHANGE_PROBABILITY = 0.15
_FLOOR = 1e-3


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of speech without a pause, half-open, in ms; its first `pad_ms` are of the pause before it."""

    start_ms: int
    end_ms: int
    pad_ms: int = 0

    @property
    def onset_ms(self) -> int:
        """Where somebody begins to speak."""
        return self.start_ms + self.pad_ms

    @property
    def duration_ms(self) -> int:
        """How long it is."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Piece:
    """What the model is given at once: stretches of one language with the pauses between them."""

    stretches: tuple[Stretch, ...]
    language: str

    @property
    def start_ms(self) -> int:
        """Where its first stretch starts."""
        return self.stretches[0].start_ms

    @property
    def end_ms(self) -> int:
        """Where its last stretch ends."""
        return self.stretches[-1].end_ms

    @property
    def duration_ms(self) -> int:
        """How long it is, with the pauses."""
        return self.end_ms - self.start_ms


def find_stretches(probabilities: NDArray[np.float32], duration_ms: int) -> tuple[Stretch, ...]:
    """Cut speech at its pauses, and where it has none for 8 s, where it is faintest.

    Speech begins at 0.5 and goes on above 0.35; pauses shorter than 200 ms are none; what is shorter than 190 ms is no
    speech. Stretches are widened by 300 ms, or to the middle of the pause, and never overlap.

    Args:
        probabilities: of speech, shape (n,), one for each 32 ms.
        duration_ms: of the recording.
    """
    spans = [
        part
        for start, end in _bridge(_hysteresis(probabilities))
        if (end - start) * FRAME_MS >= _MIN_SPEECH_MS
        for part in _split(probabilities, start, end)
    ]
    return _widen([Stretch(start * FRAME_MS, end * FRAME_MS) for start, end in spans], duration_ms)


def choose_languages(
    stretches: Sequence[Stretch], heard: Sequence[Mapping[str, float]], languages: Sequence[str]
) -> tuple[str, ...]:
    """Choose the likeliest sequence of languages: what was heard in each stretch, and that people rarely switch.

    A hidden Markov model, decoded by Viterbi's algorithm: with p the probability of a language among `languages`, a
    stretch weighs log p * min(1, duration / 3 s), a switch costs log(0.15 / 0.85).

    Args:
        stretches: in order of time.
        heard: for each stretch, probabilities of languages; they need not sum to one, nor name all languages.
        languages: that are possible; the first where nothing tells.
    """
    if not stretches:
        return ()
    change = math.log(_CHANGE_PROBABILITY / (1 - _CHANGE_PROBABILITY))
    scores = [0.0] * len(languages)
    best_before: list[list[int]] = []
    for stretch, probabilities in zip(stretches, heard, strict=True):
        weight = min(1.0, stretch.duration_ms / SURE_MS)
        evidence = [weight * math.log(share) for share in restrict(probabilities, languages)]
        arrivals = [[score + change * (now != then) for then, score in enumerate(scores)] for now in range(len(scores))]
        best_before.append([max(range(len(row)), key=row.__getitem__) for row in arrivals])
        scores = [max(row) + said for row, said in zip(arrivals, evidence, strict=True)]
    path = [max(range(len(scores)), key=scores.__getitem__)]
    for choices in reversed(best_before[1:]):
        path.append(choices[path[-1]])
    return tuple(languages[index] for index in reversed(path))


def restrict(probabilities: Mapping[str, float], languages: Sequence[str]) -> tuple[float, ...]:
    """Renormalise probabilities to some languages, none below a thousandth."""
    shares = [max(probabilities.get(language, 0.0), 0.0) + _FLOOR for language in languages]
    return tuple(share / sum(shares) for share in shares)


def join_pieces(stretches: Sequence[Stretch], languages: Sequence[str]) -> tuple[Piece, ...]:
    """Join neighbours of one language to pieces of at most 29 s, without pauses above 3 s."""
    pieces: list[Piece] = []
    for stretch, language in zip(stretches, languages, strict=True):
        last = pieces[-1] if pieces else None
        if last is not None and _belongs(last, stretch, language):
            pieces[-1] = Piece((*last.stretches, stretch), language)
        else:
            pieces.append(Piece((stretch,), language))
    return tuple(pieces)


def _belongs(piece: Piece, stretch: Stretch, language: str) -> bool:
    return (
        piece.language == language
        and stretch.start_ms - piece.end_ms <= MAX_INNER_PAUSE_MS
        and stretch.end_ms - piece.start_ms <= MAX_PIECE_MS
    )


def _hysteresis(probabilities: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Half-open spans of frames above 0.35 that reach 0.5 somewhere."""
    loud = np.concatenate([[False], probabilities >= _OFF, [False]])
    edges = np.flatnonzero(loud[1:] != loud[:-1])
    spans = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(start, end) for start, end in spans if probabilities[start:end].max() >= _ON]


def _bridge(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans with too short a pause between them."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and (start - joined[-1][1]) * FRAME_MS < _MIN_PAUSE_MS:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _split(probabilities: NDArray[np.float32], start: int, end: int) -> list[tuple[int, int]]:
    """Halve what is too long at the faintest frame of its middle half, until it is not."""
    spans, ready = [(start, end)], []
    while spans:
        first, last = spans.pop()
        if (last - first) * FRAME_MS <= MAX_STRETCH_MS:
            ready.append((first, last))
            continue
        quarter = (last - first) // 4
        cut = first + quarter + int(np.argmin(probabilities[first + quarter : last - quarter]))
        spans += [(cut, last), (first, cut)]
    return ready


def _widen(stretches: Sequence[Stretch], duration_ms: int) -> tuple[Stretch, ...]:
    """Widen stretches by 300 ms, or to the middle of a shorter pause, within the recording."""
    ends = [0, *(stretch.end_ms for stretch in stretches)]
    starts = [*(stretch.start_ms for stretch in stretches), duration_ms]
    pads = [
        min(_PAD_MS, max(0, start - end) // 2) if 0 < index < len(stretches) else min(_PAD_MS, max(0, start - end))
        for index, (end, start) in enumerate(zip(ends, starts, strict=True))
    ]
    return tuple(
        Stretch(stretch.start_ms - before, min(stretch.end_ms + after, duration_ms), before)
        for stretch, (before, after) in zip(stretches, pairwise(pads), strict=True)
    )
