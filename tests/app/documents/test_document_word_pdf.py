"""Word and PDF documents, friendly and hostile."""

import pytest
from document_factory import NAMESPACE, packed, pdf_file, word_file

from app.documents.pdf import MOST_PAGES, read_pdf
from app.documents.refusal import DocumentError
from app.documents.texts import read_docx


def test_a_word_document_keeps_its_structure() -> None:
    """Titles and headings by their styles, list items, rows of tables in their place."""
    data = word_file(
        ("Title", "Wettbewerb"),
        ("Heading 2", "Preise"),
        ("Normal", "Valora verlangt einen Euro."),
        ("List Bullet", "je Order"),
        [["Leistung", "Preis"], ["Order", "1 €"]],
        ("Normal", "Danach."),
    )
    document = read_docx(data)
    assert document.title == "Wettbewerb"
    assert document.text == (
        "# Wettbewerb\n\n## Preise\n\nValora verlangt einen Euro.\n\nje Order\n\n"
        "| Leistung | Preis |\n| Order | 1 € |\n\nDanach."
    )


def test_headings_are_found_in_every_language_of_word() -> None:
    """A German Word calls the style `berschrift1` and names it `heading 1` all the same."""
    styles = f'<w:styles {NAMESPACE}><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>'
    body = '<w:p><w:pPr><w:pStyle w:val="berschrift1"/></w:pPr><w:r><w:t>Überblick</w:t></w:r></w:p>'
    text = read_docx(packed(f"<w:document {NAMESPACE}><w:body>{body}</w:body></w:document>", styles=styles)).text
    assert text == "# Überblick"


def test_tracked_changes_and_cells_in_cells() -> None:
    """Inserted words count, deleted ones do not, and the words of an inner table are read once."""
    changed = (
        "<w:p><w:r><w:t>Es kostet</w:t></w:r><w:ins><w:r><w:t xml:space='preserve'> nichts</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> viel</w:delText></w:r></w:del></w:p>"
    )
    inner = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>innen</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    table = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>außen</w:t></w:r></w:p>{inner}</w:tc></w:tr></w:tbl>"
    text = read_docx(packed(f"<w:document {NAMESPACE}><w:body>{changed}{table}</w:body></w:document>")).text
    assert text == "Es kostet nichts\n\n| außen innen |"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (packed("<a>" + "x" * 5_000_000 + "</a>"), "packed into"),
        (packed('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'), "document type declaration"),
        (packed(f"<w:document {NAMESPACE}/>", styles="<!DOCTYPE a><a/>"), "document type declaration"),
        (packed(f"<w:document {NAMESPACE}><w:body/></w:document>"), "without words"),
        (packed("<w:p>"), "not well-formed"),
        (b"PK\x03\x04 and nothing else", "not a whole Word document"),
    ],
)
def test_word_documents_that_are_refused(data: bytes, problem: str) -> None:
    """Bombs, entities, broken and empty ones, with the reason."""
    with pytest.raises(DocumentError, match=problem):
        read_docx(data)


def test_pages_without_text_are_told() -> None:
    """What of a document is a picture is said, and its other pages are read."""
    document = read_pdf(pdf_file("Seite eins", "", "Seite drei", title="Bericht"))
    assert document.title == "Bericht"
    assert document.text == "Seite eins\n\n\n\nSeite drei"
    assert document.warnings == ("no text on page 2",)
    assert [document.text[start : start + 5] for start in document.pages] == ["Seite", "\n\nSei", "Seite"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (pdf_file(*[""] * (MOST_PAGES + 1)), "1,001 pages, more than 1,000"),
        (pdf_file(), "without pages"),
        (pdf_file("/// ... ---- //// ...."), "letters that have no characters assigned"),
    ],
)
def test_pdf_documents_that_are_refused(data: bytes, problem: str) -> None:
    """Too many pages, none, and fonts that do not say what their letters are."""
    with pytest.raises(DocumentError, match=problem):
        read_pdf(data)
