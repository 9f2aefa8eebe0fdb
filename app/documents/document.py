"""A document, read: its text and what has to be known of it."""

from dataclasses import dataclass
from enum import StrEnum


class MediaType(StrEnum):
    """The types of documents that are read."""

    HTML = "text/html"
    PDF = "application/pdf"
    WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    MARKDOWN = "text/markdown"
    TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a document: NFC, with headings, list items and rows of tables as Markdown has them.

    `extractor` names what read it, with versions; `pages` are the offsets at which its pages begin, none where it has
    no pages; `warnings` say what is missing from the text.
    """

    text: str
    title: str | None
    media_type: MediaType
    extractor: str
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
