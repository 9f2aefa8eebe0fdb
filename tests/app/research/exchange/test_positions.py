"""Positions mean what the program that wrote them meant, however it counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.exchange.positions import Counting, Selected, count_text, decode_source, is_named

TEXT = "Ärger 😀 über den Brief.\nUnd dann 🤷🏽 nichts mehr. Gar nichts!"
WORDS = ("über den Brief", "nichts mehr", "Gar nichts!")


def counted(raw: str, offset: int, counting: Counting) -> int:
    """Where an offset of the raw text is by a way of counting, counted character by character."""
    position = 0
    for place in range(offset):
        character = raw[place]
        if character == "\ufeff" and place == 0:
            position += counting.mark
        elif character == "\n" and raw[place - 1 : place] == "\r" and not counting.line_ends_as_two:
            continue
        else:
            position += 2 if counting.utf16 and ord(character) > 0xFFFF else 1
    return position


def select(raw: str, words: str, counting: Counting, name: str | None) -> Selected:
    """A selection as a program that counts so writes it."""
    start = raw.index(words)
    return Selected(counted(raw, start, counting), counted(raw, start + len(words), counting), name)


WAYS = [Counting(utf16, two, mark) for utf16 in (False, True) for two in (False, True) for mark in (False, True)]


@pytest.mark.parametrize("counting", WAYS, ids=str)
@pytest.mark.parametrize("named", [True, False])
def test_each_way_of_counting_is_found_out(counting: Counting, named: bool) -> None:
    """By the words that selections are called by, and without them because selections begin and end at words."""
    raw = "\ufeff" + TEXT.replace("\n", "\r\n")
    selections = [select(raw, words, counting, words if named else None) for words in WORDS]
    text = count_text(raw, selections, "")
    for selected, words in zip(selections, WORDS, strict=True):
        start, end = text.offset(selected.start), text.offset(selected.end)
        assert text.text[start:end] == words


def test_atlas_counts_line_ends_once() -> None:
    """It writes CR LF and counts one; where nothing else decides, that is taken from who wrote the file."""
    raw = "aa\r\nbb\r\ncc"
    assert count_text(raw, [], "ATLAS.ti 23").counting == Counting(line_ends_as_two=False)
    assert count_text(raw, [], "NVivo").counting == Counting(line_ends_as_two=True)


def test_where_all_count_alike_nothing_is_said() -> None:
    """Most texts have neither emoji nor CR LF nor a byte order mark."""
    text = count_text("Nur Text.\nUnd mehr.", [Selected(0, 3)], "MAXQDA")
    assert (text.counting, text.offset(4), text.offset(19), text.offset(20), text.offset(-1)) == (
        None,
        4,
        19,
        None,
        None,
    )


@given(
    st.text(st.sampled_from("ab \r\n😀\ufeffé"), max_size=40),
    st.integers(-5, 90),
    st.sampled_from(["ATLAS.ti", "NVivo"]),
)
def test_offsets_lie_in_the_text(raw: str, position: int, origin: str) -> None:
    """Whatever stands in a file: a position is an offset of the text, or none."""
    text = count_text(raw, [Selected(position, position + 3)], origin)
    offset = text.offset(position)
    assert offset is None or 0 <= offset <= len(text.text)
    assert "\r" not in text.text
    assert text.starts[-1] >= len(text.text)


@pytest.mark.parametrize(
    ("words", "name", "named"),
    [
        ("Oh, that was great.", "Oh, that was great.", True),
        ("Oh, that\nwas great.", "Oh, that was great.", True),
        ("Oh, that was great. And more", "Oh, that was…", True),
        ("Oh, that was great. And more", "Oh, that was...", True),
        ("Oh, that was great. And more", "Oh, that was", False),
        ("Oh, that was great, and more", "Oh, that was great, and", True),
        ("fatty foods", "damage done", False),
        ("Oh", "Oh", False),
        ("Oh", None, False),
    ],
)
def test_selections_may_be_called_by_their_words(words: str, name: str | None, named: bool) -> None:
    """Whole, or cut off; what somebody calls them otherwise says nothing."""
    assert is_named(words, name) is named


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_sources_are_decoded(encoding: str) -> None:
    """UTF-8 by the standard; what old programs write, too."""
    assert decode_source("Ärger über öde Briefe".encode(encoding)).removeprefix("\ufeff") == "Ärger über öde Briefe"
