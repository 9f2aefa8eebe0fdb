"""Packs of quotes: word for word, with translations beside them, and nothing that acts."""

import io
from dataclasses import replace
from datetime import date

from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from app.answering.schemas import Citation, Translation
from app.library.quote_pack import LABEL, QuotePack, pack_docx, pack_markdown
from app.rest.examples import CITATION
from app.scope import Filters
from app.vocabulary import Polarity

QUOTE = Citation.model_validate(CITATION)
MADE = Translation(text="So, when somebody is *admitted* …", language="en", machine=True)
PACK = QuotePack("Nido: why they stay", Filters(segments=("careful",)), date(2026, 11, 30), "http://host", (QUOTE,))


def paragraphs(pack: QuotePack) -> list[str]:
    """The texts of a Word document, in order."""
    return [paragraph.text for paragraph in Document(io.BytesIO(pack_docx(pack))).paragraphs]


def test_a_document_says_what_it_is_and_who_said_what() -> None:
    """Study, filters, date, label; the quote word for word; speaker, segment, language, interview, time; the link."""
    texts = paragraphs(PACK)
    assert texts[:3] == ["Nido: why they stay", "1 quotes · segment careful · 2026-11-30", LABEL]
    assert texts[3] == f"“{QUOTE.quote}”"
    assert texts[4] == "P01 · careful · de · I01 · 05:37 · AX1 · transcript"
    document = Document(io.BytesIO(pack_docx(PACK)))
    links = [relation.target_ref for relation in document.part.rels.values() if relation.is_external]
    assert links == [f"http://host{QUOTE.url}"]
    assert document.core_properties.title == PACK.title


def test_a_translation_is_marked_and_never_the_quote() -> None:
    """It stands below the original, as a machine's."""
    pack = replace(PACK, quotes=(QUOTE.model_copy(update={"translation": MADE}),))
    assert paragraphs(pack)[3:5] == [f"“{QUOTE.quote}”", f"machine translation (en): {MADE.text}"]
    assert r"> *machine translation (en):* So, when somebody is \*admitted\* …" in pack_markdown(pack)


def test_what_is_to_be_known_of_a_quote_is_said() -> None:
    """That somebody denies it, or was hard to hear."""
    doubtful = QUOTE.model_copy(update={"polarity": Polarity.DENIED, "low_confidence": True})
    assert "denies it · hard to hear" in paragraphs(replace(PACK, quotes=(doubtful,)))[4]
    assert "denies it · hard to hear" in pack_markdown(replace(PACK, quotes=(doubtful,)))


def test_markdown_is_escaped() -> None:
    """Titles and filters too."""
    text = pack_markdown(replace(PACK, title="<b>*so*</b>", filters=Filters(bands=("# x",))))
    assert text.startswith(r"# \<b\>\*so\*\</b\>")
    assert r"LTV band \# x" in text


def test_an_empty_pack_is_a_document_all_the_same() -> None:
    """With its heading and label."""
    assert paragraphs(replace(PACK, quotes=()))[1].startswith("0 quotes")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1))
def test_every_word_is_in_the_document(text: str) -> None:
    """Whatever is said, but for what XML cannot hold."""
    quote = QUOTE.model_copy(update={"quote": text})
    assert (
        paragraphs(replace(PACK, quotes=(quote,)))[3] == f"“{text.replace(chr(0xFFFE), '').replace(chr(0xFFFF), '')}”"
    )
