"""What the importers hand on: the cues of a transcript file, frozen, and the error when a file cannot be read."""

from dataclasses import dataclass

from app.errors import InvalidInputError


class TranscriptError(InvalidInputError):
    """A transcript file that cannot be read; the message names the place (file, line) and the remedy."""


LONG_SILENCE_MS = 5_000
"""After so long even a sentence that was begun is not gone on with, where nobody says whose it is."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece of a transcript file, as the file has it.

    `text` is NFC, without markup, entities decoded, white space collapsed to single spaces, no control characters.
    `index` is the 0-based place in the file; times are milliseconds from the start of the recording, `None` when the
    file gives none; `confidence` is in [0, 1].
    """

    index: int
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: str | None = None
    identifier: str | None = None
    language: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ParsedTranscript:
    """The cues of one file in the order of the file, with what the parser had to overlook."""

    format: str
    cues: tuple[Cue, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CueSpan:
    """Where one cue lies in the text of its utterance: half-open code-point offsets."""

    cue: int
    start: int
    end: int
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one speaker: the cues merged, the role unknown. `cues` maps the text back to the file."""

    index: int
    speaker: str | None
    text: str
    start_ms: int | None
    end_ms: int | None
    confidence: float | None
    language: str | None
    cues: tuple[CueSpan, ...]
