"""Word documents, friendly and hostile."""

import io
import zipfile

import pytest
from docx import Document

from ingest.importers import parse_transcript
from ingest.transcript import TranscriptError

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def said(data: bytes) -> list[tuple[str | None, int | None, str]]:
    """Who says what, and when it begins."""
    return [(cue.speaker, cue.start_ms, cue.text) for cue in parse_transcript(data, "call.docx").cues]


def pack(document: str | bytes, **parts: str) -> bytes:
    """Pack the text of a document as Word does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
        for name, content in parts.items():
            archive.writestr(f"word/{name}.bin", content)
    return buffer.getvalue()


def body(xml: str) -> str:
    """Put paragraphs into a document."""
    return f"<w:document {NAMESPACE}><w:body>{xml}</w:body></w:document>"


def test_teams() -> None:
    """Name and time, a line break and the words, in one paragraph."""
    document = Document()
    for name, time, words in (("Anna Roth", "0:03", "Wie war das?"), ("Ben Maier", "1:02", "Na ja.\nAlso gut.")):
        paragraph = document.add_paragraph()
        paragraph.add_run(name).bold = True
        paragraph.add_run(f"   {time}").add_break()
        paragraph.add_run(words)
    buffer = io.BytesIO()
    document.save(buffer)
    assert said(buffer.getvalue()) == [
        ("Anna Roth", 3000, "Wie war das?"),
        ("Ben Maier", 62_000, "Na ja."),
        ("Ben Maier", None, "Also gut."),
    ]


def test_otter() -> None:
    """Name and time in one paragraph, the words in the next."""
    document = Document()
    for text in ("Anna Roth  0:03", "Wie war das?", "Ben Maier  1:02", "Na ja.", "Transcribed by https://otter.ai"):
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    assert said(buffer.getvalue()) == [("Anna Roth", 3000, "Wie war das?"), ("Ben Maier", 62_000, "Na ja.")]


def test_table() -> None:
    """Rows of time, speaker and words."""
    document = Document()
    table = document.add_table(rows=2, cols=3)
    for row, cells in zip(table.rows, (("00:03", "Anna", "Wie?"), ("01:02", "Ben", "So.")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    assert said(buffer.getvalue()) == [("Anna", 3000, "Wie?"), ("Ben", 62_000, "So.")]


def test_tracked_changes() -> None:
    """Inserted words count, deleted ones do not."""
    xml = (
        "<w:p><w:r><w:t>Es war</w:t></w:r><w:ins><w:r><w:t xml:space='preserve'> sehr</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> nicht</w:delText></w:r></w:del><w:r><w:tab/><w:t>gut.</w:t></w:r></w:p>"
    )
    assert said(pack(body(xml))) == [(None, None, "Es war sehr gut.")]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (pack("<a>" + "x" * 5_000_000 + "</a>"), "packed into"),
        (pack("<a>" + "x" * 17_000_000 + "</a>"), "packed into|bytes of text"),
        (pack('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'), "document type declaration"),
        (pack('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")), "document type declaration"),
        (pack(body("<w:p>" * 5000 + "</w:p>" * 5000)), "not well-formed"),
        (pack(body("<w:p>")), "not well-formed"),
        (pack(body(""), vbaProject="x"), "macros"),
        (pack(body("")), "no speech"),
        (pack(body("<w:p><w:r><w:t>a</w:t></w:r></w:p>"))[:-30], "not a whole Word document"),
        (b"PK\x03\x04 and nothing else", "not a whole Word document"),
    ],
)
def test_refused(data: bytes, problem: str) -> None:
    """Bombs, entities, macros and broken archives are refused before they are unpacked or believed."""
    with pytest.raises(TranscriptError, match=problem):
        parse_transcript(data, "call.docx")


def test_other_archives() -> None:
    """A workbook is not a Word document, whatever its name says."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(TranscriptError, match="not a Word document"):
        parse_transcript(buffer.getvalue(), "call.docx")
