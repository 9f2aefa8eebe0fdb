"""Speech to stretches, languages and pieces."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sounds import SPOKEN, SPOKEN_MS, read_sound, tone

from ingest.speech.regions import (
    FRAME_MS,
    MAX_INNER_PAUSE_MS,
    MAX_PIECE_MS,
    MAX_STRETCH_MS,
    Stretch,
    choose_languages,
    find_stretches,
    join_pieces,
    restrict,
)
from ingest.speech.sound import Samples
from ingest.speech.voice import FRAME_SAMPLES, load_voice_detector, speech_probabilities, to_float

probabilities = st.lists(st.tuples(st.sampled_from([0.0, 0.4, 0.9]), st.integers(1, 600)), max_size=12).map(
    lambda runs: np.repeat([level for level, _ in runs], [length for _, length in runs]).astype(np.float32)
)
stretches_of_speech = probabilities.map(lambda levels: find_stretches(levels, len(levels) * FRAME_MS))


@given(probabilities)
def test_stretches_are_ordered_and_within(levels: np.ndarray) -> None:
    """Stretches never overlap, never leave the recording and are never too long."""
    duration_ms = len(levels) * FRAME_MS
    stretches = find_stretches(levels, duration_ms)
    assert all(0 <= stretch.start_ms < stretch.end_ms <= duration_ms for stretch in stretches)
    assert all(first.end_ms <= second.start_ms for first, second in pairwise(stretches))
    assert all(stretch.duration_ms <= MAX_STRETCH_MS + 600 for stretch in stretches)


@given(probabilities)
def test_no_clear_speech_is_lost(levels: np.ndarray) -> None:
    """Every run of clear speech that is long enough lies in the stretches."""
    stretches = find_stretches(levels, len(levels) * FRAME_MS)
    inside = np.zeros(len(levels), bool)
    for stretch in stretches:
        inside[stretch.start_ms // FRAME_MS : -(-stretch.end_ms // FRAME_MS)] = True
    edges = np.flatnonzero(np.diff(np.concatenate([[0], levels >= 0.5, [0]])))
    runs = [(start, end) for start, end in edges.reshape(-1, 2) if end - start >= 6]
    assert all(inside[start:end].all() for start, end in runs)


@given(stretches_of_speech, st.data())
def test_pieces_hold_one_language(stretches: tuple[Stretch, ...], data: st.DataObject) -> None:
    """Pieces keep every stretch, in order and in its language, and are short enough for one window."""
    languages = data.draw(
        st.lists(st.sampled_from(["de", "es"]), min_size=len(stretches), max_size=len(stretches)), label="languages"
    )
    pieces = join_pieces(stretches, languages)
    assert [(each, piece.language) for piece in pieces for each in piece.stretches] == list(
        zip(stretches, languages, strict=True)
    )
    assert all(piece.end_ms - piece.start_ms <= MAX_PIECE_MS for piece in pieces)
    pauses = [b.start_ms - a.end_ms for piece in pieces for a, b in pairwise(piece.stretches)]
    assert all(pause <= MAX_INNER_PAUSE_MS for pause in pauses)


def test_real_speech_is_found() -> None:
    """The sentences of a spoken recording are found where they are, and nothing else."""
    decoded = read_sound(SPOKEN)
    levels = speech_probabilities(decoded.channels[0], load_voice_detector())
    stretches = find_stretches(levels, decoded.duration_ms)
    pauses = [pair for pair in pairwise(stretches) if pair[0].end_ms < pair[1].start_ms]
    starts = [stretches[0].start_ms, *(after.start_ms for _, after in pauses)]
    ends = [*(before.end_ms for before, _ in pauses), stretches[-1].end_ms]
    assert starts == pytest.approx([start_ms - 200 for start_ms, _ in SPOKEN_MS], abs=200)
    assert ends == pytest.approx([end_ms + 250 for _, end_ms in SPOKEN_MS], abs=250)


def _noise() -> Samples:
    return np.random.default_rng(0).normal(0, 3000, 160_000).astype(np.int16)


def _click() -> Samples:
    """A sound of 0.2 s between silence."""
    return np.concatenate([np.zeros(16_000, np.int16), tone(0.2), np.zeros(16_000, np.int16)])


@pytest.mark.parametrize("sound", [np.zeros(80_000, np.int16), tone(10), _noise(), _click(), np.zeros(0, np.int16)])
def test_no_speech(sound: Samples) -> None:
    """Silence, a tone, noise and a beep are no speech."""
    levels = speech_probabilities(sound, load_voice_detector())
    assert find_stretches(levels, len(sound) // 16) == ()


def test_windows_do_not_show() -> None:
    """Detection in windows finds the stretches that detection of the whole finds."""
    sound = np.tile(read_sound(SPOKEN).channels[0], 18)
    sound = sound[: len(sound) - len(sound) % FRAME_SAMPLES]
    detect = load_voice_detector()
    whole, windows = np.asarray(detect(to_float(sound))).reshape(-1), speech_probabilities(sound, detect)
    assert len(whole) > 8_192
    assert find_stretches(windows, len(sound) // 16) == find_stretches(whole, len(sound) // 16)


def test_a_short_answer_takes_the_language_around_it() -> None:
    """What half a second sounds like counts less than its neighbours; a clear sentence speaks for itself."""
    stretches = [Stretch(0, 5000), Stretch(5300, 5800), Stretch(6000, 11_000), Stretch(11_500, 16_000)]
    heard = [{"de": 0.9, "en": 0.1}, {"de": 0.3, "en": 0.7}, {"de": 0.95, "en": 0.05}, {"de": 0.05, "en": 0.9}]
    assert choose_languages(stretches, heard, ("de", "en")) == ("de", "de", "de", "en")


@given(st.lists(st.sampled_from(["de", "es"]), max_size=20))
def test_clear_stretches_keep_their_language(spoken: list[str]) -> None:
    """Long stretches that are sure of their language keep it, however often it changes."""
    stretches = [Stretch(index * 4000, index * 4000 + 3500) for index in range(len(spoken))]
    heard = [{language: 0.97, "fr": 0.02} for language in spoken]
    assert list(choose_languages(stretches, heard, ("de", "es"))) == spoken


@given(st.dictionaries(st.sampled_from(["de", "es", "fr"]), st.floats(0, 1)))
def test_restricted_probabilities_sum_to_one(heard: dict[str, float]) -> None:
    """Whatever a model says, the languages of the study share all of it, and none is impossible."""
    shares = restrict(heard, ("de", "es"))
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0
