"""WebVTT (https://www.w3.org/TR/webvtt1/), as Teams, Zoom, YouTube and others write it."""

import re

from ingest.importers.cue_blocks import read_cue_blocks
from ingest.importers.timed_text import to_transcript
from ingest.transcript import ParsedTranscript

_SIGNATURE = re.compile(r"\s*WEBVTT(?:[ \t\n]|$)")
_COMMENT = re.compile(r"NOTE(?:[ \t]|$)|(?:STYLE|REGION)[ \t]*$")


def is_webvtt(text: str) -> bool:
    """Whether a text bears the signature of the format; blanks and blank lines above it are overlooked."""
    return _SIGNATURE.match(text) is not None


def parse_webvtt(text: str) -> ParsedTranscript:
    """Parse WebVTT text in normal form; raise `TranscriptError` when there are no readable cues."""
    return to_transcript("webvtt", read_cue_blocks(text, lambda line: _COMMENT.match(line) is not None))
