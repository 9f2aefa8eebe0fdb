"""Speakers told apart by sherpa-onnx: who speaks where, whose voices are alike; models are the user's, in ONNX.

Long recordings are taken in blocks, so that memory stays small and the work shows that it goes on; the voices of the
blocks are then told apart by how they sound.
"""

import hashlib
import importlib.metadata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.speech.refusal import model_refusal
from ingest.speech.sound import Samples
from ingest.speech.speaker_turns import SpeakerTurn
from ingest.speech.task import SAMPLE_HZ, SpeechTask
from ingest.speech.voice import to_float
from ingest.speech.whisper import default_threads

if TYPE_CHECKING:
    import sherpa_onnx

BLOCK_S = 600
"""The longest part of a recording that is diarized at once."""

INSTALL = "pip install 'verbatim[sherpa-onnx]'"

_UNLIKE = 0.5
"""Voices this far apart, as a cosine distance, are of two people where their number is not known."""

_PRINT_MS = 60_000
_RELEASES = "https://github.com/k2-fsa/sherpa-onnx/releases/tag"
_WHERE = (
    f"put into it segmentation.onnx (the model.onnx of sherpa-onnx-pyannote-segmentation-3-0, {_RELEASES}/"
    f"speaker-segmentation-models) and embedding.onnx (such as nemo_en_titanet_large.onnx, {_RELEASES}/"
    "speaker-recongition-models)"
)
_SEGMENTATION_NAMES = ("sherpa-onnx-*/model.onnx",)
_EMBEDDING_NAMES = ("wespeaker_*.onnx", "3dspeaker_*.onnx", "nemo_*.onnx")
_SEGMENTATION_KEYS = (
    "sample_rate window_size receptive_field_size receptive_field_shift num_speakers powerset_max_classes num_classes"
).split()
_EMBEDDING_KEYS = ["framework", "output_dim", "sample_rate"]


@dataclass(frozen=True, slots=True)
class Models:
    """The files of a diarizer: one says who of a few speaks when within 10 s, the other what a voice is like."""

    segmentation: Path
    embedding: Path


def load_sherpa(task: SpeechTask) -> "SherpaDiarizer":
    """Load the models in the folder that a task names.

    Raises:
        SpeechModelError: sherpa-onnx or a model is not there, or a file is no such model.
    """
    if find_spec("sherpa_onnx") is None:
        raise model_refusal("sherpa-onnx is not installed", INSTALL)
    models = find_models(task.diarizer_models)
    try:
        return SherpaDiarizer(models, task.threads or default_threads())
    except (ImportError, RuntimeError, ValueError) as error:
        raise model_refusal(f"sherpa-onnx cannot load its models ({error})", _WHERE) from error


def find_models(folder: Path | None) -> Models:
    """Find the two models in a folder, under plain names or those that they are published by.

    Raises:
        SpeechModelError: one of them is not there, there are several, or a file is no such model.
    """
    if folder is None:
        raise model_refusal("sherpa-onnx needs models", f"set VERBATIM_DIARIZER_MODELS to a folder and {_WHERE}")
    return Models(
        _find(folder, "segmentation.onnx", _SEGMENTATION_NAMES, _SEGMENTATION_KEYS),
        _find(folder, "embedding.onnx", _EMBEDDING_NAMES, _EMBEDDING_KEYS),
    )


def _find(folder: Path, plain: str, published: Sequence[str], keys: Sequence[str]) -> Path:
    own = folder / plain
    files = [own] if own.is_file() else [path for name in published for path in folder.glob(name)]
    if not files:
        raise model_refusal(f"no {plain} in {folder.name}", _WHERE)
    if len(files) > 1:
        raise model_refusal(f"several models in {folder.name}", f"name the one to use {plain}")
    missing = set(keys) - _metadata(files[0]).keys()
    if missing:
        raise model_refusal(f"{files[0].name} is not made for sherpa-onnx: it lacks {min(missing)}", _WHERE)
    return files[0]


def _metadata(model: Path) -> dict[str, str]:
    """Read what a model says of itself; sherpa-onnx ends the whole process where something is missing."""
    import onnxruntime

    try:
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    except Exception as error:  # the errors of onnxruntime have no base of their own
        raise model_refusal(f"{model.name} is no ONNX model", _WHERE) from error
    return dict(session.get_modelmeta().custom_metadata_map)


class SherpaDiarizer:
    """Segmentation, embedding and clustering by sherpa-onnx, loaded once."""

    def __init__(self, models: Models, threads: int, block_s: int = BLOCK_S) -> None:
        import sherpa_onnx

        self._library = sherpa_onnx
        self._block_samples = block_s * SAMPLE_HZ
        pyannote = sherpa_onnx.OfflineSpeakerSegmentationPyannoteModelConfig(str(models.segmentation))
        embedding = sherpa_onnx.SpeakerEmbeddingExtractorConfig(str(models.embedding), num_threads=threads)
        self._config = sherpa_onnx.OfflineSpeakerDiarizationConfig(
            sherpa_onnx.OfflineSpeakerSegmentationModelConfig(pyannote, num_threads=threads),
            embedding,
            sherpa_onnx.FastClusteringConfig(),
        )
        self._pipeline = sherpa_onnx.OfflineSpeakerDiarization(self._config)
        self._extractor = sherpa_onnx.SpeakerEmbeddingExtractor(embedding)
        version = importlib.metadata.version("sherpa-onnx")
        self.identity = f"sherpa-onnx/{version} {_revision(models.segmentation)} {_revision(models.embedding)}"

    def diarize(
        self, samples: Samples, speakers: int | None, alive: Callable[[], None] = lambda: None
    ) -> tuple[SpeakerTurn, ...]:
        """Find the turns of each speaker; see `Diarizer`."""
        self._config.clustering = self._clustering(speakers)
        self._pipeline.set_config(self._config)
        voices: list[list[SpeakerTurn]] = []
        blocks = list(_blocks(len(samples), self._block_samples))
        for start, end in blocks:
            alive()
            voices += self._voices(samples[start:end], start * 1000 // SAMPLE_HZ, alive)
        people = self._people(samples, voices, speakers) if len(blocks) > 1 else range(len(voices))
        turns = [replace(turn, speaker=person) for person, voice in zip(people, voices, strict=True) for turn in voice]
        return tuple(sorted(turns, key=lambda turn: (turn.start_ms, turn.end_ms)))

    def _clustering(self, speakers: int | None) -> "sherpa_onnx.FastClusteringConfig":
        return self._library.FastClusteringConfig(num_clusters=speakers or -1, threshold=_UNLIKE)

    def _voices(self, sound: Samples, offset_ms: int, alive: Callable[[], None]) -> list[list[SpeakerTurn]]:
        """The turns of each voice of one block."""

        def tell(_done: int, _total: int) -> int:
            alive()
            return 0

        voices: dict[int, list[SpeakerTurn]] = {}
        for found in self._pipeline.process(to_float(sound), tell).sort_by_start_time():
            start_ms, end_ms = (offset_ms + round(time_s * 1000) for time_s in (found.start, found.end))
            voices.setdefault(found.speaker, []).append(SpeakerTurn(start_ms, end_ms, found.speaker))
        return list(voices.values())

    def _people(self, samples: Samples, voices: Sequence[list[SpeakerTurn]], speakers: int | None) -> list[int]:
        """Which voices of different blocks are one person's."""
        if not voices:
            return []
        prints = np.array([self._print(samples, voice) for voice in voices], np.float32)
        count = speakers and min(speakers, len(voices))
        return list(self._library.FastClustering(self._clustering(count))(prints))

    def _print(self, samples: Samples, voice: Sequence[SpeakerTurn]) -> list[float]:
        """What a voice sounds like in its longest turns, a minute of them."""
        stream = self._extractor.create_stream()
        heard_ms = 0
        for turn in sorted(voice, key=lambda turn: turn.start_ms - turn.end_ms):
            if heard_ms < _PRINT_MS:
                stream.accept_waveform(SAMPLE_HZ, to_float(_cut(samples, turn)))
            heard_ms += turn.end_ms - turn.start_ms
        stream.input_finished()
        return list(self._extractor.compute(stream))


def _blocks(length: int, most: int) -> Iterator[tuple[int, int]]:
    """Equal parts of at most so many samples, half-open."""
    edges = np.linspace(0, length, max(1, -(-length // most)) + 1).astype(int).tolist()
    return pairwise(edges)


def _cut(samples: Samples, turn: SpeakerTurn) -> Samples:
    return samples[turn.start_ms * SAMPLE_HZ // 1000 : turn.end_ms * SAMPLE_HZ // 1000]


def _revision(model: Path) -> str:
    """The start of the SHA-256 of a model."""
    with model.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
