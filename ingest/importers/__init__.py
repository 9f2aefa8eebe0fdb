"""Transcript files of many makers, all read into the same cues: the content tells the format, else the name."""

import re
from dataclasses import replace
from pathlib import PurePath

from app.documents.encoding import decode_text
from app.documents.refusal import DocumentError
from ingest.importers.docx import parse_docx
from ingest.importers.pieces import one_line
from ingest.importers.plain_text import parse_plain_text
from ingest.importers.refusal import in_file, refusal
from ingest.importers.signatures import foreign_file, foreign_markup
from ingest.importers.speech_json import parse_json
from ingest.importers.subrip import count_timings, parse_subrip
from ingest.importers.webvtt import is_webvtt, parse_webvtt
from ingest.transcript import ParsedTranscript, TranscriptError

SUFFIXES = (".vtt", ".srt", ".docx", ".txt", ".md", ".json")
"""What the names of transcript files end with."""

MAX_FILE_BYTES = 20 * 1024 * 1024
_MAX_LINES = 1_000_000
_MAX_LINE_CHARACTERS = 200_000
_MAX_NAME_CHARACTERS = 200
_ZIP = b"PK\x03\x04"
_JSON = re.compile(r"\s*(?:\{.*\}|\[\s*\{.*\}\s*\])\s*", re.DOTALL)


def parse_transcript(data: bytes, name: str) -> ParsedTranscript:
    """Parse a transcript file of any known format; raise `TranscriptError` with place and remedy otherwise.

    `name` is the file's name; what it ends with counts only where the content leaves the format open.
    """
    try:
        return _parse(data, PurePath(name).suffix.lower())
    except (TranscriptError, DocumentError) as error:
        raise in_file(error, one_line(name)[-_MAX_NAME_CHARACTERS:] or "the file") from error


def _parse(data: bytes, suffix: str) -> ParsedTranscript:
    if len(data) > MAX_FILE_BYTES:
        raise refusal(f"{len(data):,} bytes, more than {MAX_FILE_BYTES:,}", "split the file")
    if not data:
        raise refusal("an empty file", "export the transcript again")
    if data.startswith(_ZIP):
        return parse_docx(data)
    foreign = foreign_file(data)
    if foreign:
        raise foreign
    decoded = decode_text(data)
    parsed = _parse_text(decoded.text, suffix)
    return replace(parsed, warnings=(*decoded.warnings, *parsed.warnings))


def _parse_text(text: str, suffix: str) -> ParsedTranscript:
    """Choose the format: signature, shape, times above cues, and only then the name."""
    if is_webvtt(text):
        _check_lines(text)
        return parse_webvtt(text)
    if suffix == ".json" or _JSON.fullmatch(text):
        return parse_json(text)
    _check_lines(text)
    if suffix in {".vtt", ".srt"} or count_timings(text) > 1:
        parsed = parse_subrip(text)
        missing = ("the WEBVTT header is missing: read as SubRip",) if suffix == ".vtt" else ()
        return replace(parsed, warnings=(*missing, *parsed.warnings))
    foreign = foreign_markup(text)
    if foreign:
        raise foreign
    if suffix not in {".txt", ".md", ""}:
        raise refusal(f"not the content of a {suffix} transcript", f"give one of {', '.join(SUFFIXES)}")
    return parse_plain_text(text)


def _check_lines(text: str) -> None:
    """Refuse text that no transcript looks like: too many lines, or a line too long."""
    if text.count("\n") > _MAX_LINES:
        raise refusal(f"more than {_MAX_LINES:,} lines", "split the file")
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > _MAX_LINE_CHARACTERS:
            remedy = f"break lines before {_MAX_LINE_CHARACTERS:,} characters"
            raise refusal(f"{len(line):,} characters in one line", remedy, f"line {number}")
