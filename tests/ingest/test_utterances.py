"""Cues to turns, with and without speakers."""

import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import normalise
from ingest.transcript import Cue, CueSpan, Turn
from ingest.utterances import MAX_TURN_CHARACTERS, MAX_TURN_MS, merge_cues


def cues_of(said: Iterable[tuple[str | None, str]], step_ms: int = 1000, gap_ms: int = 0) -> list[Cue]:
    """Cues one after the other, each of the same length."""
    return [
        Cue(n, text, n * (step_ms + gap_ms), n * (step_ms + gap_ms) + step_ms, speaker=speaker)
        for n, (speaker, text) in enumerate(said)
    ]


def told(cues: Iterable[Cue]) -> list[tuple[str | None, str]]:
    """Who says what in the merged turns."""
    return [(turn.speaker, turn.text) for turn in merge_cues(list(cues))]


def test_cues_of_a_speaker_become_a_turn_that_knows_them() -> None:
    """Text is joined by single spaces, spans and times are kept, confidence is weighted by length."""
    cues = [
        Cue(0, "Na ja,", 1000, 2000, speaker="P07", confidence=0.5, language="de"),
        Cue(1, "es war so.", 2500, 4000, speaker="P07", confidence=0.9, language="de"),
        Cue(2, "Aha.", 4000, 4500, speaker="Anna"),
    ]
    assert merge_cues(cues) == (
        Turn(
            index=0,
            speaker="P07",
            text="Na ja, es war so.",
            start_ms=1000,
            end_ms=4000,
            confidence=0.75,
            language="de",
            cues=(CueSpan(0, 0, 6, 1000, 2000), CueSpan(1, 7, 17, 2500, 4000)),
        ),
        Turn(1, "Anna", "Aha.", 4000, 4500, None, None, (CueSpan(2, 0, 4, 4000, 4500),)),
    )


def test_missing_times_stay_missing() -> None:
    """A turn has the times that its cues have."""
    turns = merge_cues([Cue(0, "a", speaker="A"), Cue(1, "b", 5000, speaker="A"), Cue(2, "c", speaker="B")])
    assert [(turn.start_ms, turn.end_ms) for turn in turns] == [(5000, None), (None, None)]


def test_a_cue_without_a_speaker_goes_on() -> None:
    """Zoom leaves out the name in cues that go on; a dash says that somebody else speaks."""
    said = [
        (None, "Vorspann"),
        ("Anna", "Und wie"),
        (None, "war das?"),
        (None, "- Mhm."),
        (None, "ja"),
        ("Anna", "Gut."),
    ]
    assert told(cues_of(said)) == [
        (None, "Vorspann"),
        ("Anna", "Und wie war das?"),
        (None, "- Mhm. ja"),
        ("Anna", "Gut."),
    ]


def test_teams_utterances_stay_together() -> None:
    """The cues of an utterance are joined although another one begins between them."""
    guid = "5893c03c-0e4d-4e92-92a2-65899b901e6a"
    cues = [
        Cue(0, "Perfecto, pues", 3186, 8612, "Pedro", f"{guid}/7-0"),
        Cue(1, "Muy bien.", 3506, 4226, "Daniel", f"{guid}/5-0"),
        Cue(2, "coménteme.", 8612, 9000, "Pedro", f"{guid}/7-1"),
        Cue(3, "Antes.", 1000, 2000, "Daniel", f"{guid}/32-0"),
    ]
    assert told(cues) == [("Daniel", "Antes."), ("Pedro", "Perfecto, pues coménteme."), ("Daniel", "Muy bien.")]


def test_another_language_is_another_turn() -> None:
    """An interpretation under the speaker's own label does not mix with the words interpreted."""
    cues = [
        Cue(0, "Fue por mi hija.", speaker="Carmen", language="es"),
        Cue(1, "Pues.", speaker="Carmen"),
        Cue(2, "It was for my daughter.", speaker="Carmen", language="en"),
    ]
    assert [(turn.text, turn.language) for turn in merge_cues(cues)] == [
        ("Fue por mi hija. Pues.", None),
        ("It was for my daughter.", "en"),
    ]


def test_pauses_part_turns_only_between_sentences() -> None:
    """Without speakers, a pause after a full stop begins a turn, one in mid-sentence does not."""
    said = [(None, "Wie war"), (None, "das?"), (None, "Na ja."), (None, "Gut.")]
    assert told(cues_of(said, gap_ms=2000)) == [(None, "Wie war das?"), (None, "Na ja."), (None, "Gut.")]
    assert told(cues_of(said, gap_ms=100)) == [(None, "Wie war das? Na ja. Gut.")]


def test_a_long_silence_parts_a_sentence_that_was_begun() -> None:
    """Who goes on after six seconds may be somebody else; after two it is the same sentence."""
    said = [(None, "Also das war, ich weiß nicht,"), (None, "ziemlich teuer.")]
    assert len(told(cues_of(said, gap_ms=2000))) == 1
    assert len(told(cues_of(said, gap_ms=6000))) == 2


def test_pauses_part_turns_without_punctuation() -> None:
    """Where a machine wrote no full stops, the pause decides alone."""
    cues = [Cue(0, "und dann", 0, 900), Cue(1, "war schluss", 1000, 1900), Cue(2, "wie lange", 4000, 5000)]
    assert told(cues) == [(None, "und dann war schluss"), (None, "wie lange")]


def test_dashes_part_turns() -> None:
    """The dash of a dialogue begins a turn."""
    assert told(cues_of([(None, "- Wirklich?"), (None, "- Ja,"), (None, "wirklich.")])) == [
        (None, "- Wirklich?"),
        (None, "- Ja, wirklich."),
    ]


def test_lines_without_times_part_after_a_sentence() -> None:
    """Without times and speakers, a line that ends a sentence ends the turn."""
    cues = [Cue(0, "Wie war das?"), Cue(1, "Na ja, es"), Cue(2, "war so."), Cue(3, "Gut...")]
    assert told(cues) == [(None, "Wie war das?"), (None, "Na ja, es war so."), (None, "Gut...")]


SENTENCES = [(None, "Das war ein Satz über das Geld und die Bank."), (None, "Und noch einer ohne jede Pause.")] * 60


@pytest.mark.parametrize("step_ms", [100, 20_000])
def test_turns_without_speakers_are_bounded(step_ms: int) -> None:
    """Talk without a pause is parted between sentences before it becomes too long."""
    turns = merge_cues(cues_of(SENTENCES, step_ms))
    assert len(turns) > 1
    for turn in turns:
        assert turn.start_ms is not None
        assert turn.end_ms is not None
        assert len(turn.text) <= MAX_TURN_CHARACTERS
        assert turn.end_ms - turn.start_ms <= MAX_TURN_MS
        assert turn.text.endswith(".")


def test_a_speaker_may_talk_for_long() -> None:
    """Where speakers are known, nothing but the next speaker ends a turn."""
    assert len(merge_cues(cues_of((("P07", text) for _, text in SENTENCES), 20_000, gap_ms=5000))) == 1


def test_rolling_captions_are_said_once() -> None:
    """Captions that repeat the line before are cut to what each adds."""
    said = [
        "hello and welcome",
        "hello and welcome",
        "hello and welcome to the show",
        "to the show",
        "to the show my friends",
    ]
    turns = merge_cues(cues_of((None, text) for text in said))
    assert [turn.text for turn in turns] == ["hello and welcome to the show my friends"]
    assert [(span.cue, turns[0].text[span.start : span.end]) for span in turns[0].cues] == [
        (0, "hello and welcome"),
        (2, "to the show"),
        (4, "my friends"),
    ]


def test_people_may_repeat_themselves() -> None:
    """A word said again, or a phrase now and then, is not a rolling caption."""
    said = ["ja ja", "ja ja", "das war so", "das kam von der bank", "der bank in bonn", "ja", "ja", "nein"]
    assert [text for _, text in told(cues_of((None, text) for text in said))] == [" ".join(said)]


TEXTS = st.text(st.sampled_from("abÄ.?!- \u0301é…1"), min_size=1).map(lambda text: " ".join(normalise(text).split()))
CUES = st.builds(
    Cue,
    index=st.just(0),
    text=TEXTS.filter(bool),
    start_ms=st.none() | st.integers(0, 10_000),
    end_ms=st.none() | st.integers(10_000, 20_000),
    speaker=st.sampled_from([None, None, "Anna", "P07"]),
    identifier=st.sampled_from([None, *(f"{'0' * 36}/{n}-{k}" for n in range(3) for k in range(3))]),
    language=st.sampled_from([None, "de", "es"]),
    confidence=st.none() | st.floats(0, 1),
)


@given(st.lists(CUES, max_size=12))
def test_turns_keep_every_cue_at_its_place(generated: list[Cue]) -> None:
    """Each cue lies in exactly one turn of its speaker, at offsets that give back its text; turns stay NFC.

    The number that ends each text keeps it from being a rolling caption.
    """
    cues = [
        Cue(n, f"{cue.text} {n}", cue.start_ms, cue.end_ms, cue.speaker, cue.identifier, cue.language, cue.confidence)
        for n, cue in enumerate(generated)
    ]
    turns = merge_cues(cues)
    assert [turn.index for turn in turns] == list(range(len(turns)))
    assert sorted(span.cue for turn in turns for span in turn.cues) == list(range(len(cues)))
    for turn in turns:
        assert unicodedata.is_normalized("NFC", turn.text)
        assert turn.text == " ".join(turn.text[span.start : span.end] for span in turn.cues)
        for span in turn.cues:
            cue = cues[span.cue]
            assert turn.text[span.start : span.end] == cue.text
            assert (span.start_ms, span.end_ms) == (cue.start_ms, cue.end_ms)
            assert cue.speaker in {None, turn.speaker}
            assert turn.language in {None, cue.language}
