"""Diarizers: finding and loading them, and sherpa-onnx at work with tiny models that tell tones apart."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.speech.diarization import load_diarizer
from ingest.speech.refusal import SpeechModelError
from ingest.speech.sherpa import Models, SherpaDiarizer, find_models
from ingest.speech.sound import Samples
from ingest.speech.speaker_turns import SpeakerTurn
from ingest.speech.task import SAMPLE_HZ, SpeechTask

MODELS = Path(__file__).parents[2] / "fixtures" / "diarizer"
TASK = SpeechTask(("de",), ("de", "de"), alternating=False, split_channels=False, model="unused", threads=1)
LOW, MIDDLE, HIGH = 300, 1_000, 3_000
TALK = ((LOW, 4), (MIDDLE, 5), (LOW, 6), (HIGH, 5), (MIDDLE, 4))
"""Who says something, as Hz, and for how many seconds, after one second of silence each."""


def voice(hz: int, seconds: float) -> Samples:
    """A speaker of the tiny models: a tone with some noise."""
    times_s = np.arange(int(seconds * SAMPLE_HZ)) / SAMPLE_HZ
    noise = np.random.default_rng(hz).normal(0, 300, len(times_s))
    return (6_000 * np.sin(2 * np.pi * hz * times_s) + noise).astype(np.int16)


def silence(seconds: float) -> Samples:
    """Nearly nothing."""
    return np.random.default_rng(0).normal(0, 3, int(seconds * SAMPLE_HZ)).astype(np.int16)


def talk(*said: tuple[int, float]) -> Samples:
    """Voices one after the other."""
    return np.concatenate([part for hz, seconds in said for part in (silence(1), voice(hz, seconds))])


def sherpa(block_s: int = 600) -> SherpaDiarizer:
    """The diarizer with the tiny models, where it is installed."""
    pytest.importorskip("sherpa_onnx", reason="needs the extra sherpa-onnx")
    return SherpaDiarizer(find_models(MODELS), threads=1, block_s=block_s)


def speakers_of(turns: tuple[SpeakerTurn, ...]) -> list[int]:
    """Who speaks in each turn, numbered by who comes first."""
    numbers: dict[int, int] = {}
    return [numbers.setdefault(turn.speaker, len(numbers)) for turn in turns]


# Loading


@pytest.mark.parametrize("name", [None, "none"])
def test_no_diarizer(name: str | None) -> None:
    """Without a diarizer, nothing is needed."""
    assert load_diarizer(replace(TASK, diarizer=name)) is None


def test_an_unknown_diarizer() -> None:
    """A wrong name is refused with those that there are."""
    with pytest.raises(SpeechModelError, match="set VERBATIM_DIARIZER to sherpa-onnx, pyannote or none"):
        load_diarizer(replace(TASK, diarizer="magic"))


def test_a_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "sherpa_onnx", None)
    with pytest.raises(SpeechModelError, match=r"pip install 'verbatim\[sherpa-onnx\]'"):
        load_diarizer(replace(TASK, diarizer="sherpa-onnx", diarizer_models=MODELS))


def test_no_folder_of_models() -> None:
    """The error says which setting names the folder, and where models come from."""
    with pytest.raises(SpeechModelError, match="VERBATIM_DIARIZER_MODELS") as refused:
        find_models(None)
    assert "releases/tag/speaker-segmentation-models" in str(refused.value)


@pytest.mark.parametrize("name", ["segmentation.onnx", "embedding.onnx"])
def test_a_missing_model(tmp_path: Path, name: str) -> None:
    """Each of the two models is missed by its name."""
    shutil.copytree(MODELS, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).unlink()
    with pytest.raises(SpeechModelError, match=rf"no {name} in {tmp_path.name}"):
        find_models(tmp_path)


def test_models_under_their_published_names(tmp_path: Path) -> None:
    """What the releases of sherpa-onnx unpack to is found as it is; of several, one has to be named."""
    segmentation = tmp_path / "sherpa-onnx-pyannote-segmentation-3-0" / "model.onnx"
    segmentation.parent.mkdir()
    shutil.copy(MODELS / "segmentation.onnx", segmentation)
    embedding = tmp_path / "nemo_en_titanet_small.onnx"
    shutil.copy(MODELS / "embedding.onnx", embedding)
    assert find_models(tmp_path) == Models(segmentation, embedding)
    shutil.copy(embedding, tmp_path / "wespeaker_en_voxceleb_resnet34.onnx")
    with pytest.raises(SpeechModelError, match=r"name the one to use embedding\.onnx"):
        find_models(tmp_path)


def test_models_of_something_else(tmp_path: Path) -> None:
    """Models that sherpa-onnx would die of are refused before it sees them."""
    shutil.copytree(MODELS, tmp_path, dirs_exist_ok=True)
    shutil.copy(MODELS / "embedding.onnx", tmp_path / "segmentation.onnx")
    with pytest.raises(SpeechModelError, match=r"segmentation\.onnx is not made for sherpa-onnx: it lacks num_classes"):
        find_models(tmp_path)
    (tmp_path / "segmentation.onnx").write_bytes(b"no model")
    with pytest.raises(SpeechModelError, match=r"segmentation\.onnx is no ONNX model"):
        find_models(tmp_path)


def test_which_models_these_are() -> None:
    """The identity names library and weights."""
    pytest.importorskip("sherpa_onnx", reason="needs the extra sherpa-onnx")
    diarizer = load_diarizer(replace(TASK, diarizer="sherpa-onnx", diarizer_models=MODELS))
    assert diarizer is not None
    name, segmentation, embedding = diarizer.identity.split()
    assert name.startswith("sherpa-onnx/")
    assert len(segmentation) == len(embedding) == 12


# Work


def test_a_known_number_of_speakers() -> None:
    """Three voices are told apart where three are expected, at the right times."""
    turns = sherpa().diarize(talk(*TALK), 3)
    assert speakers_of(turns) == [0, 1, 0, 2, 1]
    starts_ms = [1_000, 6_000, 12_000, 19_000, 25_000]
    assert [turn.start_ms for turn in turns] == pytest.approx(starts_ms, abs=100)
    ends_ms = [start_ms + seconds * 1_000 for start_ms, (_, seconds) in zip(starts_ms, TALK, strict=True)]
    assert [turn.end_ms for turn in turns] == pytest.approx(ends_ms, abs=100)


def test_an_unknown_number_of_speakers() -> None:
    """Two voices that are very different are told apart without knowing that there are two."""
    assert speakers_of(sherpa().diarize(talk((LOW, 5), (HIGH, 5), (LOW, 5)), None)) == [0, 1, 0]


def test_one_speaker() -> None:
    """Where one is expected, all is one person's."""
    assert set(speakers_of(sherpa().diarize(talk(*TALK), 1))) == {0}


def test_long_recordings_are_taken_in_blocks() -> None:
    """Voices keep their numbers from block to block, also those that a block lacks; the work shows signs of life."""
    signs: list[None] = []
    said = (*TALK, (LOW, 9), (MIDDLE, 9), (LOW, 9), (HIGH, 9), *TALK)
    turns = sherpa(block_s=35).diarize(talk(*said), 3, lambda: signs.append(None))
    pitches = {0: LOW, 1: MIDDLE, 2: HIGH}
    middles_ms = np.cumsum([1_000 + seconds * 1_000 for _, seconds in said]) - [seconds * 500 for _, seconds in said]
    numbers = speakers_of(turns)
    for middle_ms, (hz, _) in zip(middles_ms, said, strict=True):
        found = {number for turn, number in zip(turns, numbers, strict=True) if turn.start_ms < middle_ms < turn.end_ms}
        assert {pitches[number] for number in found} == {hz}
    assert len(signs) > 3


@pytest.mark.parametrize("seconds", [0.001, 3, 30])
def test_silence(seconds: float) -> None:
    """Where nobody speaks there are no turns, however short it is."""
    assert sherpa().diarize(silence(seconds), 2) == ()


def test_a_blip() -> None:
    """A sound too short for a voice is nobody's."""
    assert sherpa().diarize(np.concatenate([silence(8), voice(LOW, 0.1), silence(12)]), 2) == ()


def test_less_than_a_window() -> None:
    """A short recording is diarized by its only window."""
    assert speakers_of(sherpa().diarize(talk((LOW, 3), (HIGH, 3)), 2)) == [0, 1]
