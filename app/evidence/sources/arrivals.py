"""What comes in of an external document, and the version that is made of it: its text, chunks, languages, vectors."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.documents.document import Document
from app.embedding import Embedder, EmbedderIdentity, Vectors
from app.evidence.sources.chunks import Chunk, cut_chunks
from app.language import identify_document, identify_languages, primary_language


@dataclass(frozen=True)
class Arrival:
    """A document as it came: its bytes, what it is called, of when it is, and whether it was fetched from the web."""

    name: str
    data: bytes = field(repr=False)
    date: dt.date | None = None
    is_fetched: bool = False

    @property
    def sha256(self) -> str:
        """What identifies it."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class NewChunk:
    """A chunk with its words and their language."""

    chunk: Chunk
    text: str
    language: str


@dataclass(frozen=True)
class NewVersion:
    """A version that is ready to be stored; `vectors` has one row for each chunk."""

    arrival: Arrival
    document: Document
    language: str
    chunks: tuple[NewChunk, ...]
    vectors: Vectors = field(repr=False)
    embedder: EmbedderIdentity


def make_version(
    arrival: Arrival, document: Document, title: str, languages: Sequence[str], embedder: Embedder
) -> NewVersion:
    """Cut a document into chunks, say in which language each is, and embed them.

    Args:
        arrival: the document as it came.
        document: what was read of it.
        title: what the source is called.
        languages: those of the study.
    """
    language = identify_document(document.text, languages)
    chunks = cut_chunks(document.text, language, document.pages)
    texts = [document.text[chunk.span.start : chunk.span.end] for chunk in chunks]
    guesses = identify_languages(texts, [language, *languages], language)
    made = tuple(
        NewChunk(chunk, text, primary_language(guess.language))
        for chunk, text, guess in zip(chunks, texts, guesses, strict=True)
    )
    embedded = embedder.embed_passages([embedded_text(title, new.chunk.heading, new.text) for new in made])
    return NewVersion(arrival, document, language, made, embedded, embedder.identity)


def embedded_text(title: str, heading: str | None, text: str) -> str:
    """What a chunk is embedded by: what it stands under, and its words."""
    return "\n".join(part for part in (title, heading, text) if part)
