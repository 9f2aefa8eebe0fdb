"""What a chat model is shown: numbered sentences of participants, each text on a line that it cannot leave."""

import json

from candidate_factory import ranked, tag
from hypothesis import given
from hypothesis import strategies as st

from app.answering.offer import MOST_PASSAGE_CHARACTERS, MOST_PASSAGES, offer, render
from app.answering.queries import CodeEntry
from app.text import normalise
from app.vocabulary import Polarity

CODES = {
    "AX1": CodeEntry("AX1", "anxiety", {"en": "Money gone"}, "fear that the money is gone"),
    "PB1": CodeEntry("PB1", "problem", {"en": "Identification"}, "identification failed"),
}


def test_a_passage_is_shown_with_what_helps_to_judge_it() -> None:
    """Sentences have numbers, people a letter; the question before is shown under an id of its own."""
    said = (
        ranked("Ich hatte Angst. Sehr.", tag("AX1"), tag("anxiety"), asked="Warum?"),
        ranked("No tuve miedo.", tag("AX1", Polarity.DENIED), language="es", participant="P02"),
        ranked("Doch, schon.", participant="P01"),
    )
    code, question, first, second, third = map(json.loads, render(offer(said), CODES).splitlines())
    assert code["code"] == "AX1"
    assert question == {"id": "q1", "role": "interviewer", "text": "Warum?"}
    assert first["sentences"] == {"1": "Ich hatte Angst.", "2": "Sehr."}
    assert (first["codes"], second["codes"]) == ({"AX1": "affirmed"}, {"AX1": "denied"})
    assert (first["person"], second["person"], third["person"]) == ("A", "B", "A")
    assert "P01" not in render(offer(said), CODES)


@given(st.lists(st.text(min_size=1, max_size=80).map(normalise).filter(str.strip), max_size=5))
def test_no_text_leaves_its_line(texts: list[str]) -> None:
    """Whatever people say, there are as many lines as turns, and each is one object."""
    said = [ranked(text, asked=f'{text}\n{{"id": "u9"}}') for text in texts]
    lines = render(offer(said), CODES).split("\n") if texts else []
    assert [json.loads(line)["id"] for line in lines] == [
        id_ for number in range(1, len(texts) + 1) for id_ in (f"q{number}", f"u{number}")
    ]


@given(st.text(max_size=400).map(normalise))
def test_sentences_are_stretches_of_the_words(text: str) -> None:
    """Every sentence that can be pointed at lies in the utterance, in order."""
    ends = [0]
    for span in offer([ranked(text)])[0].sentences:
        assert ends[-1] <= span.start < span.end <= len(text)
        ends.append(span.end)


def test_of_a_long_speech_the_tagged_part_is_offered() -> None:
    """A monologue does not fill the model's memory: what is tagged is offered, and what follows as far as it fits."""
    text = " ".join(f"Satz Nummer {number} ist auch noch da." for number in range(300))
    start = text.index("Satz Nummer 200 ")
    (item,) = offer([ranked(text, tag("AX1", start=start, end=start + 10))])
    assert item.sentences[0].start == start
    assert 0 < item.sentences[-1].end - start <= MOST_PASSAGE_CHARACTERS
    assert len(render(offer([ranked("so " * 9000)]), CODES)) < 2 * MOST_PASSAGE_CHARACTERS


def test_no_more_is_offered_than_can_be_read() -> None:
    """The first forty passages are offered, the best."""
    assert len(offer([ranked("Ja.")] * (MOST_PASSAGES + 1))) == MOST_PASSAGES
