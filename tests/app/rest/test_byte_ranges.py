"""Ranges and conditions are read as RFC 9110 reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from app.rest.byte_ranges import RangeNotSatisfiableError, is_expected, is_known, requested_part

TAG = '"abc"'
SIZE = 1000


def part_of(value: str, size_bytes: int = SIZE) -> range | None:
    """The part that a `Range` header asks for."""
    return requested_part(Headers({"range": value}), TAG, size_bytes)


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-499", range(500)),
        ("bytes=500-", range(500, 1000)),
        ("bytes=-500", range(500, 1000)),
        ("bytes=-5000", range(1000)),
        ("bytes=999-5000", range(999, 1000)),
        ("bytes=0-99999999999999999999999999", range(1000)),
        ("BYTES = 0-1", range(2)),
        ("bytes=, 7-8 ,", range(7, 9)),
    ],
)
def test_one_range_is_given(value: str, part: range) -> None:
    """First and last byte, from a byte on, or so many last bytes; what lies behind the end is left out."""
    assert part_of(value) == part


@pytest.mark.parametrize("value", ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=1000-,5000-6000"])
def test_what_lies_behind_the_end_cannot_be_given(value: str) -> None:
    """Where no range has a byte of the content, that is an error."""
    with pytest.raises(RangeNotSatisfiableError):
        part_of(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=9-8",
        "bytes=1-2-3",
        "bytes=a-b",
        "bytes=+1-2",
        "bytes=1.0-2",
        "bytes=0x1-2",
        "bytes=²-³",
        "seconds=0-1",
        "0-1",
        "bytes=0-1,9-8",
        "bytes=0-" + "9" * 300,
        "bytes=0-1,5-6",
        "bytes=0-1,2000-",
    ],
)
def test_what_cannot_be_read_gets_the_whole(value: str) -> None:
    """Other units, wrong syntax and several ranges are passed over."""
    assert part_of(value) is None


@given(st.text(alphabet="bytes=0123456789-, \t", max_size=40), st.integers(0, 10**12))
def test_a_part_lies_within_the_content(value: str, size_bytes: int) -> None:
    """Whatever is asked for, a part that is given has a byte, and none that the content has not."""
    try:
        part = part_of(value, size_bytes)
    except RangeNotSatisfiableError:
        return
    assert part is None or 0 <= part.start < part.stop <= size_bytes


@given(st.integers(0, SIZE - 1), st.integers(0, 2 * SIZE))
def test_bounds_name_the_first_and_the_last_byte(first: int, more: int) -> None:
    """The bounds of a range that can be read are those of the part."""
    part = part_of(f"bytes={first}-{first + more}")
    assert part is not None
    assert (part.start, part.stop) == (first, min(first + more + 1, SIZE))


@pytest.mark.parametrize(
    ("if_range", "is_part"),
    [(TAG, True), (f" {TAG} ", True), ('"abd"', False), (f"W/{TAG}", False), ("Sat, 21 Nov 2026 10:00:00 GMT", False)],
)
def test_if_range_compares_strongly(if_range: str, is_part: bool) -> None:
    """A part of another content, or of one that is only alike, would spoil what the client has."""
    headers = Headers({"range": "bytes=0-1", "if-range": if_range})
    assert (requested_part(headers, TAG, SIZE) is not None) is is_part


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (TAG, True),
        (f"W/{TAG}", True),
        ("*", True),
        (f'"x", W/"y" ,{TAG}', True),
        ('"x,y"', False),
        ("abc", False),
        ("", False),
        ('"ABC"', False),
        ('"abc', False),
    ],
)
def test_if_none_match_compares_weakly(value: str, known: bool) -> None:
    """The client has the content if any of its tags is that of the content, weak or strong."""
    assert is_known(Headers({"if-none-match": value}), TAG) is known
    assert not is_known(Headers({}), TAG)


@pytest.mark.parametrize(
    ("value", "expected"), [(TAG, True), ("*", True), (f'"x", {TAG}', True), (f"W/{TAG}", False), ('"x"', False)]
)
def test_if_match_compares_strongly(value: str, expected: bool) -> None:
    """Only the very content is what the client expects."""
    assert is_expected(Headers({"if-match": value}), TAG) is expected
    assert is_expected(Headers({}), TAG)


def test_repeated_headers_are_one_list() -> None:
    """A header that comes twice means both of its values."""
    headers = Headers(raw=[(b"if-none-match", b'"x"'), (b"if-none-match", TAG.encode())])
    assert is_known(headers, TAG)
    assert not is_expected(Headers(raw=[(b"if-match", b'"x"'), (b"if-match", b'"y"')]), TAG)
