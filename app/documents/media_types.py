"""What a document is: its content tells, and its name only where the content leaves it open."""

import re
from pathlib import PurePath

from app.documents.document import MediaType
from app.documents.encoding import decode_text
from app.documents.refusal import refusal
from app.documents.signatures import Sort, sort_of
from app.documents.word import ZIP

_SAVE_AS = "save it as PDF, Word (.docx), HTML, Markdown or text"
_REMEDIES = {
    Sort.RECORDING: "add recordings of interviews with `verbatim ingest`",
    Sort.IMAGE: "recognise its text (OCR), and add that",
    Sort.COMPRESSED: "unpack it, and add what is in it",
}
_PDF_WITHIN_BYTES = 1024
_LOOKED_AT_CHARACTERS = 4_000
_HTML = re.compile(r"<!doctype html|<(?:html|head|body|title)\b", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml|!doctype|svg|rss|feed)\b", re.IGNORECASE)
_BY_SUFFIX = {
    ".html": MediaType.HTML,
    ".htm": MediaType.HTML,
    ".xhtml": MediaType.HTML,
    ".md": MediaType.MARKDOWN,
    ".markdown": MediaType.MARKDOWN,
}


def media_type_of(data: bytes, name: str) -> MediaType:
    """Say what a document is; raise `DocumentError` for what is none that can be read."""
    if not data.strip():
        raise refusal("an empty file", "export it again")
    if data.startswith(ZIP):
        return MediaType.WORD
    if b"%PDF-" in data[:_PDF_WITHIN_BYTES]:
        return MediaType.PDF
    sort = sort_of(data)
    if sort is not None:
        raise refusal(sort, _REMEDIES.get(sort, _SAVE_AS))
    beginning = decode_text(data).text[:_LOOKED_AT_CHARACTERS]
    if _HTML.search(beginning):
        return MediaType.HTML
    if _XML.match(beginning):
        raise refusal("an XML document that is no web page", _SAVE_AS)
    return _BY_SUFFIX.get(PurePath(name).suffix.lower(), MediaType.TEXT)
