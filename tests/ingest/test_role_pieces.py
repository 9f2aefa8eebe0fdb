"""Turns in pieces: cut where another may speak, joined by what was found, without a character lost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.language import LanguageGuess
from app.vocabulary import Mode, Role
from ingest.roles import Attribution, Basis, RoleContext, attribute_speech
from ingest.roles.pieces import join_pieces, split_turns
from ingest.transcript import CueSpan, Turn


def turn_of(texts: list[str], speaker: str | None = None, pause_ms: int = 100) -> Turn:
    """A turn of cues that last a second each."""
    spans, position, clock_ms = [], 0, 0
    for index, text in enumerate(texts):
        spans.append(CueSpan(index, position, position + len(text), clock_ms, clock_ms + 1_000))
        position += len(text) + 1
        clock_ms += 1_000 + pause_ms
    return Turn(0, speaker, " ".join(texts), 0, clock_ms - pause_ms, 0.5, None, tuple(spans))


def texts_of(turns: tuple[Turn, ...]) -> list[str]:
    """The texts of turns."""
    return [turn.text for turn in turns]


def test_a_turn_without_label_is_cut_where_sentences_end_with_a_cue() -> None:
    """A piece is a run of cues up to the end of a sentence, with its own times and offsets."""
    pieces = split_turns([turn_of(["Wo waren", "Sie da?", "Zu Hause. Im Bett,", "glaube ich."])], Mode.DIRECT)
    assert texts_of(pieces) == ["Wo waren Sie da?", "Zu Hause. Im Bett, glaube ich."]
    assert [(piece.index, piece.start_ms, piece.end_ms) for piece in pieces] == [(0, 0, 2_100), (1, 2_200, 4_300)]
    assert [pieces[1].text[span.start : span.end] for span in pieces[1].cues] == ["Zu Hause. Im Bett,", "glaube ich."]


def test_a_labelled_turn_is_whole_unless_somebody_interprets() -> None:
    """Labels are trusted in a direct interview; in an interpreted one a label may cover two people."""
    turn = turn_of(["¿Dónde estaba?", "En casa."], speaker="P01")
    assert texts_of(split_turns([turn], Mode.DIRECT)) == ["¿Dónde estaba? En casa."]
    assert texts_of(split_turns([turn], Mode.INTERPRETED)) == ["¿Dónde estaba?", "En casa."]


def test_without_punctuation_every_cue_may_be_another_voice() -> None:
    """A transcript without sentence ends is cut at each cue; a turn that knows no cues stays whole."""
    bare = replace(turn_of(["ja genau"]), cues=())
    assert texts_of(split_turns([turn_of(["wo waren sie da", "zu hause im bett"]), bare], Mode.DIRECT)) == [
        "wo waren sie da",
        "zu hause im bett",
        "ja genau",
    ]


def test_words_and_their_rendition_under_one_label_become_two_stretches() -> None:
    """The platform shows the interpretation under the participant's name: only her own words are hers."""
    turns = [
        replace(turn_of(["How did you find the flat?"], "Owen"), index=0),
        replace(turn_of(["¿Cómo encontró el piso?"], "Owen"), index=1),
        replace(
            turn_of(
                ["Por mi prima, que vive", "en el mismo portal.", "Through my cousin, who lives", "in the building."],
                "Rosa",
            ),
            index=2,
        ),
    ]
    context = RoleContext(Mode.INTERPRETED, {"P01": ("Rosa",)}, "es", "en", team=("Owen",))
    spoken = attribute_speech(turns, ["es", "en"], context)
    assert [(each.attribution.role, each.turn.text) for each in spoken] == [
        (Role.INTERVIEWER, "How did you find the flat?"),
        (Role.INTERPRETER, "¿Cómo encontró el piso?"),
        (Role.PARTICIPANT, "Por mi prima, que vive en el mismo portal."),
        (Role.INTERPRETER, "Through my cousin, who lives in the building."),
    ]


words = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=8)
turn_lists = st.lists(
    st.builds(turn_of, st.lists(words, min_size=1, max_size=4), st.none() | st.sampled_from(["A", "B"])), max_size=4
)
kinds = st.tuples(
    st.sampled_from([Role.PARTICIPANT, Role.INTERVIEWER]), st.sampled_from(["de", "es"]), st.floats(0.0, 1.0)
)


@given(turn_lists, st.sampled_from(Mode), st.lists(kinds, min_size=16, max_size=16))
def test_no_character_and_no_cue_is_lost(turns: list[Turn], mode: Mode, found: list[tuple[Role, str, float]]) -> None:
    """Cutting and joining keep the words in order, every cue at its place, and confidences within range."""
    pieces = split_turns(turns, mode)
    of_pieces = found[: len(pieces)]
    spoken = join_pieces(
        pieces,
        [LanguageGuess(language, confidence) for _, language, confidence in of_pieces],
        [Attribution(role, None, Basis.INFERRED, confidence) for role, _, confidence in of_pieces],
    )
    assert " ".join(each.turn.text for each in spoken) == " ".join(turn.text for turn in turns)
    assert [each.turn.index for each in spoken] == list(range(len(spoken)))
    cues_before = [turn.text[span.start : span.end] for turn in turns for span in turn.cues]
    assert [each.turn.text[span.start : span.end] for each in spoken for span in each.turn.cues] == cues_before
    assert all(0 <= each.language.confidence <= 1 and 0 <= each.attribution.confidence <= 1 for each in spoken)
