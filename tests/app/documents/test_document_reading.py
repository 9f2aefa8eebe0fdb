"""What a file is and how it is read, whatever it is called; and no file, however broken, is more than refused."""

import random
from pathlib import Path

import pytest
from document_factory import pdf_file, word_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.documents.document import Document, MediaType
from app.documents.reading import MOST_CHARACTERS, read_document
from app.documents.refusal import DocumentError
from app.text import normalise

FILES = Path(__file__).resolve().parents[2] / "conformance" / "docs_onyx"
SAMPLES = [path.read_bytes() for path in sorted(FILES.iterdir())]
HTML = st.lists(
    st.sampled_from(
        "<p> </p> <table> <tr> <td> </table> <ul><li> <h2> <script> </script> <details> <summary> <!-- --> <![CDATA[ "
        "&amp; &#0; &#xD800; \0 Wörter <a> <svg> <body> <head> <quote> <pre> <style>".split(" ")
    )
).map("".join)


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b"<!DOCTYPE html><p>Preise", "a.txt", MediaType.HTML),
        (b"\n\n<html><body>Preise", "a", MediaType.HTML),
        (b"<p>Preise</p>", "a.html", MediaType.HTML),
        (b"<p>Preise</p>", "a.txt", MediaType.TEXT),
        (b"# Preise", "a.md", MediaType.MARKDOWN),
        (b"# Preise", "a.txt", MediaType.TEXT),
        (pdf_file("Preise"), "a.html", MediaType.PDF),
        (b"junk before\n" + pdf_file("Preise"), "a", MediaType.PDF),
        (word_file(("Normal", "Preise")), "a.pdf", MediaType.WORD),
    ],
)
def test_content_tells_what_a_file_is(data: bytes, name: str, media_type: MediaType) -> None:
    """The name counts only where the content leaves it open."""
    document = read_document(data, name)
    assert document.media_type is media_type
    assert "Preise" in document.text


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "an empty file"),
        (b" \n ", "an empty file"),
        (b"{\\rtf1 words", "a rich text document → save it as PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", r"an old Word document \(.doc\) → save it"),
        (b"\x89PNG\r\n", "an image → recognise its text"),
        (b"ID3\x04\x00", "an audio or video recording → add recordings of interviews with"),
        (b"\x1f\x8b\x08", "a compressed file → unpack it"),
        (b"<?xml version='1.0'?><rss><item>x</item></rss>", "an XML document that is no web page"),
        (b"<svg><text>x</text></svg>", "an XML document that is no web page"),
        (bytes(range(32)) * 20, "not a text file"),
        (b"Wort\0" * 100, "not a text file"),
        ("привет, как дела".encode("cp1251"), "the encoding cannot be told"),
        (b"... --- ...", "without words"),
        (b"a b c " * 600_000, f"more than {MOST_CHARACTERS:,} characters"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, problem: str) -> None:
    """With the reason and the remedy."""
    with pytest.raises(DocumentError, match=f"{problem}.*→|{problem}"):
        read_document(data, "a")


def test_a_few_nul_bytes_and_marks_that_nobody_sees_are_left_out() -> None:
    """What cannot be stored, or can make words look like others, is not in the text."""
    assert read_document("Prei\0se \u202eund\u200b Gebühren und so weiter und so fort".encode(), "a").text == (
        "Preise und Gebühren und so weiter und so fort"
    )


def test_markdown_is_read_as_it_is() -> None:
    """Without front matter and comments; the title is that of the front matter, else the first heading."""
    document = read_document(b"---\ntitle: 'Habits'\n---\n\n# Saving\n\nWords.<!-- hidden -->\n\n\n\nMore.\n", "a.md")
    assert (document.title, document.text) == ("Habits", "# Saving\n\nWords.\n\nMore.")
    assert read_document(b"# Saving\n\nWords.", "a.md").title == "Saving"


def check(data: bytes, name: str) -> None:
    """Read a file: its text is in the form that is stored, or it is refused."""
    try:
        document: Document | None = read_document(data, name)
    except DocumentError:
        document = None
    if document is not None:
        assert document.text == normalise(document.text)
        assert any(character.isalnum() for character in document.text)
        assert all(0 <= start <= len(document.text) for start in document.pages)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SAMPLES), st.integers(0, 2**32), st.integers(1, 40))
def test_no_damaged_file_is_more_than_refused(sample: bytes, seed: int, faults: int) -> None:
    """Bytes changed, cut out and repeated in real documents."""
    chance, data = random.Random(seed), bytearray(sample)  # noqa: S311 no secret
    for _ in range(faults):
        place = chance.randrange(len(data))
        match chance.randrange(3):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randrange(1, 30)]
            case _:
                data[place:place] = data[place : place + chance.randrange(1, 30)] or b"x"
        if not data:
            break
    check(bytes(data), "a")


@settings(max_examples=150)
@given(HTML)
def test_no_broken_page_is_more_than_refused(markup: str) -> None:
    """Tags in any order, never closed, with marks that no text has."""
    check(f"<html><body>{markup}".encode("utf-8", "surrogatepass"), "a.html")


@settings(max_examples=200)
@given(st.binary(max_size=300), st.sampled_from(["a.html", "a.md", "a.txt", "a.pdf", "a.docx"]))
def test_no_bytes_are_more_than_refused(data: bytes, name: str) -> None:
    """Anything at all, and anything behind the first bytes of a known type."""
    for start in (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>"):
        check(start + data, name)
