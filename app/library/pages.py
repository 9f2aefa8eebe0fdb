"""Keyset pages: a cursor names the last item of a page, opaquely, so that pages stay right while rows come and go."""

import base64
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.errors import Fault, InvalidInputError

Item = TypeVar("Item")
Keys = TypeVar("Keys", bound=tuple[str | int, ...])

DEFAULT_LIMIT = 50
MOST_LIMIT = 200
LONGEST_CURSOR = 500
_MOST_INTEGER = 2**31 - 1
_NEVER = datetime.max.replace(tzinfo=UTC)
_LAST_ID = uuid.UUID(int=2**128 - 1)


@dataclass(frozen=True)
class PageRequest:
    """Which page is wanted: at most `limit` items after the one that the cursor names."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None


def encode_cursor(keys: Sequence[str | int]) -> str:
    """Name the item with these sort keys."""
    return (
        base64.urlsafe_b64encode(json.dumps(keys, ensure_ascii=False, separators=(",", ":")).encode())
        .decode()
        .rstrip("=")
    )


def decode_cursor(cursor: str | None, start: Keys) -> Keys:
    """Read the sort keys that a page begins after.

    Args:
        cursor: what an earlier page gave as `next_cursor`; `None` for the first page.
        start: the keys before all items; the cursor's have their number and types.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    if cursor is None:
        return start
    try:
        keys = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        keys = None
    if not isinstance(keys, list) or not _fits(keys, start):
        raise wrong_cursor()
    return type(start)(keys)


def decode_moment(cursor: str | None) -> tuple[datetime, uuid.UUID]:
    """Read the time and id that a page of a list begins before, whose newest items come first.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    at, identifier = decode_cursor(cursor, (_NEVER.isoformat(), str(_LAST_ID)))
    try:
        return datetime.fromisoformat(at), uuid.UUID(identifier)
    except ValueError as error:
        raise wrong_cursor() from error


def moment_keys(row: Mapping[Any, Any]) -> tuple[str, str]:
    """The sort keys of an item of such a list."""
    return row["created_at"].isoformat(), str(row["id"])


def wrong_cursor() -> InvalidInputError:
    """The error that refuses a cursor of another list."""
    fault = Fault("query.cursor", "this is no cursor of this list", "use next_cursor of the page before, unchanged")
    return InvalidInputError("the page cannot be found", (fault,))


def cut_page(
    rows: Sequence[Item], limit: int, keys_of: Callable[[Item], Sequence[str | int]]
) -> tuple[list[Item], str | None]:
    """Cut a page out of up to `limit + 1` rows; the second value is the cursor of the next page, if there is one."""
    page = list(rows[:limit])
    return page, encode_cursor(keys_of(page[-1])) if len(rows) > limit else None


def _fits(keys: list[object], start: tuple[str | int, ...]) -> bool:
    return len(keys) == len(start) and all(
        (isinstance(key, str) and "\0" not in key and key.isprintable())
        if isinstance(first, str)
        else (type(key) is int and 0 <= key <= _MOST_INTEGER)
        for key, first in zip(keys, start, strict=True)
    )
