"""What a server answered: a page within limits, whatever it says of itself."""

import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from httpcore2 import Response

from app.documents.addresses import REMEDY
from app.documents.document import MediaType
from app.documents.pages import Page
from app.documents.refusal import DocumentError, refusal

MOST_BYTES = 10_000_000

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_TYPES = (*_HTML_TYPES, *MediaType, "text/x-markdown", "application/octet-stream", "")
"""What is taken; what it really is, its content tells."""
_SUFFIXES = {**dict.fromkeys(_HTML_TYPES, ".html"), "application/pdf": ".pdf", "text/markdown": ".md"}
_PACKED = ("gzip", "x-gzip", "deflate")
_PIECE_BYTES = 64 * 1024
_NO_NAME = re.compile(r"[^\w.,()-]+")
_LONGEST_NAME = 120


def headers_of(response: Response) -> dict[str, str]:
    """The headers of a response, under small letters."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}


def read_page(response: Response, host: str, path: str) -> Page:
    """Read the page that a server gives for a path; raise `DocumentError` where it gives none."""
    if response.status in (401, 403):
        raise refusal(f"the server wants a login or refuses robots ({response.status})", REMEDY, "url")
    if response.status != 200:
        raise refusal(f"the server answers {response.status}", "check the address in a browser", "url")
    headers = headers_of(response)
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _TYPES:
        raise refusal("neither a page nor a document", "give the address of a page, a PDF or a Word document", "url")
    if headers.get("content-length", "").isdecimal() and int(headers["content-length"]) > MOST_BYTES:
        raise _too_large()
    sent = _within_limit(response.iter_stream())
    data = b"".join(_within_limit(unpacked(sent, headers.get("content-encoding", ""))))
    return Page(_name_of(host, path, media_type), data)


def unpacked(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Unpack what comes packed, in small pieces, so that none is large before it is counted."""
    packing = encoding.strip().lower()
    if packing in ("", "identity"):
        yield from chunks
        return
    if packing not in _PACKED:
        raise refusal("a page in an unknown packing", REMEDY, "url")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        for chunk in chunks:
            rest = chunk
            while not unpacker.eof:
                piece = unpacker.decompress(rest, _PIECE_BYTES)
                yield piece
                rest = unpacker.unconsumed_tail
                if not rest and len(piece) < _PIECE_BYTES:
                    break
    except zlib.error as error:
        raise refusal("a page whose packing is broken", REMEDY, "url") from error
    if not unpacker.eof:
        raise refusal("a page that broke off", "try again", "url")


def _within_limit(chunks: Iterable[bytes]) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > MOST_BYTES:
            raise _too_large()
        yield chunk


def _name_of(host: str, path: str, media_type: str) -> str:
    """A file name: the end of the path, with the suffix of its type."""
    name = _NO_NAME.sub("-", PurePosixPath(path).name).strip("-.")[-_LONGEST_NAME:] or host
    suffix = _SUFFIXES.get(media_type, "")
    return name if name.lower().endswith(suffix) else f"{name}{suffix}"


def _too_large() -> DocumentError:
    return refusal(f"more than {MOST_BYTES:,} bytes", REMEDY, "url")
