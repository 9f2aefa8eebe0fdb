"""Batches of windows: short ones first, more and more long ones as training goes on."""

import queue
import random
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from training.speech.clips import Clip, Pool, read_clips
from training.speech.labels import Batch, Labeller
from training.speech.windows import WHOLE_WINDOW_MS, Window, draw_noise, draw_window

AHEAD = 4
"""Batches made before they are needed."""
ALL_SIZES_AFTER = 1 / 4
"""The share of the training after which the mix of sizes stays."""


@dataclass(frozen=True)
class Material:
    """Clips of the sample recordings and of other sentences, by language, and how often each is drawn from."""

    samples: Mapping[str, Pool]
    others: Mapping[str, Pool]
    sample_share: float = 0.9
    noise_share: float = 0.03


@dataclass(frozen=True)
class Sizes:
    """One size of windows: how long, how many in a batch, and how often at the start and at the end of training."""

    longest_ms: int
    windows: int
    first_share: float
    last_share: float


SIZES = (
    Sizes(4_000, 12, 0.6, 0.2),
    Sizes(8_000, 6, 0.35, 0.3),
    Sizes(16_000, 3, 0.05, 0.3),
    Sizes(WHOLE_WINDOW_MS, 2, 0.0, 0.2),
)


@dataclass
class Progress:
    """The share of the training time that is over."""

    share: float = 0.0


def read_material(folder: Path) -> Material:
    """Read the clips in the folders `samples` and `pairs`."""
    return Material(_by_language(read_clips(folder / "samples")), _by_language(read_clips(folder / "pairs")))


def _by_language(clips: Iterable[Clip]) -> dict[str, Pool]:
    sorted_clips = defaultdict(list)
    for clip in clips:
        sorted_clips[clip.line.language].append(clip)
    return {language: Pool.of(spoken) for language, spoken in sorted_clips.items()}


def draw_batches(material: Material, labeller: Labeller, progress: Progress, seed: int) -> Iterator[Batch]:
    """Draw batches without end, made a few ahead in a thread of their own."""
    waiting: queue.Queue[Batch] = queue.Queue(AHEAD)
    draw = random.Random(seed)  # noqa: S311

    def produce() -> None:
        while True:
            waiting.put(_draw_batch(material, labeller, progress, draw))

    threading.Thread(target=produce, daemon=True).start()
    while True:
        yield waiting.get()


def _draw_batch(material: Material, labeller: Labeller, progress: Progress, draw: random.Random) -> Batch:
    ripe = min(1.0, progress.share / ALL_SIZES_AFTER)
    shares = [size.first_share + (size.last_share - size.first_share) * ripe for size in SIZES]
    size = draw.choices(SIZES, shares)[0]
    return labeller.batch([_draw_window(material, size.longest_ms, draw) for _ in range(size.windows)], draw)


def _draw_window(material: Material, longest_ms: int, draw: random.Random) -> Window:
    languages = sorted(material.samples)
    words = [material.samples[language].words_so_far[-1] for language in languages]
    language = draw.choices(languages, words)[0]
    if draw.random() < material.noise_share:
        return draw_noise(language, longest_ms, draw)
    source = material.samples if draw.random() < material.sample_share else material.others
    return draw_window(source[language], longest_ms, draw)
