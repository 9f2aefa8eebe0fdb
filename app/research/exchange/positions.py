"""Positions in plain text as other programs count them, and what they mean in the text itself.

The standard counts characters, and so do QualCoder and Taguette: Unicode code points of the file. Others differ where
that makes a difference: programs over UTF-16 may count a character beyond U+FFFF twice; ATLAS.ti writes lines that end
in CR LF and counts these as one; a byte order mark may count or not. Which way a source is counted shows where its
positions are in range and fit the words that the file itself gives (ATLAS.ti names selections by their words, cut off
at 100 characters), else where they begin and end at words. Where nothing decides, code points of the file count.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, product

LEAST_NAME = 3
LONG_NAME = 20
_LINE_END = "\ufdd0"
_ASTRAL = 0x10000
_MARK = "\ufeff"


@dataclass(frozen=True)
class Selected:
    """A selection as a file gives it; `name` may be its words."""

    start: int
    end: int
    name: str | None = None


@dataclass(frozen=True)
class Counting:
    """How characters are counted: beyond U+FFFF twice or once, CR LF as two or one, the byte order mark or not."""

    utf16: bool = False
    line_ends_as_two: bool = True
    mark: bool = False

    def __str__(self) -> str:
        unit = "UTF-16 units" if self.utf16 else "code points"
        ends = "CR LF as two" if self.line_ends_as_two else "CR LF as one"
        return f"{unit}, {ends}{', with the byte order mark' if self.mark else ''}"


@dataclass(frozen=True)
class CountedText:
    """The text of a source, its lines ended by LF, and where each character begins in the counting of the file.

    `starts` is one longer than the text; its last entry is the end. Where all count alike, there is no `counting`.
    """

    text: str
    counting: Counting | None
    starts: tuple[int, ...]

    def offset(self, position: int) -> int | None:
        """The offset in the text of a position; `None` where there is none."""
        if not self.starts[0] <= position <= self.starts[-1]:
            return 0 if 0 <= position < self.starts[0] else None
        return bisect_left(self.starts, position)


def decode_source(data: bytes) -> str:
    """Decode the text of a source as it is: UTF-8 by the standard, else what old programs on Windows write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def count_text(raw: str, selections: Sequence[Selected], origin: str) -> CountedText:
    """Find out how the positions of a source are counted.

    Args:
        raw: the text as it is in the file.
        selections: what the file selects in it.
        origin: which program wrote the file.
    """
    ways = [_counted(raw, counting) for counting in _countings(raw, origin)]
    best = max(ways, key=lambda way: _fitness(way, selections))
    return best if len(ways) > 1 else replace(best, counting=None)


def _countings(raw: str, origin: str) -> list[Counting]:
    """The ways that make a difference, the likeliest first."""
    utf16 = (False, True) if any(ord(character) >= _ASTRAL for character in raw) else (False,)
    as_two = (False, True) if "atlas" in origin.casefold() else (True, False)
    marks = (False, True) if raw.startswith(_MARK) else (False,)
    return [Counting(*way) for way in product(utf16, as_two if "\r\n" in raw else as_two[:1], marks)]


def _counted(raw: str, counting: Counting) -> CountedText:
    body = raw.removeprefix(_MARK)
    mark = int(counting.mark and len(body) < len(raw))
    units = body.replace("\r\n", _LINE_END).replace("\r", "\n")
    widths = [
        (1 + counting.line_ends_as_two) if unit == _LINE_END else 1 + (counting.utf16 and ord(unit) >= _ASTRAL)
        for unit in units
    ]
    return CountedText(units.replace(_LINE_END, "\n"), counting, tuple(accumulate(widths, initial=mark)))


def _fitness(way: CountedText, selections: Sequence[Selected]) -> tuple[int, int, int]:
    """How many selections have the words that their names give, are in range, and begin and end at words."""
    named = inside = at_words = 0
    for selected in selections:
        start, end = way.offset(selected.start), way.offset(selected.end)
        if start is None or end is None or start >= end:
            continue
        inside += 1
        named += is_named(way.text[start:end], selected.name)
        at_words += _is_boundary(way.text, start) + _is_boundary(way.text, end)
    return named, inside, at_words


def is_named(words: str, name: str | None) -> bool:
    """Whether words are called as they go, or as they begin where the name is cut off."""
    if name is None:
        return False
    spoken, called = " ".join(words.split()), " ".join(name.split())
    cut = called.removesuffix("…").removesuffix("...").rstrip()
    is_cut = cut != called or len(cut) >= LONG_NAME
    return len(cut) >= LEAST_NAME and (spoken == called or (is_cut and spoken.startswith(cut)))


def _is_boundary(text: str, offset: int) -> bool:
    return not (0 < offset < len(text) and text[offset - 1].isalnum() and text[offset].isalnum())
