"""Word documents (.docx) as Teams, Otter and people write them: paragraphs and tables, read as lines of text."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ingest.importers.pieces import one_line
from ingest.importers.plain_text import parse_plain_text
from ingest.importers.refusal import refusal
from ingest.importers.subrip import count_timings, parse_subrip
from ingest.importers.timestamps import parse_time
from ingest.transcript import ParsedTranscript

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH, _ROW, _CELL, _RUN_TEXT = (f"{_WORD}{name}" for name in ("p", "tr", "tc", "t"))
_APART = frozenset({_PARAGRAPH, _FALLBACK, f"{_WORD}del", f"{_WORD}moveFrom"})
_MARKS = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}

_DOCUMENT = "word/document.xml"
_MAX_ENTRIES = 2_000
_MAX_BYTES = 64 * 1024 * 1024
_MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
_MAX_RATIO = 100
_HARMLESS_BYTES = 1024 * 1024
_REMEDY = "save the transcript again as a Word document (.docx) without macros, or as text"


def parse_docx(data: bytes) -> ParsedTranscript:
    """Parse a Word document; raise `TranscriptError` when it is broken, dangerous or without words."""
    text = "\n".join(_lines(_read_document(data)))
    parsed = parse_subrip(text) if count_timings(text) > 1 else parse_plain_text(text)
    return replace(parsed, format="docx")


def _read_document(data: bytes) -> bytes:
    """Unpack the text of the document, and nothing else, after the totals of the archive have been checked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive.infolist(), len(data))
            document = archive.read(_DOCUMENT)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise refusal("not a whole Word document", _REMEDY) from error
    if b"<!DOCTYPE" in document.replace(b"\0", b""):
        raise refusal("a document type declaration in the text", _REMEDY, _DOCUMENT)
    return document


def _check_archive(entries: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    sizes = {entry.filename: entry.file_size for entry in entries}
    total = sum(entry.file_size for entry in entries)
    if _DOCUMENT not in sizes:
        raise refusal("an archive, but not a Word document", _REMEDY)
    if any(name.endswith("vbaProject.bin") for name in sizes):
        raise refusal("a document with macros", _REMEDY)
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal("a document with a password", "remove the password")
    if len(entries) > _MAX_ENTRIES or total > min(_MAX_BYTES, max(_HARMLESS_BYTES, _MAX_RATIO * packed_bytes)):
        raise refusal(f"{len(entries):,} parts of {total:,} bytes packed into {packed_bytes:,}", _REMEDY)
    if sizes[_DOCUMENT] > _MAX_DOCUMENT_BYTES:
        raise refusal(f"more than {_MAX_DOCUMENT_BYTES:,} bytes of text", "split the document", _DOCUMENT)


def _lines(document: bytes) -> Iterator[str]:
    """Read paragraphs and table rows in order, with inserted text and without deleted text."""
    from docx.oxml.parser import parse_xml  # slow to load, and only Word documents need it

    try:
        root = parse_xml(document)
    except SyntaxError as error:
        raise refusal("text that is not well-formed XML", _REMEDY, _DOCUMENT) from error
    for element in root.iter(_PARAGRAPH, _ROW):
        if next(element.iterancestors(_ROW, _FALLBACK), None) is not None:
            continue
        if element.tag == _ROW:
            yield _row_line([" ".join(map(_text, cell.iter(_PARAGRAPH))) for cell in element.iter(_CELL)])
        else:
            yield _text(element)


def _text(element: Iterable[Any]) -> str:
    """Join the text below an element, as far as it belongs to this paragraph and was not deleted or moved away."""
    return "".join(
        child.text or "" if child.tag == _RUN_TEXT else _MARKS.get(child.tag) or _text(child)
        for child in element
        if child.tag not in _APART
    )


def _row_line(cells: Sequence[str]) -> str:
    """Write a table row of time, speaker and words as a line of a plain-text transcript."""
    filled = [one_line(cell) for cell in cells if cell.strip()]
    time = next((cell for cell in filled if parse_time(cell.strip("[]()")) is not None), None)
    others = [cell for cell in filled if cell is not time]
    said = f"{others[0].rstrip(':')}: {' '.join(others[1:])}" if len(others) > 1 else "".join(others)
    return f"[{time.strip('[]()')}] {said}" if time else said
