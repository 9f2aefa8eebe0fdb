"""What models invent, and what they leave out."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.speech.faults import (
    cut_loops,
    drop_hurried,
    drop_outside_speech,
    is_invented,
    repeats,
    start_at_onsets,
    uncovered,
)
from ingest.speech.regions import Stretch
from ingest.speech.transcription import Word


def say(text: str, start_ms: int = 0, step_ms: int = 300) -> list[Word]:
    """Words one after the other."""
    return [
        Word(f" {word}", start_ms + index * step_ms, start_ms + (index + 1) * step_ms, 0.9)
        for index, word in enumerate(text.split())
    ]


def text_of(words: tuple[Word, ...]) -> str:
    """What words say."""
    return "".join(word.text for word in words).strip()


def test_text_on_silence() -> None:
    """Words far from speech are dropped, words at its edge stay."""
    words = say("Das war gut.") + say("Vielen Dank fürs Zuschauen!", 5000)
    assert text_of(drop_outside_speech(words, [Stretch(0, 700)])) == "Das war gut."


def test_a_loop_keeps_its_first_round() -> None:
    """A phrase said over and over is said once, what stands around it stays."""
    words = say("Also " + "ich weiß es nicht. " * 9 + "Ja.")
    assert text_of(cut_loops(words)) == "Also ich weiß es nicht. Ja."


def test_a_loop_of_one_word() -> None:
    """A single word that never ends is a loop."""
    assert text_of(cut_loops(say("so " * 40 + "weiter"))) == "so weiter"


def test_three_rounds_of_compressible_text() -> None:
    """Where the model's own measure is suspicious, three rounds are enough."""
    words = say("und dann kam er " * 3)
    assert text_of(cut_loops(words, 2.9)) == "und dann kam er"
    assert len(cut_loops(words, 1.2)) == 12


def test_people_repeat_themselves() -> None:
    """No, no, no, no is what somebody said."""
    for said in ("No, no, no, no, that was not it.", "ja ja ja genau", "Nie, nie, nie wieder, nie wieder."):
        assert text_of(cut_loops(say(said))) == said


def test_what_is_heard_twice_is_said_once() -> None:
    """A second hearing that mostly gives the first again is no news, however it begins; what only shares a few is."""
    said = say("ab jetzt brauchst du was, worauf die sich verlassen kann.")
    for again in ("worauf die sich verlassen kann", "Aber die sich verlassen kann.", "die sich verlassen"):
        assert repeats(said, say(again))
    for news in ("die sich", "Und worauf die sich freuen, das war der Urlaub am See.", ""):
        assert not repeats(said, say(news))


def test_words_start_where_somebody_speaks() -> None:
    """The first word of a stretch does not begin in the pause before it; the others keep their times."""
    words = [
        Word("Ja.", 0, 200, 0.9),
        Word("Doch.", 180, 900, 0.9),
        Word("Nun", 1900, 2700, 0.9),
        Word("gut", 2700, 2900, 0.9),
    ]
    stretches = [Stretch(0, 1000, 250), Stretch(2000, 3000, 300)]
    times = [(word.start_ms, word.end_ms) for word in start_at_onsets(words, stretches)]
    assert times == [(250, 250), (250, 900), (2300, 2700), (2700, 2900)]


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 800)), max_size=20))
def test_onsets_keep_words_in_order(spans: list[tuple[int, int]]) -> None:
    """Every word stays, none ends before it starts and none starts earlier than it did."""
    words = [Word("ja", start, start + length, 0.9) for start, length in sorted(spans)]
    snapped = list(start_at_onsets(words, [Stretch(100, 900, 300), Stretch(1500, 2600, 200)]))
    assert len(snapped) == len(words)
    for before, after in zip(words, snapped, strict=True):
        assert before.start_ms <= after.start_ms <= after.end_ms


@given(st.lists(st.sampled_from("ab"), max_size=60))
def test_cutting_loops_only_drops(letters: list[str]) -> None:
    """What is left is a subsequence that starts alike and has no loop left of the kind that was cut."""
    words = say(" ".join(letters))
    kept = cut_loops(words)
    rest = iter(words)
    assert all(any(word is other for other in rest) for word in kept)
    assert kept[:1] == tuple(words[:1])


def test_more_than_can_be_said() -> None:
    """A sentence in a tenth of a second was not said; a short answer may be."""
    assert drop_hurried(say("Vielen Dank fürs Zuschauen und bis zum nächsten Mal!"), 150) == ()
    assert text_of(drop_hurried(say("Ja."), 150)) == "Ja."
    assert drop_hurried(say("Kam noch"), 200) == ()
    assert text_of(drop_hurried(say("Ja, genau so war das."), 1500)) == "Ja, genau so war das."


def test_invented_by_its_own_numbers() -> None:
    """Probably no speech, and unlikely words: both are needed."""
    assert is_invented(no_speech=0.9, likelihood=0.1)
    assert not is_invented(no_speech=0.9, likelihood=0.8)
    assert not is_invented(no_speech=0.1, likelihood=0.1)


def test_speech_without_text() -> None:
    """The places of speech that no word comes near are found."""
    words = say("eins zwei", 1000) + say("drei", 8000)
    stretches = [Stretch(1000, 9000), Stretch(12_000, 14_000)]
    assert uncovered(stretches, words, 1500) == (Stretch(2000, 7600), Stretch(12_000, 14_000))
    assert uncovered(stretches, words, 3000) == (Stretch(2000, 7600),)


@given(
    st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 2000)).map(lambda t: Word(" x", t[0], sum(t), 1.0))),
    st.integers(1, 3000),
)
def test_gaps_are_far_from_words(words: list[Word], least_ms: int) -> None:
    """A gap lies in speech, is as long as asked and touches no word."""
    words.sort(key=lambda word: word.start_ms)
    for gap in uncovered([Stretch(1000, 4000), Stretch(5000, 9000)], words, least_ms):
        assert gap.duration_ms >= least_ms
        assert (gap.start_ms >= 1000 and gap.end_ms <= 4000) or (gap.start_ms >= 5000 and gap.end_ms <= 9000)
        assert all(word.end_ms <= gap.start_ms or word.start_ms >= gap.end_ms for word in words)
