"""Chunks hold every word of a text once, in order, under their headings."""

from hypothesis import given
from hypothesis import strategies as st

from app.evidence.sources.chunks import LEAST_WORDS, MOST_WORDS, cut_chunks, sentence_spans

LINES = st.sampled_from(
    [
        "# Preise",
        "## Was kostet was?",
        "",
        " ",
        "Ein Satz. Und noch einer, z. B. dieser.",
        "- ein Punkt",
        "| eine | Zeile |",
        "1. erstens",
        "#kein Titel",
        "Wort " * 70,
        "lang " * 400,
        "ä\u00a0ö\tü …",
        "¿Qué? ¡Sí!",
    ]
)
TEXTS = st.lists(LINES).map("\n".join)


def words(count: int, word: str = "Wort") -> str:
    """A sentence of so many words."""
    return " ".join([word] * (count - 1) + ["Ende."])


@given(TEXTS, st.sampled_from(["de", "en", "es", "fr", ""]), st.lists(st.integers(0, 400)))
def test_chunks_hold_everything_once(text: str, language: str, pages: list[int]) -> None:
    """In order, without overlaps, with nothing but white space between them, and no longer than they may be."""
    end = 0
    for chunk in cut_chunks(text, language, sorted(pages)):
        span = chunk.span
        assert end <= span.start < span.end <= len(text)
        assert not text[end : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        assert len(text[span.start : span.end].split()) <= MOST_WORDS
        end = span.end
    assert not text[end:].strip()


@given(TEXTS)
def test_sentences_hold_everything_once(text: str) -> None:
    """The sentences of a text are its words, in order."""
    found = [text[span.start : span.end] for span in sentence_spans(text, "de")]
    assert " ".join(found).split() == text.split()


def test_a_heading_begins_a_chunk_once_there_are_words_enough() -> None:
    """Short sections go together, a heading goes with what stands under it, and the chunk is called by its first."""
    text = "\n\n".join(
        ["# Preise", words(LEAST_WORDS - 3), "## Order", words(20), "## Hilfe", words(10), "## Leer", "# Ende"]
    )
    chunks = cut_chunks(text, "de")
    assert [chunk.heading for chunk in chunks] == ["Preise", "Hilfe"]
    assert text[chunks[1].span.start :].startswith("## Hilfe")
    assert text[chunks[1].span.end - 6 :] == "# Ende"


def test_a_long_section_is_cut_between_sentences() -> None:
    """What follows stands under the same heading; a heading is never the end of a chunk."""
    text = "\n\n".join(["# Preise", words(100), words(100), "## Hilfe", words(MOST_WORDS - 1)])
    chunks = cut_chunks(text, "de")
    assert [chunk.heading for chunk in chunks] == ["Preise", "Preise", "Hilfe", "Hilfe"]
    assert [len(text[c.span.start : c.span.end].split()) for c in chunks] == [102, 100, 2, 179]


def test_pages_are_what_chunks_of_paged_documents_stand_under() -> None:
    """The page on which a chunk begins."""
    text = f"{words(100)}\n\n{words(100)}\n\n{words(100)}"
    second, third = text.index("\n\n") + 2, text.rindex("\n\n") + 2
    assert [chunk.heading for chunk in cut_chunks(text, "de", (0, second, third))] == ["p. 1", "p. 2", "p. 3"]
    assert [chunk.heading for chunk in cut_chunks(text, "de", (0,))] == [None, None, None]
