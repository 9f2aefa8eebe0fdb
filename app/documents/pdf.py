"""PDF documents, page by page (pypdf); what has no text in it is refused with the reason."""

import io
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

import pypdf
from pypdf.errors import DependencyError, PdfReadError
from pypdf.generic import DictionaryObject

from app.documents.document import Document, MediaType
from app.documents.prose import one_line
from app.documents.refusal import refusal
from app.text import normalise

EXTRACTOR = f"pypdf/{pypdf.__version__} verbatim-pdf/1"
MOST_PAGES = 1_000

_BETWEEN = "\n\n"
_INLINE_IMAGE = re.compile(rb"(?:^|\s)BI\s.{0,1000}?\sID\s", re.DOTALL)
_RECOGNISE = "recognise its text (OCR), for example with ocrmypdf, and add the result"
_LEAST_READABLE = 0.5


def read_pdf(data: bytes) -> Document:
    """Read a PDF document; raise `DocumentError` where it is locked, broken or without text."""
    reader = _open(data)
    pages = [_text_of(page) for page in reader.pages]
    without = [number for number, text in enumerate(pages, start=1) if not text]
    if len(without) == len(pages):
        raise _textless(reader)
    text = _BETWEEN.join(pages)
    if not _is_readable(text):
        raise refusal("letters that have no characters assigned", _RECOGNISE)
    title = one_line(normalise(str(reader.metadata.title))) if reader.metadata and reader.metadata.title else None
    starts = tuple(accumulate((len(page) + len(_BETWEEN) for page in pages[:-1]), initial=0))
    return Document(text, title, MediaType.PDF, EXTRACTOR, starts, tuple(_warnings(without)))


def _open(data: bytes) -> pypdf.PdfReader:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise refusal("a document with a password", "save a copy without the password, and add that")
        count = len(reader.pages)
    except DependencyError as error:
        raise refusal("a kind of encryption that cannot be opened", "save a copy without it, and add that") from error
    if not count:
        raise refusal("a PDF without pages", "export it again")
    if count > MOST_PAGES:
        raise refusal(f"{count:,} pages, more than {MOST_PAGES:,}", "split the document")
    return reader


def _text_of(page: pypdf.PageObject) -> str:
    """The text of a page; a page that is broken has none."""
    try:
        return normalise(page.extract_text()).strip()
    except (PdfReadError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return ""


def _textless(reader: pypdf.PdfReader) -> Exception:
    images = sum(map(_count_images, reader.pages))
    if not images:
        return refusal("a PDF without text", "export it again from the program that it was written in")
    pages = len(reader.pages)
    shown = f"{images} picture{'s' * (images != 1)} on {pages} page{'s' * (pages != 1)}"
    return refusal(f"a PDF of pictures without text ({shown})", _RECOGNISE)


def _count_images(page: pypdf.PageObject) -> int:
    objects = _entry(_entry(page, "/Resources"), "/XObject")
    contents = page.get_contents()
    inline = _INLINE_IMAGE.findall(contents.get_data()) if contents is not None else []
    images = [name for name in objects if _entry(objects, name).get("/Subtype") == "/Image"]
    return len(images) + len(inline)


def _entry(owner: DictionaryObject, key: str) -> DictionaryObject:
    """A dictionary in a dictionary, empty where it has none."""
    found = owner[key].get_object() if key in owner else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _is_readable(text: str) -> bool:
    visible = [character for character in text if not character.isspace()]
    return sum(character.isalnum() for character in visible) >= _LEAST_READABLE * len(visible)


def _warnings(without: Sequence[int]) -> Iterator[str]:
    if without:
        shown = ", ".join(map(str, without[:10])) + (" …" if len(without) > 10 else "")
        yield f"no text on page{'s' * (len(without) != 1)} {shown}"
