"""Times as transcript files write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.importers.timestamps import MAX_TIME_MS, is_broken_timing, parse_time, parse_timing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:01:02.345", 62_345),
        ("00:01:02,345", 62_345),
        ("0:0:2.5", 2500),
        ("1:02", 62_000),
        ("01:02:03", 3_723_000),
        ("120:00", 7_200_000),
        (" 1:02 ", 62_000),
        ("47:59:59.999", MAX_TIME_MS - 1),
        ("48:00:00", None),
        ("1:60", None),
        ("1:60:00", None),
        ("1", None),
        ("-1:00", None),
        ("1:00.1234", None),
        ("١:٠٠", None),
        ("", None),
    ],
)
def test_parse_time(text: str, expected: int | None) -> None:
    """Hours and fraction may be missing; what is no time of a recording is none."""
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    ("line", "timing", "is_broken"),
    [
        ("00:01.000 --> 00:02.000", (1000, 2000), False),
        ("\t00:01,5-->0:0:2 align:start", (1000 + 500, 2000), False),
        ("00:01.000 --> 00:02.000line:0", (1000, 2000), False),
        ("00:01.000 --> 00:99.000", None, True),
        ("00.01.000 --> 00:02.000", None, True),
        ("Preis 10 --> 20", None, False),
        ("-->", None, False),
        ("00:01.000 -> 00:02.000", None, False),
    ],
)
def test_parse_timing(line: str, timing: tuple[int, int] | None, is_broken: bool) -> None:
    """The line above a cue, and what was meant as one."""
    assert (parse_timing(line), is_broken_timing(line)) == (timing, is_broken)


@given(st.integers(min_value=0, max_value=MAX_TIME_MS - 1))
def test_written_times_are_read(time_ms: int) -> None:
    """Every millisecond of two days survives."""
    seconds, fraction = divmod(time_ms, 1000)
    assert parse_time(f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:03}") == time_ms
