"""Quotes as files that a browser keeps, CSV, Markdown and DOCX; and how addresses and forms name a quote."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from fastapi import Form
from starlette.responses import Response

from app.answering.schemas import Citation
from app.library.collections.schemas import QuotePlace
from app.library.export import to_csv
from app.library.quote_pack import QuotePack, pack_docx, pack_markdown
from app.rest.figures import as_file
from app.rest.forms import form_of
from app.rest.quotes import MEDIA_TYPES

QuoteFormat = Literal["csv", "markdown", "docx"]

FORMATS: tuple[QuoteFormat, ...] = ("csv", "markdown", "docx")

PLACE = r"[0-9a-f-]{36}:[0-9]{1,10}:[0-9]{1,10}"
"""How addresses and forms name where the words of a quote stand: `<utterance>:<start>:<end>`."""

PicksForm = Annotated[list[Annotated[str, Form(pattern=f"^{PLACE}$")]], Form()]

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
    """Where the words of a quote stand, as `PLACE`."""
    start, end = quote.span
    return f"{quote.utterance}:{start}:{end}"


def read_place(place: str) -> QuotePlace:
    """The place that a `PLACE` names.

    Raises:
        RequestValidationError: no words can stand there.
    """
    utterance, *span = place.split(":")
    return form_of(QuotePlace, {"utterance": utterance, "span": span}, "body")
