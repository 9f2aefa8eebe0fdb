"""Transcripts as documents: plain text, and Word files as Teams and Otter export them."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from examples.rendering.pacing import SpokenTurn, pace_interview
from examples.rendering.source import Interview

PIECES_PER_ENTRY = 4
WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE_NAMESPACE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
DOCUMENT_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CONTENT_TYPES = (
    f'{XML_DECLARATION}<Types xmlns="{PACKAGE_NAMESPACE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{DOCUMENT_TYPE}"/></Types>'
)
RELATIONS = (
    f'{XML_DECLARATION}<Relationships xmlns="{PACKAGE_NAMESPACE}/relationships">'
    f'<Relationship Id="rId1" Type="{DOCUMENT_RELATION}" Target="word/document.xml"/></Relationships>'
)


def render_text(interview: Interview) -> bytes:
    """`Name: text`, a line for each turn, no times."""
    return "".join(f"{turn.label}: {turn.text}\n\n" for turn in pace_interview(interview)).encode()


def render_timed_text(interview: Interview) -> bytes:
    """`[hh:mm:ss] Name: text`, a line for each turn."""
    return "".join(
        f"[{_clock(turn.start_ms, hours=True)}] {turn.label}: {turn.text}\n" for turn in pace_interview(interview)
    ).encode()


def render_teams_docx(interview: Interview) -> bytes:
    """Teams: a paragraph with the name in bold, the time, a line break and the words; long turns in several."""
    return _word_document(
        _paragraph(_run(label, bold=True), _run(f"   {_clock(start_ms)}"), "<w:r><w:br/></w:r>", _run(text))
        for turn in pace_interview(interview)
        for label, start_ms, text in _entries(turn)
    )


def render_otter_docx(interview: Interview) -> bytes:
    """Otter: a paragraph with name and time, then a paragraph with the words."""
    return _word_document(
        _paragraph(_run(line))
        for turn in pace_interview(interview)
        for line in (f"{turn.label}  {_clock(turn.start_ms)}", turn.text)
    )


def _entries(turn: SpokenTurn) -> Iterable[tuple[str, int, str]]:
    for first in range(0, len(turn.pieces), PIECES_PER_ENTRY):
        pieces = turn.pieces[first : first + PIECES_PER_ENTRY]
        yield turn.label, pieces[0].start_ms, " ".join(piece.text for piece in pieces)


def _paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def _run(text: str, *, bold: bool = False) -> str:
    properties = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _word_document(paragraphs: Iterable[str]) -> bytes:
    """The smallest package that Word opens; stored, with fixed dates, so that the bytes never change."""
    body = "\n".join(paragraphs)
    document = f'{XML_DECLARATION}<w:document xmlns:w="{WORD_NAMESPACE}"><w:body>\n{body}\n</w:body></w:document>'
    return _zip([("[Content_Types].xml", CONTENT_TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", document)])


def _zip(parts: Sequence[tuple[str, str]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts:
            package.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _clock(milliseconds: int, *, hours: bool = False) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
