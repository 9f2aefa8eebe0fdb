"""Write the student as a sentence-transformers folder that needs no code of ours."""

import shutil
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer

from training.teachers import Vectors

_MODEL_CARD = "README.md"


def write_model(tokenizer: Tokenizer, token_vectors: Vectors, folder: Path) -> None:
    """Write tokenizer and token vectors (half precision) to a folder in one move; a model card there stays."""
    fresh, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    embedding = StaticEmbedding(tokenizer, embedding_weights=token_vectors.astype(np.float16))
    SentenceTransformer(modules=[embedding, Normalize()], device="cpu").save(str(fresh), create_model_card=False)
    (fresh / "model.safetensors").chmod(0o644)
    if folder.exists():
        if (folder / _MODEL_CARD).exists():
            shutil.copy(folder / _MODEL_CARD, fresh)
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
