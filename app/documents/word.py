"""Word documents (.docx): their paragraphs and table rows, in order, unpacked within limits."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.documents.refusal import refusal

ZIP = b"PK\x03\x04"

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH, _ROW, _CELL, _RUN_TEXT = (f"{_WORD}{name}" for name in ("p", "tr", "tc", "t"))
_STYLE, _NAME, _VALUE = (f"{_WORD}{name}" for name in ("style", "name", "val"))
_STYLE_ID = f"{_WORD}styleId"
_USED_STYLE, _NUMBERING = f"{_WORD}pPr/{_WORD}pStyle", f"{_WORD}pPr/{_WORD}numPr"
_APART = frozenset({_PARAGRAPH, _FALLBACK, f"{_WORD}del", f"{_WORD}moveFrom"})
_MARKS = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)

_DOCUMENT, _STYLES = "word/document.xml", "word/styles.xml"
_MAX_ENTRIES = 2_000
_MAX_BYTES = 64 * 1024 * 1024
_MAX_PART_BYTES = 16 * 1024 * 1024
_MAX_RATIO = 100
_HARMLESS_BYTES = 1024 * 1024
_REMEDY = "save it again as a Word document (.docx) without macros, or as text"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its text, 1 for a title or first heading and up to 9 for those below, whether it is a list item."""

    text: str
    heading: int | None = None
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of the cells of a table row."""

    cells: tuple[str, ...]


def read_word(data: bytes) -> Iterator[Paragraph | Row]:
    """Read paragraphs and table rows in order, with inserted text and without deleted text.

    Raises:
        DocumentError: it is broken, dangerous or no Word document.
    """
    document, styles = _unpack(data)
    headings = _headings(_parse(styles, _STYLES)) if styles else {}
    for element in _parse(document, _DOCUMENT).iter(_PARAGRAPH, _ROW):
        if next(element.iterancestors(_ROW, _FALLBACK), None) is not None:
            continue
        if element.tag == _ROW:
            own = (cell for cell in element.iter(_CELL) if next(cell.iterancestors(_ROW)) is element)
            yield Row(tuple(" ".join(map(_text, cell.iter(_PARAGRAPH))) for cell in own))
        else:
            style = element.find(_USED_STYLE)
            level = headings.get(style.get(_VALUE)) if style is not None else None
            yield Paragraph(_text(element), level, element.find(_NUMBERING) is not None)


def _unpack(data: bytes) -> tuple[bytes, bytes | None]:
    """Unpack the text of the document and its styles, after the totals of the archive have been checked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive.infolist(), len(data))
            styles = archive.read(_STYLES) if _STYLES in archive.namelist() else None
            return archive.read(_DOCUMENT), styles
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise refusal("not a whole Word document", _REMEDY) from error


def _check(entries: list[zipfile.ZipInfo], packed_bytes: int) -> None:
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
    for part in (_DOCUMENT, _STYLES):
        if sizes.get(part, 0) > _MAX_PART_BYTES:
            raise refusal(f"more than {_MAX_PART_BYTES:,} bytes of text", "split the document", part)


def _parse(content: bytes, part: str) -> Any:
    from docx.oxml.parser import parse_xml  # slow to load, and only Word documents need it

    if b"<!DOCTYPE" in content.replace(b"\0", b""):
        raise refusal("a document type declaration in the text", _REMEDY, part)
    try:
        return parse_xml(content)
    except SyntaxError as error:
        raise refusal("text that is not well-formed XML", _REMEDY, part) from error


def _headings(styles: Any) -> Mapping[str, int]:
    """The level of each style of a heading; Word names these styles alike in every language, their ids it does not."""
    levels = {}
    for style in styles.iter(_STYLE):
        name = style.find(_NAME)
        called = name.get(_VALUE, "") if name is not None else ""
        match = _HEADING.fullmatch(called)
        if match or called.lower() == "title":
            levels[style.get(_STYLE_ID)] = max(1, int(match[1])) if match else 1
    return levels


def _text(element: Iterable[Any]) -> str:
    """Join the text below an element, as far as it belongs to this paragraph and was not deleted or moved away."""
    return "".join(
        child.text or "" if child.tag == _RUN_TEXT else _MARKS.get(child.tag) or _text(child)
        for child in element
        if child.tag not in _APART
    )
