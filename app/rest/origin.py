"""Whence a request comes: a browser may send forms here on behalf of pages of elsewhere, and says so in `Origin`."""

from urllib.parse import urlsplit

from fastapi import Request

from app.errors import ForbiddenError


def refuse_other_pages(request: Request) -> None:
    """Refuse what a web page of another origin makes a browser send.

    Raises:
        ForbiddenError: the origin is another than the host that the request is for.
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise ForbiddenError("this request comes from a web page of another origin")


def origin_of(request: Request) -> str:
    """What absolute links to this service begin with, as the client reaches it: `https://verbatim.example`."""
    return str(request.base_url).rstrip("/")
