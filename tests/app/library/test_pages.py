"""Cursors come back as they were given, and nothing else is taken for one."""

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidInputError
from app.library.pages import cut_page, decode_cursor, encode_cursor

codes = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=40)


@given(codes, st.integers(0, 2**31 - 1))
def test_a_cursor_comes_back_as_it_was_given(code: str, index: int) -> None:
    """Decoding a cursor gives the keys that it was made of."""
    assert decode_cursor(encode_cursor([code, index]), ("", -1)) == (code, index)


def test_without_a_cursor_the_first_page_begins() -> None:
    """No cursor means the start."""
    assert decode_cursor(None, ("", -1)) == ("", -1)


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_refused(cursor: str) -> None:
    """Whatever somebody sends is refused, or holds keys of the right types."""
    with suppress(InvalidInputError):
        code, index = decode_cursor(cursor, ("", -1))
        assert isinstance(code, str)
        assert isinstance(index, int)


@pytest.mark.parametrize(
    "content",
    [["I01"], ["I01", "3"], [1, 2], ["I01", 1.5], ["I01", True], ["I01", -1], ["I01", 2**31], ["\0", 1], {}, 7],
)
def test_keys_of_another_list_are_refused(content: object) -> None:
    """A cursor with other numbers or types of keys than this list sorts by is refused."""
    with pytest.raises(InvalidInputError):
        decode_cursor(base64.urlsafe_b64encode(json.dumps(content).encode()).decode(), ("", -1))


@given(st.lists(st.integers(0, 1000), unique=True, max_size=30).map(sorted), st.integers(1, 7))
def test_pages_hold_every_item_once(items: list[int], limit: int) -> None:
    """Following the cursors visits all items in order, each once, in pages that are full but for the last."""
    seen: list[int] = []
    cursor: str | None = None
    while True:
        (after,) = decode_cursor(cursor, (-1,))
        page, cursor = cut_page([item for item in items if item > after][: limit + 1], limit, lambda item: [item])
        seen += page
        assert cursor is None or len(page) == limit
        if cursor is None:
            break
    assert seen == items
