"""A transcript brought to the times of its recording: shifted, drifting, wrong or without times, and misheard."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.speech.alignment import align
from ingest.speech.transcription import SpokenCue, Transcription, Word
from ingest.speech.word_matching import Match, find_words, match_words
from ingest.transcript import CueSpan, Turn

RECORDINGS = Path(__file__).resolve().parents[3] / "examples" / "nido" / "recordings"
PEOPLE = ("P01", "P15", "P18")
CLOSE_MS = 300


@dataclass(frozen=True)
class Said:
    """A turn as it was truly said."""

    text: str
    words: tuple[Word, ...]


def chance_of(seed: int) -> random.Random:
    """Chance that can be repeated."""
    return random.Random(seed)  # noqa: S311


@cache
def truth(person: str) -> list[Said]:
    """What is said in a sample recording, and when."""
    document = json.loads((RECORDINGS / f"{person}.json").read_text(encoding="utf-8"))
    return [
        Said(each["text"], tuple(Word(word["text"], word["start_ms"], word["end_ms"], 1.0) for word in each["words"]))
        for each in document["utterances"]
    ]


def hear(said: Sequence[Said], chance: random.Random, errors: float = 0.0) -> Transcription:
    """Hear what was said, up to 80 ms early or late; a share of the words wrong, one in five of those not at all.

    First words are heard as something, because whoever begins to speak is heard.
    """
    vocabulary = [word.text for each in said for word in each.words]
    cues = []
    for each in said:
        heard = []
        for place, word in enumerate(each.words):
            fate = chance.random() / errors if errors else 1.0
            shift_ms = chance.randrange(-80, 81)
            text = chance.choice(vocabulary) if fate < 0.5 else misspelt(word.text, chance) if fate < 1 else word.text
            if fate >= 0.2 or place == 0:
                heard.append(Word(text, max(word.start_ms + shift_ms, 0), max(word.end_ms + shift_ms, 0), 0.9))
        text = " ".join(word.text for word in heard)
        cues.append(SpokenCue(heard[0].start_ms, heard[-1].end_ms, text, "de", None, 0.9, tuple(heard)))
    return Transcription(tuple(cues), said[-1].words[-1].end_ms + 500, None)


def misspelt(word: str, chance: random.Random) -> str:
    """A word with another letter in it."""
    place = chance.randrange(len(word))
    return word[:place] + chance.choice("aeiou") + word[place + 1 :]


def written(said: Sequence[Said], clock: str, chance: random.Random) -> list[Turn]:
    """The transcript of what was said, with times as its maker has them."""
    turns = []
    for index, each in enumerate(said):
        start_ms, end_ms = each.words[0].start_ms, each.words[-1].end_ms
        times: tuple[int | None, int | None] = {
            "right": (start_ms, end_ms),
            "shifted": (start_ms + 7_000, end_ms + 7_000),
            "drifting": (start_ms * 101 // 100, end_ms * 101 // 100),
            "wrong": (chance.randrange(90_000), 95_000),
            "absent": (None, None),
        }[clock]
        turns.append(Turn(index, None, each.text, *times, None, None, (CueSpan(index, 0, len(each.text), *times),)))
    return turns


@pytest.mark.parametrize("clock", ["right", "shifted", "drifting", "wrong", "absent"])
@settings(max_examples=25)
@given(person=st.sampled_from(PEOPLE), seed=st.integers(0, 2**32))
def test_every_turn_starts_with_its_first_word(clock: str, person: str, seed: int) -> None:
    """Whatever the times of the transcript: within 300 ms; the words keep their order, and the text is untouched."""
    chance, said = chance_of(seed), truth(person)
    turns = written(said, clock, chance)
    aligned = align(turns, hear(said, chance))
    assert aligned.is_same
    assert aligned.share > 0.99
    assert aligned.warnings == ()
    for turn, given_turn, each in zip(aligned.turns, turns, said, strict=True):
        assert (turn.text, turn.speaker, turn.index) == (given_turn.text, given_turn.speaker, given_turn.index)
        assert abs((turn.start_ms or 0) - each.words[0].start_ms) <= CLOSE_MS
        assert abs((turn.end_ms or 0) - each.words[-1].end_ms) <= CLOSE_MS


@settings(max_examples=25)
@given(person=st.sampled_from(PEOPLE), seed=st.integers(0, 2**32))
def test_sentences_inside_a_turn_start_with_their_first_word(person: str, seed: int) -> None:
    """A quote out of the middle of a long turn can be played: each word is a cue of its own."""
    chance, said = chance_of(seed), truth(person)
    for turn, each in zip(align(written(said, "absent", chance), hear(said, chance)).turns, said, strict=True):
        position = 0
        for word in each.words:
            position = each.text.index(word.text, position)
            cue = next(cue for cue in turn.cues if cue.end > position)
            assert each.text[cue.start : cue.end] in word.text
            assert abs((cue.start_ms or 0) - word.start_ms) <= CLOSE_MS
            position += len(word.text)


@settings(max_examples=25)
@given(person=st.sampled_from(PEOPLE), seed=st.integers(0, 2**32))
def test_a_fifth_of_the_words_may_be_misheard(person: str, seed: int) -> None:
    """Turns still start in time where their first words were made out, in order, and none is lost."""
    chance, said = chance_of(seed), truth(person)
    heard = hear(said, chance, errors=0.2)
    aligned = align(written(said, "wrong", chance), heard)
    assert aligned.is_same
    starts = [turn.start_ms for turn in aligned.turns]
    assert None not in starts
    for turn, each, cue in zip(aligned.turns, said, heard.cues, strict=True):
        made_out = [word.text for word in cue.words[:3]] == [word.text for word in each.words[:3]]
        assert not made_out or abs((turn.start_ms or 0) - each.words[0].start_ms) <= CLOSE_MS


def test_most_starts_are_right_when_a_fifth_is_misheard() -> None:
    """Over many hearings, 97 of 100 turns start within 300 ms of their first word, heard or not."""
    close = total = 0
    for seed in range(60):
        chance, said = chance_of(seed), truth(PEOPLE[seed % 3])
        for turn, each in zip(align(written(said, "absent", chance), hear(said, chance, 0.2)).turns, said, strict=True):
            close += abs((turn.start_ms or 0) - each.words[0].start_ms) <= CLOSE_MS
            total += 1
    assert close >= 0.97 * total


@pytest.mark.parametrize(("one", "other"), [("P01", "P15"), ("P15", "P18"), ("P18", "P01")])
def test_a_recording_of_another_conversation_is_recognised(one: str, other: str) -> None:
    """The transcript keeps its own times, and whoever reads it is told."""
    chance = chance_of(1)
    turns = written(truth(one), "shifted", chance)
    aligned = align(turns, hear(truth(other), chance))
    assert not aligned.is_same
    assert aligned.turns == tuple(turns)
    assert aligned.warnings[0].startswith("the recording and the transcript do not match: ")


def test_silence_is_another_conversation() -> None:
    """Nothing heard, or nothing written, matches nothing."""
    turns = written(truth("P01"), "right", chance_of(1))
    assert align(turns, Transcription((), 1_000, None)).turns == tuple(turns)
    assert not align([], hear(truth("P01"), chance_of(1))).is_same


@pytest.mark.parametrize("clock", ["shifted", "drifting"])
def test_a_turn_that_was_not_heard_is_where_its_own_time_says_once_corrected(clock: str) -> None:
    """Those around it tell by how much the clock of the transcript is off; that it was not heard is said."""
    chance, said = chance_of(2), truth("P01")
    aligned = align(written(said, clock, chance), hear([*said[:2], *said[3:]], chance))
    assert abs((aligned.turns[2].start_ms or 0) - said[2].words[0].start_ms) <= CLOSE_MS
    assert aligned.warnings == (
        f"1 of {len(said)} utterances were not found in the recording: their times are estimates",
    )


def test_a_recording_that_ends_early_leaves_the_rest_without_times() -> None:
    """A quote that nobody can hear gets no time, so that nothing else is played for it."""
    chance, said = chance_of(3), truth("P01")
    heard = hear(said[:-2], chance)
    for clock in ("shifted", "absent"):
        aligned = align(written(said, clock, chance), heard)
        assert aligned.is_same
        assert [turn.start_ms for turn in aligned.turns[-2:]] == [None, None]
        assert [(cue.start_ms, cue.end_ms) for cue in aligned.turns[-1].cues] == [(None, None)]
        assert aligned.warnings[0].endswith("and 2 have none")


@given(
    st.lists(st.sampled_from("ab ac ba xyz".split()), max_size=30), st.lists(st.sampled_from("ab ac ba xyz".split()))
)
def test_matches_never_cross(given_words: list[str], heard_words: list[str]) -> None:
    """However much is repeated, each word has one partner at most, and the order holds in both."""
    matches = match_words(given_words, heard_words)
    for first, second in pairwise(matches):
        assert first.given < second.given
        assert first.heard < second.heard
    assert all(match.is_alike or given_words[match.given] != heard_words[match.heard] for match in matches)


@given(st.lists(st.sampled_from([f"word{number}" for number in range(60)]), max_size=80))
def test_an_account_matches_itself_whole(words: list[str]) -> None:
    """Every word is its own partner."""
    assert match_words(words, words) == [Match(place, place, is_alike=True) for place in range(len(words))]


def test_two_hours_are_matched_by_their_rare_runs() -> None:
    """Twenty thousand words on each side, a fifth of them misheard: the table of all pairs would hold 400 million."""
    chance = chance_of(4)
    vocabulary = [f"{chance.choice('bdfgklmnprstw')}{chance.choice('aeiou')}{number}" for number in range(3_000)]
    given_words = [vocabulary[int(3_000 * chance.random() ** 3)] for _ in range(20_000)]
    heard_words = [word if chance.random() > 0.2 else chance.choice(vocabulary) for word in given_words]
    right = sum(match.given == match.heard for match in match_words(given_words, heard_words))
    assert right > 0.97 * len(given_words)


def test_words_are_compared_without_their_dress() -> None:
    """Case, accents and punctuation do not count; offsets are those of the text."""
    text = "«Él no vino», sagt's Zürich-Wien."
    assert [(text[start:end], key) for start, end, key in find_words(text)] == [
        ("Él", "el"),
        ("no", "no"),
        ("vino", "vino"),
        ("sagt's", "sagts"),
        ("Zürich", "zurich"),
        ("Wien", "wien"),
    ]
