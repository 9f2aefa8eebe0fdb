"""Embedders: text to unit vectors, with the provenance that is stored beside every vector."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Encoding, Tokenizer

from app.errors import UnavailableError
from app.memory import loaded_once
from app.text import without_placeholders

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

BUNDLED = "bundled"
_BUNDLED_FOLDER = Path(__file__).parent / "bundled_embedder"
_BATCH_TEXTS = 1024
_FEW_TEXTS = 128
_HUB_TIMEOUT_S = 5.0
_E5 = re.compile(r"(^|[-/])e5-(small|base|large)(?!.*instruct)", re.IGNORECASE)


@dataclass(frozen=True)
class EmbedderIdentity:
    """Which model made a vector; vectors of two identities are never compared."""

    name: str
    revision: str
    dimension: int

    def __str__(self) -> str:
        return f"{self.name}@{self.revision}/{self.dimension}"


class Embedder(Protocol):
    """Text to vectors of unit length (all zero for text without a known token), shape (n, dimension), float32."""

    @property
    def identity(self) -> EmbedderIdentity:
        """Which model this is."""

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Embed what somebody asks."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is to be found."""


def load_embedder(name: str, revision: str | None = None) -> Embedder:
    """Load the bundled embedder, or any sentence-transformers model by its id or path.

    Raises:
        UnavailableError: the model is not there and cannot be fetched. A path to nothing is no question to the hub.
    """
    folder = _BUNDLED_FOLDER if name == BUNDLED else Path(name)
    module = _static_module(folder)
    if module is not None:
        return StaticEmbedder(module, name)
    return TransformerEmbedder(name, revision)


class StaticEmbedder:
    """A sentence-transformers `StaticEmbedding` model, evaluated without importing torch: the mean of token vectors.

    It gives the same vectors as `SentenceTransformer(folder).encode(..., normalize_embeddings=True)`, and starts in a
    tenth of the time. Reads one vector per token, or, as model2vec stores them, vectors that tokens share and scale.
    """

    def __init__(self, module: Path, name: str) -> None:
        weights = module / "model.safetensors"
        tensors = load_file(weights)
        self._vectors = tensors["embeddings" if "embeddings" in tensors else "embedding.weight"]
        self._rows = tensors.get("mapping")
        self._scales = tensors.get("weights")
        self._tokenizer_file = module / "tokenizer.json"
        self.identity = EmbedderIdentity(name, _sha256(weights)[:12], self._vectors.shape[1])

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Embed what somebody asks."""
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is to be found."""
        batches = [self._embed(texts[start : start + _BATCH_TEXTS]) for start in range(0, len(texts), _BATCH_TEXTS)]
        return np.concatenate(batches) if batches else np.zeros((0, self.identity.dimension), np.float32)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        tokens = [encoding.ids for encoding in self._encode([without_placeholders(text) for text in texts])]
        sums = np.zeros((len(texts), self.identity.dimension), np.float32)
        filled = [row for row, ids in enumerate(tokens) if ids]
        if filled:
            starts = np.cumsum([0] + [len(tokens[row]) for row in filled[:-1]])
            sums[filled] = np.add.reduceat(self._token_vectors(np.concatenate([tokens[row] for row in filled])), starts)
        return unit_rows(sums)

    def _token_vectors(self, tokens: NDArray[np.int64]) -> Vectors:
        vectors = self._vectors[tokens if self._rows is None else self._rows[tokens]].astype(np.float32)
        return vectors if self._scales is None else vectors * self._scales[tokens, None]

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Tokenise; a few texts on this thread, since waking others would take longer."""
        tokenizer = _load_tokenizer(self._tokenizer_file)
        if len(texts) <= _FEW_TEXTS:
            return [tokenizer.encode(text, add_special_tokens=False) for text in texts]
        return tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)


class TransformerEmbedder:
    """Any other sentence-transformers model, with its own prompts for questions and passages."""

    def __init__(self, name: str, revision: str | None) -> None:
        self._model = _load_sentence_transformer(name, revision)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise UnavailableError(f"the embedder {name} does not say its dimension; choose another VERBATIM_EMBEDDER")
        self._question_prompt, self._passage_prompt = _prompts(name, self._model.prompts)
        self.identity = EmbedderIdentity(name, revision or _revision(self._model, name), dimension)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Embed what somebody asks."""
        return self._encode(texts, self._question_prompt)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is to be found."""
        return self._encode(texts, self._passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.identity.dimension), np.float32)
        encoded = self._model.encode(
            [without_placeholders(text) for text in texts], prompt=prompt, batch_size=64, show_progress_bar=False
        )
        return unit_rows(np.asarray(encoded, np.float32))


def unit_rows(vectors: Vectors) -> Vectors:
    """Scale each row to length 1; a row of zeros stays.

    Args:
        vectors: shape (n, dimension).

    Returns:
        shape (n, dimension).
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled


def _load_sentence_transformer(name: str, revision: str | None) -> "SentenceTransformer":
    may_fetch = not (name and Path(name).exists()) and _hub_answers(name, revision)
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, revision=revision, local_files_only=not may_fetch, device=None)
    except (OSError, ValueError) as error:
        fetch = f"from sentence_transformers import SentenceTransformer as S; S('{name}').save('embedder')"
        message = (
            f'the embedder {name} cannot be loaded; on a machine with internet run `python -c "{fetch}"`, '
            "copy the folder here and set VERBATIM_EMBEDDER to its path, or unset it for the bundled one"
        )
        raise UnavailableError(message) from error


def _hub_answers(name: str, revision: str | None) -> bool:
    """Ask the hub for a model, once; loading would ask again and again, for a minute where there is no network.

    Raises:
        UnavailableError: it is no name of a model, so that a path was meant.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    try:
        HfApi().model_info(name, revision=revision, timeout=_HUB_TIMEOUT_S)
    except HFValidationError as error:
        remedy = "set VERBATIM_EMBEDDER to the path of a model, or unset it for the bundled one"
        raise UnavailableError(f"there is no embedder at {name!r}; {remedy}") from error
    except RepositoryNotFoundError:
        return True
    except Exception:  # noqa: BLE001 whatever keeps it from answering: what was fetched before is used
        return False
    return True


def _prompts(name: str, prompts: Mapping[str, str | None]) -> tuple[str, str]:
    question = prompts.get("query") or ""
    passage = prompts.get("document") or prompts.get("passage") or ""
    if not question and not passage and _E5.search(name):
        return "query: ", "passage: "
    return question, passage


def _revision(model: "SentenceTransformer", name: str) -> str:
    folder = Path(name)
    if folder.is_dir():
        listing = sorted((str(p.relative_to(folder)), p.stat().st_size) for p in folder.rglob("*") if p.is_file())
        return hashlib.sha256(json.dumps(listing).encode()).hexdigest()[:12]
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    return getattr(config, "_commit_hash", None) or "main"


def _static_module(folder: Path) -> Path | None:
    """The one module of a purely static model; `None` for any other model."""
    listing = folder / "modules.json"
    if not listing.is_file():
        return None
    modules = json.loads(listing.read_text(encoding="utf-8"))
    types = [module["type"].rsplit(".", 1)[-1] for module in modules]
    if types[:1] == ["StaticEmbedding"] and set(types[1:]) <= {"Normalize"}:
        return folder / str(modules[0]["path"])
    return None


@loaded_once
def _load_tokenizer(file: Path) -> Tokenizer:
    """Load what takes texts apart, when the first is to be embedded: it takes as long as all else of a static model."""
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
