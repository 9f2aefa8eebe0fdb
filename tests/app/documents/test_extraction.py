"""Documents are read apart, with little memory and time: what is too much for that is refused, and harms nobody."""

import pytest
from document_factory import packed, pdf_file

from app.documents.document import MediaType
from app.documents.extraction import MOST_BYTES, extract
from app.documents.refusal import DocumentError


def test_what_is_read_apart_is_what_is_read() -> None:
    """All that is known of a document comes back from the other process."""
    document = extract(pdf_file("Seite eins", "", title="Bericht"), "bericht.pdf")
    assert (document.text, document.title, document.media_type) == ("Seite eins\n\n", "Bericht", MediaType.PDF)
    assert (document.pages, document.warnings) == ((0, 12), ("no text on page 2",))
    assert document.extractor.startswith("pypdf/")


@pytest.mark.parametrize("name", ["-c", "--help", "a\nb.md", "../../etc/passwd", "ä" * 200])
def test_a_name_is_only_a_name(name: str) -> None:
    """Whatever a file is called, nothing is opened or run under its name."""
    assert extract(b"# Words", name).text == "# Words"


def test_too_much_memory_is_refused() -> None:
    """A page that needs more memory than the reader may take is refused, and the reason is told."""
    rows = "".join(f"<tr><td>Zeile {number}</td><td>{number} Euro</td></tr>" for number in range(200_000))
    with pytest.raises(DocumentError, match="more memory to read than is given to it → split the document"):
        extract(f"<html><body><table>{rows}</table></body></html>".encode(), "a.html")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (bytes(MOST_BYTES + 1), "50,000,001 bytes, more than 50,000,000"),
        (packed("<a>" + "x" * 30_000_000 + "</a>"), "packed into"),
    ],
)
def test_too_many_bytes_are_refused(data: bytes, problem: str) -> None:
    """As they come, and unpacked."""
    with pytest.raises(DocumentError, match=problem):
        extract(data, "a")
