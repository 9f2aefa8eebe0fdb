"""What was heard in the recordings of an interview, with who heard it: one frozen value, one JSON document."""

from dataclasses import dataclass, field
from functools import cache

import orjson
from pydantic import TypeAdapter

VERSION = 1
SIGNATURE = "verbatim_transcription"
"""The key by which a transcription is known among JSON documents; its value is the version of the format."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its punctuation; times in milliseconds of the recording, confidence in [0, 1]."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True, slots=True)
class SpokenCue:
    """One sentence, or a part of one, that one speaker said in one language."""

    start_ms: int
    end_ms: int
    text: str
    language: str
    speaker: str | None
    confidence: float
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which weights listened, and in which arithmetic."""

    name: str
    revision: str
    device: str
    compute_type: str


@dataclass(frozen=True, slots=True)
class Transcription:
    """What was said, in order of time; `model` is `None` where nobody spoke, so that no model was asked."""

    cues: tuple[SpokenCue, ...]
    duration_ms: int
    model: ModelIdentity | None
    options: dict[str, str | int | float | bool] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        """Write the document that `read_transcription` and the transcript importer read."""
        return orjson.dumps({SIGNATURE: VERSION, **_adapter().dump_python(self, mode="json")})


def read_transcription(data: bytes) -> Transcription:
    """Read what `to_json` wrote; raise `ValueError` for anything else."""
    return _adapter().validate_json(data)


@cache
def _adapter() -> TypeAdapter[Transcription]:
    return TypeAdapter(Transcription)
