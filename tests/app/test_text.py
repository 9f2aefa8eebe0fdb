"""The normal form of text, and sentences that keep their offsets."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import Span, find_quote, normalise, plain_marks, split_sentences

LANGUAGES = st.sampled_from(["de", "es", "en", "de-AT", "fr", "ja", ""])
PROSE = st.lists(
    st.sampled_from(
        [*"abcDEÄöñ19 .!?…,:;-–()[]\"'“”„«»¿¡\n\t", "Dr.", "z. B. ", "EE.UU. ", "... ", ". Und ", "(lacht) ", "。"]
    )
).map("".join)


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text, as text."""
    return [text[span.start : span.end] for span in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\r\nb\rc\u2028d\x0be\x85f", "a\nb\nc\nd\ne\nf"),
        ("Gru\u0308ße", "Grüße"),
        ("\ufeffa\x00b\x07c\x7fd", "abcd"),
        ("a\u200bb\u00adc\u2060d", "abcd"),
        ("\u202ezahlen\u202c \u2067nie\u2069\u200e\u200f\u061c", "zahlen nie"),
        ("unsichtbar\U000e0049\U000e0067", "unsichtbar"),
        ("👩\u200d👧 می\u200cخواهم", "👩\u200d👧 می\u200cخواهم"),
        ("e\u200b\u0301", "é"),
        ("a\ud800b", "ab"),
        ("a\tb\xa0c\nd", "a\tb\xa0c\nd"),
    ],
)
def test_normalise(raw: str, expected: str) -> None:
    """Line ends become one kind, letters are composed, what nobody sees or says is gone."""
    assert normalise(raw) == expected


@given(st.text(st.characters()))
def test_normalised_text_stays_as_it_is(text: str) -> None:
    """Normalising twice changes nothing; the result is NFC, storable as UTF-8 and free of controls."""
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once.encode("utf-8").decode("utf-8") == once
    assert not [c for c in once if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_joining_by_spaces_keeps_the_normal_form(texts: list[str]) -> None:
    """Normalised texts joined by spaces are normalised, so joining cues moves no offset."""
    joined = " ".join(normalise(text) for text in texts)
    assert unicodedata.is_normalized("NFC", joined)


@given(st.one_of(PROSE, st.text()), LANGUAGES)
def test_sentences_hold_every_visible_character_once(text: str, language: str) -> None:
    """Spans are in order, do not overlap, begin and end visibly, and only white space lies between them."""
    spans = split_sentences(text, language)
    position = 0
    for span in spans:
        assert not text[position : span.start].strip()
        assert span.start < span.end
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        position = span.end
    assert not text[position:].strip()


@given(st.text(st.characters(exclude_characters=".!?…。！？\n")), LANGUAGES)
def test_text_without_marks_is_one_sentence(text: str, language: str) -> None:
    """Without any mark that ends a sentence, however long the text, there is one sentence."""
    assert len(split_sentences(text, language)) == bool(text.strip())


def test_long_unpunctuated_speech_stays_whole() -> None:
    """A machine transcript without punctuation is not cut."""
    text = "und dann haben wir gesagt " * 5000
    assert split_sentences(text, "de") == (Span(0, len(text) - 1),)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", ["Das war z.B. Quatsch.", "Ja."]),
        ("de", ["Das kostet d. h. ca. 3.5 Euro bzw. 1.000 im Jahr.", "Viel."]),
        ("de", ["Dr. Müller kam am 1. Mai.", "Dann ging er."]),
        ("de", ["Es war im 2. Stock.", "Das war 2019.", "Spanien war schön."]),
        ("de", ["Wir zahlen Miete, Strom usw.", "Und dann ist nichts mehr da."]),
        ("de", ["Ich bin 34.", "Ich wohne allein."]),
        ("de", ["Und dann ... Geld weg.", "Ende..."]),
        ("de", ["Ja. (lacht)", "Das war's."]),
        ("de", ["„Ich weiß nicht.“", "Dann ging er.", "„Warum?“ fragte er.", "»Nein!«", "Gut."]),
        ("de", ["Echt?!", "Ja!!!", "Schön."]),
        ("de", ["das war gut.", "und dann?", "ja genau."]),
        ("de", ["Denn kam der Wisch, nech…", "Da war ich bedient."]),
        ("es", ["¿Y entonces?", "¡Claro!", "¿Verdad que sí?"]),
        ("es", ["No sé, ¿verdad? pero bueno.", "Vale."]),
        ("es", ["Vivo en EE.UU. desde 2010.", "Allí trabajo."]),
        ("es", ["El Sr. López y la Sra. Díaz, p. ej., no pagan.", "Ud. sí."]),
        ("es", ["Invertir, invertir... una vez.", "La vajilla aún está."]),
        ("es", ["«No me fío».", "Eso dijo."]),
        ("es", ["Salí de EE. UU.", "Luego volví."]),
        ("en", ["Mr. Smith came at 3 p.m. on Monday.", "We talked, e.g. about fees, i.e. money."]),
        ("en", ["No.", "I don't.", "See No. 5 there."]),
        ("en", ["He said “no.”", "Then he left."]),
        ("en", ["That was plan B.", "Then J. Smith called.", "1. First we met."]),
        ("en", ["It dropped 3.5 percent.", "See example.org for it."]),
        ("fr", ["Bonjour M. Dupont.", "Ça va?", "Oui."]),
        ("ja", ["はい。", "そうです！", "行きます"]),
    ],
)
def test_sentences_of_speech(language: str, expected: list[str]) -> None:
    """Abbreviations, ordinals, decimals, ellipses, quotes and remarks do not break a sentence; its end does."""
    separator = "" if language == "ja" else " "
    assert sentences(separator.join(expected), language) == expected


def test_a_blank_line_ends_a_sentence() -> None:
    """Paragraphs are sentences apart, even without a full stop."""
    assert sentences("Erster Absatz\n \nzweiter Absatz\nmit Zeile", "de") == [
        "Erster Absatz",
        "zweiter Absatz\nmit Zeile",
    ]


@pytest.mark.parametrize(
    ("quote", "text", "span"),
    [
        ("ganz  ehrlich", "Ja, ganz\nehrlich gesagt", Span(4, 16)),
        ('war\'s "so" - ja', "Da war’s „so“ – ja.", Span(3, 18)),
        ("Ende.", "Das Ende.", Span(4, 9)),
        ("ende.", "Das Ende.", None),
        ("(a|b)*", "so (a|b)* da", Span(3, 9)),
        ("  ", "a  b", None),
        ("", "a", None),
    ],
)
def test_quotes_are_found_whatever_their_marks_and_white_space(quote: str, text: str, span: Span | None) -> None:
    """The words, letter by letter; apostrophes, quotation marks, dashes and white space as anybody writes them."""
    assert find_quote(quote, text) == span


@given(PROSE, st.integers(0, 20), st.integers(1, 20))
def test_a_quote_that_is_found_has_the_words_that_were_looked_for(text: str, start: int, length: int) -> None:
    """What is cut out of a text is found in it, at its place or before, and reads the same."""
    quote = text[start : start + length]
    span = find_quote(quote, text)
    if span is None:
        assert not quote.split()
    else:
        assert plain_marks(text[span.start : span.end]).split() == plain_marks(quote).split()
        assert span.start <= start + length
