"""Any document to its text, in this process: what it is made of may harm its parser, so `extraction` calls it apart."""

from collections.abc import Callable

from app.documents.document import Document, MediaType
from app.documents.html import read_html
from app.documents.media_types import media_type_of
from app.documents.pdf import read_pdf
from app.documents.refusal import DocumentError, refusal
from app.documents.texts import read_docx, read_markdown, read_plain_text

MOST_CHARACTERS = 3_000_000

_READERS: dict[MediaType, Callable[[bytes], Document]] = {
    MediaType.HTML: read_html,
    MediaType.PDF: read_pdf,
    MediaType.WORD: read_docx,
    MediaType.MARKDOWN: read_markdown,
    MediaType.TEXT: read_plain_text,
}


def read_document(data: bytes, name: str) -> Document:
    """Read a document whatever it is; `name` counts only where the content leaves open what it is.

    Raises:
        DocumentError: it is no document, broken, locked, without text or too long.
    """
    try:
        document = _READERS[media_type_of(data, name)](data)
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # parsers of foreign files raise whatever they trip over
        raise refusal(f"a document that is broken ({type(error).__name__})", "export it again") from error
    if len(document.text) > MOST_CHARACTERS:
        raise refusal(f"more than {MOST_CHARACTERS:,} characters of text", "split the document")
    return document
