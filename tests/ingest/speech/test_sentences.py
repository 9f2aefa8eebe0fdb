"""Words to cues."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.speech.sentences import MAX_PAUSE_MS, to_cues
from ingest.speech.transcription import Word


def test_a_cue_for_each_sentence() -> None:
    """Each sentence starts with its first word, ends with its last, and is as sure as its words."""
    words = [Word(" Ja.", 100, 300, 0.5), Word(" Das", 400, 600, 0.9), Word(" war's.", 600, 900, 0.7)]
    cues = list(to_cues(words, "de", "left"))
    assert [(cue.text, cue.start_ms, cue.end_ms, cue.confidence) for cue in cues] == [
        ("Ja.", 100, 300, 0.5),
        ("Das war's.", 400, 900, 0.8),
    ]
    assert {(cue.language, cue.speaker) for cue in cues} == {("de", "left")}
    assert [word.text for cue in cues for word in cue.words] == ["Ja.", "Das", "war's."]


def test_a_pause_begins_a_cue() -> None:
    """A long pause in a sentence parts it."""
    words = [Word(" Und", 0, 200, 1.0), Word(" dann", 200 + MAX_PAUSE_MS + 1, 2000, 1.0)]
    assert [cue.text for cue in to_cues(words, "de", None)] == ["Und", "dann"]


def test_words_that_are_no_words() -> None:
    """Dots and notes alone make no cue."""
    assert list(to_cues([Word(" ...", 0, 100, 0.1), Word(" ♪", 100, 200, 0.1)], "en", None)) == []


@given(
    st.lists(
        st.tuples(st.from_regex(r" [a-zäß]{1,6}[.?!,]?", fullmatch=True), st.integers(0, 2000), st.integers(0, 500)),
        max_size=30,
    )
)
def test_no_word_is_lost(said: list[tuple[str, int, int]]) -> None:
    """Cues hold every word once, in order, between their times."""
    words, time_ms = [], 0
    for text, pause_ms, length_ms in said:
        words.append(Word(text, time_ms + pause_ms, time_ms + pause_ms + length_ms, 0.5))
        time_ms += pause_ms + length_ms
    cues = list(to_cues(words, "de", None))
    assert " ".join(cue.text for cue in cues) == "".join(text for text, _, _ in said).strip()
    assert [word.start_ms for cue in cues for word in cue.words] == [word.start_ms for word in words]
    assert all(cue.start_ms == cue.words[0].start_ms and cue.end_ms == cue.words[-1].end_ms for cue in cues)
