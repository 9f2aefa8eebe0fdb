"""Which part of a content a request asks for, and whether it has it already (RFC 9110, sections 13 and 14)."""

import re

from starlette.datastructures import Headers

LONGEST_RANGE_HEADER = 200

_ENTITY_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_RANGES = re.compile(r"bytes[ \t]*=([\d\-, \t]+)", re.ASCII | re.IGNORECASE)
_RANGE = re.compile(r"(\d*)-(\d*)", re.ASCII)


class RangeNotSatisfiableError(Exception):
    """No part of the content is asked for."""


def is_expected(headers: Headers, etag: str) -> bool:
    """Whether the content is what the client expects: `If-Match` is missing, or names it."""
    tags = _values(headers, "if-match")
    return not tags or tags.strip() == "*" or ("", etag) in _ENTITY_TAG.findall(tags)


def is_known(headers: Headers, etag: str) -> bool:
    """Whether the client has the content already: `If-None-Match` names it."""
    tags = _values(headers, "if-none-match")
    return tags.strip() == "*" or etag in (tag for _, tag in _ENTITY_TAG.findall(tags))


def requested_part(headers: Headers, etag: str, size_bytes: int) -> range | None:
    """The bytes that `Range` asks for.

    Several parts, which players never ask for, parts in other units, and a header that cannot be read get the whole.

    Args:
        headers: those of a GET request.
        etag: the strong tag of the content, with its quotation marks.
        size_bytes: how long the content is.

    Returns:
        The part, or `None` for the whole; also where `If-Range` names another content.

    Raises:
        RangeNotSatisfiableError: all that is asked for lies behind the end.
    """
    if headers.get("if-range", etag).strip() != etag:
        return None
    parts = _read_ranges(_values(headers, "range"), size_bytes)
    satisfiable = [part for part in parts if part]
    if parts and not satisfiable:
        raise RangeNotSatisfiableError
    return parts[0] if len(parts) == 1 else None


def _read_ranges(header: str, size_bytes: int) -> list[range]:
    """Read the parts, those behind the end as empty; none at all if one of them cannot be read."""
    ranges = _RANGES.fullmatch(header.strip()) if len(header) <= LONGEST_RANGE_HEADER else None
    if ranges is None:
        return []
    parts = [_read_range(text.strip(), size_bytes) for text in ranges[1].split(",") if text.strip()]
    return [part for part in parts if part is not None] if None not in parts else []


def _read_range(text: str, size_bytes: int) -> range | None:
    bounds = _RANGE.fullmatch(text)
    if bounds is None or bounds[0] == "-":
        return None
    if not bounds[1]:
        return range(max(0, size_bytes - int(bounds[2])), size_bytes)
    first, last = int(bounds[1]), int(bounds[2] or size_bytes)
    if bounds[2] and last < first:
        return None
    return range(first, min(last + 1, size_bytes))


def _values(headers: Headers, name: str) -> str:
    return ", ".join(headers.getlist(name))
