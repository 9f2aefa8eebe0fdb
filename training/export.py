"""Write the student as a sentence-transformers folder that needs no code of ours."""

import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer

from training.teachers import Vectors

_MODEL_CARD = "README.md"
_LARGEST_BYTE = 127


def write_model(tokenizer: Tokenizer, token_vectors: Vectors, folder: Path) -> None:
    """Write tokenizer and token vectors to a folder in one move; a model card there stays."""
    fresh, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    placeholder = StaticEmbedding(tokenizer, embedding_dim=1)
    SentenceTransformer(modules=[placeholder, Normalize()], device="cpu").save(str(fresh), create_model_card=False)
    _write_weights(token_vectors, fresh / "model.safetensors")
    if folder.exists():
        if (folder / _MODEL_CARD).exists():
            shutil.copy(folder / _MODEL_CARD, fresh)
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _write_weights(token_vectors: Vectors, path: Path) -> None:
    """Write each vector as bytes and a factor: the layout of model2vec, which sentence-transformers reads too."""
    factors = np.abs(token_vectors).max(axis=1) / _LARGEST_BYTE
    factors[factors == 0] = 1
    bytes_ = np.round(token_vectors / factors[:, None]).astype(np.int8)
    save_file({"embeddings": bytes_, "weights": factors.astype(np.float32)}, path)
    path.chmod(0o644)
