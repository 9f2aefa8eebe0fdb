"""Exports hold the words as they were said, and nothing that a spreadsheet or a renderer would act upon."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.answering.schemas import Citation
from app.library.export import COLUMNS, escape_markdown, spoken_at, to_csv, to_markdown
from app.rest.examples import CITATION

QUOTE = Citation.model_validate(CITATION)
ADDRESS = re.compile(r"://|www\.|\w@\w", re.IGNORECASE)
words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
spoken = st.lists(words, min_size=1, max_size=8).map(" ".join)


def cells(text: str) -> list[dict[str, str]]:
    """Read a CSV as a spreadsheet would."""
    return list(csv.DictReader(io.StringIO(text)))


def rendered(markdown: str) -> str:
    """The text that a reader sees, white space aside; markup fails, and so does an address that is not code."""
    inline = [token for token in MarkdownIt("commonmark").parse(markdown) if token.type == "inline"]
    children = [child for token in inline for child in token.children or ()]
    assert {child.type for child in children} <= {"text", "text_special", "softbreak", "code_inline"}
    assert not [child for child in children if ADDRESS.search(child.content) and child.type != "code_inline"]
    assert not [
        child for child in children if child.type == "code_inline" and not re.search("://|www|@", child.content, re.I)
    ]
    return " ".join("".join(child.content if child.content else " " for child in children).split())


def test_a_csv_has_a_line_for_each_quote() -> None:
    """Each quote has its words, its speaker, its place and an absolute link."""
    (row,) = cells(to_csv([QUOTE], "https://verbatim.example"))
    assert tuple(row) == COLUMNS
    assert row["quote"] == QUOTE.quote
    assert (row["participant"], row["span_start"], row["span_end"], row["codes"]) == ("P01", "27", "261", "AX1")
    assert row["url"] == f"https://verbatim.example{QUOTE.url}"


@given(spoken)
def test_a_csv_keeps_every_word(text: str) -> None:
    """Reading a CSV gives the words back, after an apostrophe only where a formula would begin."""
    (row,) = cells(to_csv([QUOTE.model_copy(update={"quote": text})]))
    assert row["quote"] in (text, f"'{text}")
    assert row["quote"][0] not in "=+-@＝＋－＠"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_is_a_formula(start: str) -> None:
    """What a spreadsheet would compute is text instead, in every column."""
    evil = f"{start}HYPERLINK(1)"
    (row,) = cells(to_csv([QUOTE.model_copy(update={"quote": evil, "question_before": evil, "participant": evil})]))
    assert [row["quote"], row["question_before"], row["participant"]] == [f"'{evil}"] * 3


@given(spoken)
def test_escaped_markdown_renders_as_the_text(text: str) -> None:
    """A renderer shows the text itself: no emphasis, links, code, lists, headings, entities or HTML."""
    assert rendered(escape_markdown(text)) == " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "- one\n- two",
        "1. eins\n2) zwei",
        "# no heading",
        "words\n===",
        "&lt; *so* _so_ `so` ~~so~~ | so",
        "![](http://example.org/x.png)",
        "See https://evil.example/?a=1&b=*2*, WWW.evil.example or ann@evil.example!",
        "``http://a `b` www.`",
        "`` http://evil.example ``",
    ],
)
def test_markup_is_shown_not_done(text: str) -> None:
    """Typical markup comes out as it was said."""
    assert rendered(escape_markdown(text)) == " ".join(text.split())


def test_markdown_says_who_said_it() -> None:
    """A quote stands as a block quotation with the speaker, the place in the recording and an absolute link."""
    text = to_markdown([QUOTE], "https://verbatim.example")
    assert text.startswith("> Also, wenn bei uns")
    assert "P01 · careful · de · I01 · 05:37 · AX1" in text
    assert f"(https://verbatim.example{QUOTE.url})" in text


@pytest.mark.parametrize(
    ("time_ms", "expected"),
    [(None, ""), (0, "00:00"), (337_295, "05:37"), (3_600_000, "1:00:00"), (5_025_999, "1:23:45")],
)
def test_times_read_as_in_a_player(time_ms: int | None, expected: str) -> None:
    """Times are minutes and seconds, with hours where there are some."""
    assert spoken_at(time_ms) == expected
