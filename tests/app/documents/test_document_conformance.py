"""Documents of another project: each is read, with its words, or refused with the reason."""

from pathlib import Path

import pytest

from app.documents.document import MediaType
from app.documents.extraction import extract
from app.documents.refusal import DocumentError

FILES = Path(__file__).resolve().parents[2] / "conformance" / "docs_onyx"

READ = {
    "LICENSE": (MediaType.TEXT, None, "Copyright (c) 2023-present DanswerAI, Inc."),
    "about.html": (
        MediaType.HTML,
        "Above Multi-purpose Free Bootstrap Responsive Template",
        "### We are awesome TEAM\n\nSed ut perspiciaatis unde omnis",
    ),
    "pricing.html": (
        MediaType.HTML,
        "Above Multi-purpose Free Bootstrap Responsive Template",
        "### Standard\n\n###### $20.00 / Year\n\n- Responsive Design\n- Bootstrap Design\n- Unlimited Support",
    ),
    "multipage.pdf": (MediaType.PDF, None, "Page one content\n\nPage two content"),
    "owner_protected.pdf": (MediaType.PDF, None, "Hello World"),
    "simple.pdf": (MediaType.PDF, None, "Hello World"),
    "with_metadata.pdf": (MediaType.PDF, "My Title", "test"),
    "three_images.docx": (
        MediaType.WORD,
        "Three Images",
        "# Three Images\n\nA friendly cartoon dog with floppy ears.\n\nA curious cartoon cat with long whiskers.",
    ),
}
REFUSED = {
    "empty.pdf": "a PDF without text → export it again",
    "encrypted.pdf": "a document with a password → save a copy without the password",
    "inline_image.pdf": "pictures without text .* on 1 page",
    "late_mask_reference.pdf": r"pictures without text \(2 pictures on 2 pages\)",
    "shared_resources.pdf": r"pictures without text \(3 pictures on 3 pages\)",
    "shredded_strips.pdf": r"pictures without text \(31 pictures on 1 page\) → recognise its text \(OCR\)",
    "standalone_stencil.pdf": r"pictures without text \(1 picture on 1 page\)",
    "stencil_mask.pdf": r"pictures without text \(2 pictures on 1 page\)",
    "with_image.pdf": r"pictures without text \(1 picture on 1 page\)",
}


def test_every_file_is_expected() -> None:
    """No file is left out."""
    assert {path.name for path in FILES.iterdir()} == READ.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", READ)
def test_read(name: str) -> None:
    """Type, title and words, and by what they were read."""
    media_type, title, words = READ[name]
    document = extract((FILES / name).read_bytes(), name)
    assert (document.media_type, document.title) == (media_type, title)
    assert words in document.text
    assert "/" in document.extractor


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """Reason and remedy."""
    with pytest.raises(DocumentError, match=REFUSED[name]):
        extract((FILES / name).read_bytes(), name)


def test_pages_are_told() -> None:
    """A paged document says where each of its pages begins."""
    document = extract((FILES / "multipage.pdf").read_bytes(), "multipage.pdf")
    assert [document.text[start : start + 8] for start in document.pages] == ["Page one", "Page two"]


def test_what_is_left_out_is_told() -> None:
    """A page of which much is labels and menus says how much of it was taken."""
    (warning,) = extract((FILES / "about.html").read_bytes(), "about.html").warnings
    assert "42% of the words" in warning
