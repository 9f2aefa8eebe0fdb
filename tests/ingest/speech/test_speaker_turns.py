"""Words given to the speakers that a diarizer told apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.speech.speaker_turns import MAX_PAUSE_MS, TOLERANCE_MS, SpeakerTurn, split_by_speaker
from ingest.speech.transcription import Word

ONE, TWO = "speaker 1", "speaker 2"


def said(text: str, start_ms: int = 0, word_ms: int = 300) -> list[Word]:
    """The words of a text, spoken without pauses."""
    return [
        Word(f" {word}", start_ms + place * word_ms, start_ms + (place + 1) * word_ms, 0.9)
        for place, word in enumerate(text.split())
    ]


def split(words: list[Word], *turns: tuple[int, int, int]) -> list[tuple[str | None, str]]:
    """The runs of words as texts."""
    runs = split_by_speaker(words, [SpeakerTurn(*turn) for turn in turns])
    return [(speaker, "".join(word.text for word in run).strip()) for speaker, run in runs]


def test_each_word_belongs_to_who_speaks_longest_in_it() -> None:
    """A word in two turns goes to the one that covers more of it."""
    words = said("Was kostet das? Zwölf Euro im Monat.")
    assert split(words, (0, 880, 7), (860, 2_100, 3)) == [(ONE, "Was kostet das?"), (TWO, "Zwölf Euro im Monat.")]


def test_turns_of_one_speaker_count_together() -> None:
    """Two short turns of one speaker in a word outweigh one of another."""
    turns = (0, 110, 1), (90, 210, 2), (190, 300, 1)
    assert split(said("Wirklich?"), *turns) == [(ONE, "Wirklich?")]


def test_a_word_beside_all_turns_belongs_to_the_nearest() -> None:
    """Diarizers cut words off; half a second is near enough."""
    words = said("Ja. Nein.", 1_000)
    near = TOLERANCE_MS - 1
    assert split(words, (0, 1_000 - near, 1), (1_600 + near, 3_000, 2)) == [(ONE, "Ja."), (TWO, "Nein.")]


def test_a_word_far_from_all_turns_belongs_to_its_neighbour() -> None:
    """Where the diarizer heard nobody, the nearest word that has a speaker decides."""
    words = said("Gut.") + said("Danke.", 5_000) + said("Bis bald.", 5_400)
    assert split(words, (0, 300, 1), (6_300, 9_000, 2)) == [(ONE, "Gut."), (TWO, "Danke. Bis bald.")]


@pytest.mark.parametrize("place", range(5))
def test_one_word_of_a_sentence_does_not_change_the_speaker(place: int) -> None:
    """A flicker in the middle or at an edge of a sentence is smoothed."""
    words = said("Ich habe die Bank gewechselt.")
    flicker = (words[place].start_ms, words[place].end_ms, 2)
    others = [(word.start_ms, word.end_ms, 1) for word in words if word is not words[place]]
    assert len(split(words, *others, flicker)) == 1


def test_a_sentence_of_one_word_keeps_its_speaker() -> None:
    """Short answers between sentences stay whose they are."""
    words = said("Sind Sie zufrieden? Ja. Warum denn?")
    turns = (0, 900, 1), (900, 1_200, 2), (1_200, 1_800, 1)
    assert split(words, *turns) == [(ONE, "Sind Sie zufrieden?"), (TWO, "Ja."), (ONE, "Warum denn?")]


def test_a_word_after_a_pause_keeps_its_speaker() -> None:
    """Without marks, a pause is where a short answer may begin."""
    words = said("sind sie zufrieden") + said("ja", 900 + MAX_PAUSE_MS + 1)
    assert split(words, (0, 900, 1), (1_300, 1_700, 2)) == [(ONE, "sind sie zufrieden"), (TWO, "ja")]


def test_nobody_is_told_apart_without_turns() -> None:
    """What a diarizer did not find is left without a label, for the roles to be inferred."""
    assert split(said("Was kostet das?")) == [(None, "Was kostet das?")]
    assert split([], (0, 100, 1)) == []


def test_one_voice_tells_nobody_apart() -> None:
    """Where a diarizer heard only one speaker, there may be more."""
    assert split(said("Was kostet das? Zwölf Euro."), (0, 900, 1), (950, 1_500, 1)) == [
        (None, "Was kostet das? Zwölf Euro.")
    ]


def test_labels_agree_between_parts_of_a_recording() -> None:
    """The same turns give a speaker the same label, whichever words come first."""
    turns = (0, 1_000, 5), (5_000, 6_000, 4)
    assert split(said("Zuerst.", 200), *turns) == [(ONE, "Zuerst.")]
    assert split(said("Später.", 5_200), *turns) == [(TWO, "Später.")]


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 700), st.sampled_from(["so", "so.", "Ah?"])), max_size=30),
    st.lists(st.builds(SpeakerTurn, st.integers(0, 9_000), st.integers(9_000, 12_000), st.integers(0, 4)), max_size=6),
)
def test_every_word_stays_in_its_place(shapes: list[tuple[int, int, str]], turns: list[SpeakerTurn]) -> None:
    """Words are neither lost nor moved, neighbouring runs differ, and all words have a label of the turns or none."""
    words: list[Word] = []
    for pause_ms, length_ms, text in shapes:
        start_ms = (words[-1].end_ms if words else 0) + pause_ms
        words.append(Word(text, start_ms, start_ms + length_ms, 0.5))
    runs = list(split_by_speaker(words, turns))
    assert [word for _, run in runs for word in run] == words
    assert all(before != after for (before, _), (after, _) in pairwise(runs))
    found = {turn.speaker for turn in turns}
    known = {f"speaker {number + 1}" for number in range(len(found))} if len(found) > 1 else {None}
    speakers = {speaker for speaker, _ in runs}
    assert speakers <= known or speakers == {None}
