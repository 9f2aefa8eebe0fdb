"""Quotes as files that a browser keeps, CSV, Markdown and DOCX; and how addresses and forms name a quote."""

from collections.abc import Callable, Mapping
from typing import Literal

from starlette.responses import Response

from app.answering.schemas import Citation
from app.library.export import to_csv
from app.library.quote_pack import QuotePack, pack_docx, pack_markdown
from app.rest.figures import as_file
from app.rest.quotes import MEDIA_TYPES

QuoteFormat = Literal["csv", "markdown", "docx"]

FORMATS: tuple[QuoteFormat, ...] = ("csv", "markdown", "docx")

_WRITERS: Mapping[QuoteFormat, tuple[str, Callable[[QuotePack], str | bytes]]] = {
    "csv": ("csv", lambda pack: to_csv(pack.quotes, pack.host)),
    "markdown": ("md", pack_markdown),
    "docx": ("docx", pack_docx),
}


def quote_file(pack: QuotePack, wanted: QuoteFormat, name: str = "quotes") -> Response:
    """The quotes of a pack as a file called `<name>.<ending>`."""
    ending, write = _WRITERS[wanted]
    return Response(write(pack), media_type=MEDIA_TYPES[wanted], headers=as_file(f"{name}.{ending}"))


def quote_place(quote: Citation) -> str:
    """Where the words of a quote stand, as forms and addresses say it: `<utterance>:<start>:<end>`."""
    start, end = quote.span
    return f"{quote.utterance}:{start}:{end}"
