"""The transcription that `ingest.speech` makes of recordings, read like any other transcript."""

from collections.abc import Iterator

from ingest.importers.cue_markup import primary_language
from ingest.importers.json_node import Node
from ingest.importers.pieces import Piece, collect, one_line
from ingest.importers.refusal import refusal
from ingest.speech.transcription import SIGNATURE, VERSION
from ingest.transcript import ParsedTranscript

_MOST_WARNINGS = 50
_MAX_WARNING_CHARACTERS = 500


def parse_transcription(document: Node) -> ParsedTranscript:
    """Read the cues of a transcription and what it warns of; one in which nobody speaks is refused."""
    if document[SIGNATURE].value != VERSION:
        raise refusal(f"a transcription of a version other than {VERSION}", "transcribe the recording again")
    if not any(document["cues"].items()):
        raise refusal("nobody was heard to speak in the recording", "check that it is the right file, and audible")
    warnings = list(document["warnings"].items())[:_MOST_WARNINGS]
    texts = tuple(one_line(warning.text())[:_MAX_WARNING_CHARACTERS] for warning in warnings)
    return collect("recording", _pieces(document["cues"]), texts)


def _pieces(cues: Node) -> Iterator[Piece]:
    for cue in cues.items():
        yield Piece(
            text=cue["text"].text(),
            start_ms=cue["start_ms"].time_ms(1),
            end_ms=cue["end_ms"].time_ms(1),
            speaker=cue["speaker"].label(),
            language=primary_language(cue["language"].label() or ""),
            confidence=cue["confidence"].share(),
        )
