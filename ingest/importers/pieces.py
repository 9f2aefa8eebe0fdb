"""What every importer hands in and every transcript consists of: pieces of speech, cleaned, counted and numbered."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.text import normalise
from ingest.importers.refusal import refusal
from ingest.transcript import Cue, ParsedTranscript

MAX_CUES = 200_000
_MAX_TEXT_CHARACTERS = 200_000
_MAX_SPEAKER_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """Something said, as the file has it: text still with line breaks, control characters and in any normal form."""

    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: str | None = None
    identifier: str | None = None
    language: str | None = None
    confidence: float | None = None


def collect(format_name: str, pieces: Iterable[Piece], warnings: tuple[str, ...] = ()) -> ParsedTranscript:
    """Number the pieces that hold words and make them cues; a file without any word is refused."""
    cues: list[Cue] = []
    for piece in pieces:
        text = one_line(piece.text)
        if not any(map(str.isalnum, text)):
            continue
        if len(cues) == MAX_CUES:
            raise refusal(f"more than {MAX_CUES:,} cues", "split the file")
        if len(text) > _MAX_TEXT_CHARACTERS:
            remedy = f"break it before {_MAX_TEXT_CHARACTERS:,} characters"
            raise refusal(f"{len(text):,} characters in one cue", remedy, f"cue {len(cues) + 1}")
        cues.append(_to_cue(len(cues), text, piece))
    if not cues:
        raise refusal("no speech in the file", "check that the transcript was exported with its text")
    return ParsedTranscript(format_name, tuple(cues), warnings)


def one_line(text: str) -> str:
    """Normalise text and collapse its white space to single spaces."""
    return " ".join(normalise(text).split())


def _to_cue(index: int, text: str, piece: Piece) -> Cue:
    start_ms, end_ms = piece.start_ms, piece.end_ms
    return Cue(
        index=index,
        text=text,
        start_ms=start_ms,
        end_ms=end_ms if start_ms is None or end_ms is None else max(start_ms, end_ms),
        speaker=one_line(piece.speaker or "")[:_MAX_SPEAKER_CHARACTERS].strip() or None,
        identifier=one_line(piece.identifier or "") or None,
        language=piece.language,
        confidence=piece.confidence,
    )
