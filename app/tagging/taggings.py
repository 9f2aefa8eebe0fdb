"""What tagging finds, before it is stored."""

import uuid
from dataclasses import dataclass

from app.vocabulary import Polarity


@dataclass(frozen=True)
class NewTagging:
    """A code on a span of an utterance, by index."""

    index: int
    code_id: uuid.UUID
    start: int
    end: int
    polarity: Polarity
    author: str
    basis: str
    confidence: float
