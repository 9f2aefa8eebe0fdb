"""Windows to train on: regions of speech, as a voice activity detector cuts them, with the times of their words."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.speech.clips import Clip, Pool
from training.speech.espeak import SpokenWord
from training.speech.spectra import FRAME_MS, MEL_BANDS, QUIETEST, scale_spectrum

BREAK_MS = 60
"""A region may begin or end in a pause at least this long."""
WHOLE_WINDOW_MS = 30_000
SINGLE_SHARE = 0.4
"""Windows that hold one run of words; the others hold several, with pauses between them, as far as they fit."""


@dataclass(frozen=True)
class Sentence:
    """A sentence, or the part of one that a window holds; times count from the start of the window."""

    words: tuple[SpokenWord, ...]

    @property
    def text(self) -> str:
        """The words as written."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class Window:
    """Audio of one language and what is said there; without sentences it holds no speech.

    `cut_ms` is where a sentence starts that goes on beyond the window.
    """

    language: str
    spectrum: NDArray[np.float32]
    sentences: tuple[Sentence, ...]
    cut_ms: int | None = None


def draw_window(pool: Pool, longest_ms: int, draw: random.Random) -> Window:
    """Draw a window of at most this length."""
    parts, words = [_quiet(draw.choice((0, 50, 200, 500)))], list[SpokenWord]()
    at_ms = len_ms(parts[0])
    for _ in range(1 if draw.random() < SINGLE_SHARE else draw.randint(2, 6)):
        piece = _cut_piece(pool.draw(draw), longest_ms - at_ms - 50, draw)
        if piece is None:
            break
        spectrum, spoken = piece
        words += [SpokenWord(word.text, word.start_ms + at_ms, word.end_ms + at_ms) for word in spoken]
        parts += [spectrum, _quiet(draw.choice((50, 150, 300, 600)))]
        at_ms += len_ms(spectrum) + len_ms(parts[-1])
    if not words:
        return draw_window(pool, longest_ms, draw)
    language = pool.clips[0].line.language
    if longest_ms == WHOLE_WINDOW_MS and draw.random() < 0.3:
        return _overfull(language, parts, words, pool.draw(draw), draw)
    spectrum = _heard(np.concatenate(parts)[: longest_ms // FRAME_MS], draw)
    return Window(language, spectrum, tuple(_sentences(words)))


def draw_noise(language: str, longest_ms: int, draw: random.Random) -> Window:
    """Draw a window without speech: silence or steady noise."""
    spectrum = _quiet(draw.randint(500, longest_ms)).astype(np.float32)
    if draw.random() < 0.7:
        spectrum = spectrum + draw.uniform(0, 9) + _normal(draw, (1, MEL_BANDS), draw.uniform(0, 0.6))
    spectrum = spectrum + _normal(draw, spectrum.shape, 0.4)
    return Window(language, scale_spectrum(spectrum, float(spectrum.max()) + draw.uniform(0, 6)), ())


def len_ms(spectrum: NDArray[np.floating]) -> int:
    """The length of a spectrum in milliseconds."""
    return len(spectrum) * FRAME_MS


def _quiet(length_ms: int) -> NDArray[np.float16]:
    return np.full((length_ms // FRAME_MS, MEL_BANDS), QUIETEST, np.float16)


def _cut_piece(
    clip: Clip, longest_ms: int, draw: random.Random
) -> tuple[NDArray[np.floating], list[SpokenWord]] | None:
    """Cut a run of words between two pauses; their times count from its first frame. None where nothing fits."""
    words = clip.words
    inner = [n for n in range(1, len(words)) if words[n].start_ms - words[n - 1].end_ms >= BREAK_MS]
    starts = [0, *(n for n in inner if words[n - 1].text[-1] in ".?!" or draw.random() < 0.3)]
    first = draw.choice(starts)
    fitting = _fitting_ends(words, first, (*inner, len(words)), longest_ms - 100)
    fitting = fitting or _fitting_ends(words, first, range(len(words)), longest_ms - 100)
    if not fitting:
        return None
    last = fitting[-1] if draw.random() < 0.4 else draw.choice(fitting)
    begin_ms = words[first].start_ms - _lead(words, first, draw)
    end_ms = words[last - 1].end_ms + _lead(words, last, draw)
    spectrum = clip.spectrum[begin_ms // FRAME_MS : -(-end_ms // FRAME_MS)]
    shift = begin_ms // FRAME_MS * FRAME_MS
    return spectrum, [SpokenWord(word.text, word.start_ms - shift, word.end_ms - shift) for word in words[first:last]]


def _fitting_ends(words: Sequence[SpokenWord], first: int, ends: Iterable[int], longest_ms: int) -> list[int]:
    """Those ends of a run of words from `first` that keep it short enough."""
    return [end for end in ends if end > first and words[end - 1].end_ms - words[first].start_ms < longest_ms]


def _lead(words: Sequence[SpokenWord], place: int, draw: random.Random) -> int:
    """How much of the pause before a word stays with a piece, at most 40 ms."""
    if place in (0, len(words)):
        return 0
    return min(draw.choice((0, 20, 40)), words[place].start_ms - words[place - 1].end_ms)


def _sentences(words: Sequence[SpokenWord]) -> Iterator[Sentence]:
    """Split where a word ends a sentence, and where a pause is longer than half a second."""
    first = 0
    for number, word in enumerate(words, start=1):
        after_ms = words[number].start_ms - word.end_ms if number < len(words) else 0
        if number == len(words) or word.text[-1] in ".?!" or after_ms > 500:
            yield Sentence(tuple(words[first:number]))
            first = number


def _overfull(
    language: str, parts: list[NDArray[np.floating]], words: list[SpokenWord], more: Clip, draw: random.Random
) -> Window:
    """Fill a window to its end with a clip that goes on beyond it."""
    at_ms = sum(len_ms(part) for part in parts)
    spectrum = np.concatenate([*parts, more.spectrum])[: WHOLE_WINDOW_MS // FRAME_MS]
    words = words + [SpokenWord(word.text, word.start_ms + at_ms, word.end_ms + at_ms) for word in more.words]
    sentences = list(_sentences(words))
    whole = tuple(sentence for sentence in sentences if sentence.words[-1].end_ms <= WHOLE_WINDOW_MS)
    cut = [sentence.words[0].start_ms for sentence in sentences[len(whole) :]]
    cut_ms = cut[0] if cut and cut[0] < WHOLE_WINDOW_MS - 200 else None
    return Window(language, _heard(spectrum, draw), whole, cut_ms)


def _heard(spectrum: NDArray[np.floating], draw: random.Random) -> NDArray[np.float32]:
    """Vary how a window sounds: vocal tract, colour, noise and the loudest value of what surrounds it."""
    warped = _warp_bands(spectrum.astype(np.float32), draw.uniform(0.93, 1.07))
    coloured = warped + np.linspace(-1, 1, MEL_BANDS, dtype=np.float32) * draw.uniform(-0.4, 0.4)
    loudest = float(coloured.max())
    noise = loudest - draw.choice((6.0, 8.0, 12.0)) + _normal(draw, coloured.shape, 0.4)
    noisy = np.maximum(coloured, noise)
    if draw.random() < 0.3:
        band = draw.randrange(MEL_BANDS - 8)
        noisy[:, band : band + draw.randint(1, 8)] = loudest - 6
    return scale_spectrum(noisy, loudest + draw.choice((0.0, 0.0, 0.3, 0.8)))


def _warp_bands(spectrum: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    """Stretch the frequency axis: band b of the result is band b * factor of the spectrum."""
    places = np.minimum(np.arange(MEL_BANDS) * factor, MEL_BANDS - 1.001)
    lower = places.astype(np.int64)
    share = (places - lower).astype(np.float32)
    warped: NDArray[np.float32] = spectrum[:, lower] * (1 - share) + spectrum[:, lower + 1] * share
    return warped


def _normal(draw: random.Random, shape: tuple[int, ...], deviation: float) -> NDArray[np.float32]:
    """Draw noise; its seed comes from `draw`."""
    noise = np.random.default_rng(draw.getrandbits(32)).standard_normal(shape, dtype=np.float32)
    return noise * np.float32(deviation)
