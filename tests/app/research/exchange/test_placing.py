"""Words of a document are found in transcripts: through the text around, or because one utterance alone has them."""

import unicodedata
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.exchange.alignment import Placed, Spoken, Talk, align, find_words, place
from app.research.exchange.visible import Visible
from app.text import Span, normalise

TURNS = (
    ("Was hat Sie zögern lassen?", False),
    ("Ich hatte Angst, dass mein Geld weg ist. Ja.", True),
    ("Und dann?", False),
    ("Ja.", True),
    ("Meine Bank kenne ich ja, die App war mir fremd.", True),
)


def talk(interview: str = "I01", turns: tuple[tuple[str, bool], ...] = TURNS) -> Talk:
    """A transcript; whose words may be tagged is a participant."""
    utterances = tuple(
        Spoken(uuid.uuid5(uuid.NAMESPACE_OID, f"{interview} {n}"), own, Visible(text))
        for n, (text, own) in enumerate(turns)
    )
    return Talk(interview, utterances)


def document_of(turns: tuple[tuple[str, bool], ...] = TURNS, apart: str = "\n\n") -> str:
    """A document as somebody typed it into another program."""
    return apart.join(f"{'P' if own else 'I'} [00:0{n}]: {text}" for n, (text, own) in enumerate(turns))


def placed(document: str, words: str, *talks: Talk) -> Placed:
    """Where words of a document stand."""
    visible, start = Visible(document), document.index(words)
    return place(visible, Span(start, start + len(words)), align(visible, talks, ""), talks)


def quoted(found: Placed, *talks: Talk) -> list[str]:
    """The words that were found."""
    texts = {each.id: each.text.text for talk_ in talks for each in talk_.utterances}
    return [texts[piece.utterance_id][piece.span.start : piece.span.end] for piece in found.pieces]


def test_words_are_found_through_their_document() -> None:
    """Whatever labels, times and lines are between; also words that others say too."""
    other = talk("I02", (("Ganz anders.", False), (TURNS[1][0], True)))
    for document in (
        document_of(),
        document_of(apart="\r\n"),
        document_of().replace(" ", "  "),
        f"Titel\n{document_of()}",
    ):
        found = placed(document, "mein", talk(), other)
        assert quoted(found, talk()) == ["mein"]


def test_of_two_transcripts_alike_the_document_is_the_one_of_its_name() -> None:
    """Else the first."""
    document = Visible(document_of())
    for name, found in (("I02", "I02"), ("Katrin.txt", "I01")):
        aligned = align(document, [talk("I01"), talk("I02")], name)
        assert aligned.talk is not None
        assert aligned.talk.interview == found


def test_a_short_utterance_is_the_one_in_its_place() -> None:
    """ "Ja." stands in several turns; the one after the question is meant."""
    document = document_of()
    start = document.index("]: Ja.") + 3
    visible = Visible(document)
    found = place(visible, Span(start, start + 3), align(visible, [talk()], ""), [talk()])
    assert [piece.utterance_id for piece in found.pieces] == [talk().utterances[3].id]


def test_a_selection_over_turns_is_on_each_participants_turn() -> None:
    """The question between is left out, and so is a letter or two of the next turn."""
    document = document_of()
    start, end = document.index("Geld weg"), document.index("Meine Bank") + len("Meine Bank")
    visible = Visible(document)
    found = place(visible, Span(start, end), align(visible, [talk()], ""), [talk()])
    assert quoted(found, talk()) == ["Geld weg ist. Ja.", "Ja.", "Meine Bank"]
    slipped = place(visible, Span(start, document.index("Meine") + 2), align(visible, [talk()], ""), [talk()])
    assert quoted(slipped, talk())[-1] == "Ja."


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("zögern lassen", "no participant who may be quoted says that"),
        ("00:01", "no published participant says that"),
        ("\n\n", "it selects no words"),
    ],
)
def test_what_is_no_participants_is_not_placed(words: str, reason: str) -> None:
    """An interviewer's words, what nobody says, and nothing at all."""
    assert placed(document_of(), words, talk()).reason == reason


def test_words_without_their_transcript_must_be_unique() -> None:
    """Of an excerpt, or of a document that holds no transcript."""
    others = (talk(), talk("I02", (("Die App war mir fremd.", True),)))
    assert quoted(
        placed("Notizen: Meine Bank kenne ich ja, sagt er.", "Meine Bank kenne ich ja", *others), *others
    ) == ["Meine Bank kenne ich ja"]
    assert placed("Notizen: die App", "App", *others).reason == "participants say that more than once"
    assert find_words("diesesnicht", None, others).reason == "no published participant says that"


def test_another_normal_form_is_the_same_text() -> None:
    """What a Mac writes as letters with marks is found as the letters that are stored."""
    turns = (("Für Ärger über Öl, né?", True),)
    document = unicodedata.normalize("NFD", "P: Für Ärger über Öl, né?")
    words = unicodedata.normalize("NFD", "Ärger über")
    assert quoted(placed(document, words, talk("I01", turns)), talk("I01", turns)) == ["Ärger über"]


LETTERS = st.text(st.sampled_from("aäb \n.e\u0301ß\u200b😀가ᄀ"), min_size=1, max_size=30)


@given(LETTERS)
def test_visible_characters_know_where_they_stand(text: str) -> None:
    """Each lies between its offsets, in order, and together they are the text in normal form without white space."""
    visible = Visible(text)
    assert len(visible.starts) == len(visible.characters)
    assert list(visible.starts) == sorted(visible.starts)
    for number, character in enumerate(visible.characters):
        span = visible.span(number, number + 1)
        assert character in normalise(text[span.start : span.end])


@given(st.lists(st.tuples(LETTERS, st.booleans()), min_size=1, max_size=6), st.data())
def test_what_is_found_is_word_for_word_what_was_selected(turns: list[tuple[str, bool]], data: st.DataObject) -> None:
    """Every piece that is placed has the very characters that are selected, or a part of them."""
    spoken = talk("I01", tuple((normalise(text), own) for text, own in turns))
    document = data.draw(st.sampled_from([document_of, lambda turns: "".join(text for text, _ in turns)]))(tuple(turns))
    start = data.draw(st.integers(0, len(document)))
    end = data.draw(st.integers(start, len(document)))
    visible = Visible(document)
    found = place(visible, Span(start, end), align(visible, [spoken], ""), [spoken])
    selected = Visible(document[start:end]).characters
    assert bool(found.pieces) != bool(found.reason)
    for words in quoted(found, spoken):
        assert Visible(words).characters in selected or "\u0301" in document or "ᄀ" in document
