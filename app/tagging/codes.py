"""Codes as rows with vectors: what they are embedded by, the general code of each kind, and what a name leads to."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pgvector import HalfVector

from app.embedding import Embedder
from app.tagging.kinds import kind_book


@dataclass(frozen=True)
class CodeName:
    """How a code is called and was called before, and the code that it was merged into."""

    id: uuid.UUID
    code: str
    former_names: tuple[str, ...] = ()
    merged_into: uuid.UUID | None = None


def follow_names(codes: Sequence[CodeName]) -> dict[str, CodeName]:
    """The code that each name leads to; former names and the names of merged codes lead to where the taggings are."""
    by_id = {code.id: code for code in codes}

    def present(code: CodeName) -> CodeName:
        return present(by_id[code.merged_into]) if code.merged_into else code

    former = {name: present(code) for code in codes for name in code.former_names}
    return former | {code.code: present(code) for code in codes}


def general_codes() -> list[dict[str, Any]]:
    """A code for each kind, called as the kind: every study can be asked for all of a kind."""
    return [
        {"code": str(kind), "kind": kind, "labels": dict(entry.label), "about": entry.about["en"], "examples": []}
        for kind, entry in kind_book().kinds.items()
    ]


def embed_codes(codes: Sequence[dict[str, Any]], model_id: uuid.UUID, embedder: Embedder) -> list[dict[str, Any]]:
    """The rows of codes with their vectors."""
    texts = [code_text(code["labels"], code["about"], code["examples"]) for code in codes]
    vectors = embedder.embed_passages(texts)
    return [
        {**code, "model_id": model_id, "embedding": HalfVector(vector)}
        for code, vector in zip(codes, vectors, strict=True)
    ]


def code_text(labels: Mapping[str, str], about: str, examples: Sequence[str]) -> str:
    """The text that a code is embedded by: its labels, what it is about, its examples."""
    return ". ".join(part for part in (*labels.values(), about, *examples) if part)
