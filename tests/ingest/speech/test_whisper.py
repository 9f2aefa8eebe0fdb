"""Finding, choosing and loading speech models."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sounds import read_sound

from ingest.speech.refusal import SpeechModelError
from ingest.speech.regions import find_stretches
from ingest.speech.task import SpeechTask
from ingest.speech.voice import load_voice_detector, speech_probabilities, to_float
from ingest.speech.whisper import (
    Heard,
    choose_compute_type,
    choose_device,
    find_weights,
    is_doubtful,
    load_whisper,
)

ROOT = Path(__file__).resolve().parents[3]
RECORDINGS = ROOT / "examples" / "nido" / "recordings"
SPEECH_MODEL = ROOT / "tests" / "fixtures" / "speech_model"
TASK = SpeechTask(("de",), ("de", "de"), alternating=False, split_channels=False, model=str(SPEECH_MODEL))


def test_a_name_that_was_not_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Weights that are not here are never fetched silently; the error says how to get them."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for name, fetched in {"small": "small", "somebody/something": "large-v3", "/no/where": "large-v3"}.items():
        with pytest.raises(SpeechModelError, match=f"verbatim models fetch {fetched} --to DIR"):
            find_weights(name)


def test_a_folder_without_weights(tmp_path: Path) -> None:
    """A folder of something else is called so, without telling where it lies."""
    with pytest.raises(SpeechModelError, match=rf"no model\.bin in {tmp_path.name}"):
        find_weights(str(tmp_path))


def test_a_folder_of_broken_weights(tmp_path: Path) -> None:
    """Weights that cannot be read are an error with a remedy, not a crash."""
    (tmp_path / "model.bin").write_bytes(b"no weights")
    with pytest.raises(SpeechModelError, match="VERBATIM_WHISPER_MODEL"):
        load_whisper(replace(TASK, model=str(tmp_path)))


def test_what_is_told_is_taken() -> None:
    """Device and arithmetic are chosen only where they are left open."""
    assert choose_device("cpu") == "cpu"
    assert choose_compute_type("float32", "cpu") == "float32"
    assert choose_compute_type("auto", "cpu") in {"int8", "float32"}


@pytest.mark.models
def test_together_is_heard_what_is_heard_alone() -> None:
    """Sounds that are heard at once give the words, and nearly the times, of each heard by itself."""
    model = load_whisper(TASK)
    samples = read_sound(RECORDINGS / "P15.interviewer.opus").channels[0]
    stretches = find_stretches(speech_probabilities(samples, load_voice_detector()), len(samples) // 16)
    sounds = [to_float(samples[stretch.start_ms * 16 : stretch.end_ms * 16]) for stretch in stretches[:3]]
    sounds.insert(1, np.zeros(32_000, np.float32))
    together = model.transcribe(sounds, "de")
    for heard, sound in zip(together, sounds, strict=True):
        (alone,) = model.transcribe([sound], "de")
        words = [word for each in heard for word in each.words]
        expected = [word for each in alone for word in each.words]
        assert [word.text for word in words] == [word.text for word in expected]
        for word, other in zip(words, expected, strict=True):
            assert word.start_ms == pytest.approx(other.start_ms, abs=300)
            assert word.end_ms <= len(sound) // 16 + 100


def test_doubt() -> None:
    """What repeats itself or is improbable is heard again."""
    assert is_doubtful(Heard((), compression_ratio=2.5, no_speech=0.0, likelihood=0.9))
    assert is_doubtful(Heard((), compression_ratio=1.0, no_speech=0.0, likelihood=0.3))
    assert not is_doubtful(Heard((), compression_ratio=1.0, no_speech=0.0, likelihood=0.9))


@pytest.mark.models
def test_too_many_sounds_for_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the memory is too small for so many sounds at once, they are heard in halves, from then on."""
    model = load_whisper(TASK)
    sounds = [np.zeros(16_000, np.float32)] * 4

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("faster_whisper.BatchedInferencePipeline.transcribe", fail)
    assert len(model.transcribe(sounds, "de")) == 4
    assert model.batch_size == 1
