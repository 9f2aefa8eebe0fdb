"""Documents that are text already: Word, Markdown, plain text."""

import re
from collections.abc import Iterator
from importlib.metadata import version

from app.documents.document import Document, MediaType
from app.documents.encoding import decode_text
from app.documents.prose import Block, Shape, has_words, lay_out, one_line, row
from app.documents.refusal import refusal
from app.documents.word import Paragraph, Row, read_word

WORD_EXTRACTOR = f"python-docx/{version('python-docx')} verbatim-word/1"
TEXT_EXTRACTOR = "verbatim-text/1"

_REMEDY = "add a document with words in it"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---\n(?P<fields>.*?)\n---\n", re.DOTALL)
_TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)
_FIRST_HEADING = re.compile(r"^# +(.+)$", re.MULTILINE)
_BLANK_LINES = re.compile(r"[^\S\n]*\n(?:[^\S\n]*\n){2,}")


def read_docx(data: bytes) -> Document:
    """Read a Word document; raise `DocumentError` where it is dangerous, broken or without words."""
    text = lay_out(_blocks(read_word(data)))
    return _with_words(Document(text, _first_heading(text), MediaType.WORD, WORD_EXTRACTOR))


def read_markdown(data: bytes) -> Document:
    """Read Markdown as it is, without front matter and comments, which no reader sees."""
    decoded = decode_text(data)
    matter = _FRONT_MATTER.match(decoded.text)
    named = _TITLE.search(matter["fields"]) if matter else None
    text = _tidy(_COMMENT.sub("", decoded.text[matter.end() if matter else 0 :]))
    title = one_line(named[1]) if named else _first_heading(text)
    return _with_words(Document(text, title, MediaType.MARKDOWN, TEXT_EXTRACTOR, warnings=decoded.warnings))


def read_plain_text(data: bytes) -> Document:
    """Read text of any encoding."""
    decoded = decode_text(data)
    return _with_words(Document(_tidy(decoded.text), None, MediaType.TEXT, TEXT_EXTRACTOR, warnings=decoded.warnings))


def _blocks(parts: Iterator[Paragraph | Row]) -> Iterator[Block]:
    for part in parts:
        if isinstance(part, Row):
            yield row(part.cells)
        elif part.heading is not None:
            yield Block(Shape.HEADING, part.text, part.heading)
        else:
            yield Block(Shape.ITEM if part.is_listed else Shape.PARAGRAPH, part.text)


def _first_heading(text: str) -> str | None:
    heading = _FIRST_HEADING.search(text)
    return one_line(heading[1]) if heading else None


def _tidy(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", text).strip()


def _with_words(document: Document) -> Document:
    if not has_words(document.text):
        raise refusal("a document without words", _REMEDY)
    return document
