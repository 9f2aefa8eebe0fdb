"""The committed speech model, on the sentences of the sample recordings."""

import json
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio

from training.speech.measure import count_errors, load_model, plain_words

ROOT = Path(__file__).resolve().parents[2]
RECORDINGS = ROOT / "examples" / "nido" / "recordings"
MODEL = ROOT / "tests" / "fixtures" / "speech_model"
LARGEST_MODEL_BYTES = 15_000_000
SAMPLES_PER_MS = 16

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def model() -> WhisperModel:
    """The model, loaded as the service loads it."""
    return load_model(MODEL)


def test_the_model_is_small() -> None:
    """The folder stays within what a repository can carry."""
    assert sum(path.stat().st_size for path in MODEL.iterdir()) <= LARGEST_MODEL_BYTES


def test_the_model_transcribes_the_interpreted_recording(model: WhisperModel) -> None:
    """Each sentence's language is detected, and at most one word in ten of the recording is wrong."""
    audio = decode_audio(str(RECORDINGS / "P18.opus"))
    words = errors = 0
    for utterance in json.loads((RECORDINGS / "P18.json").read_text(encoding="utf-8"))["utterances"]:
        said = utterance["words"]
        ends = [number for number, word in enumerate(said, start=1) if word["text"][-1] in ".?!"]
        for first, last in zip([0, *ends], ends, strict=False):
            start_ms, end_ms = said[first]["start_ms"] - 150, said[last - 1]["end_ms"] + 150
            sentence = audio[start_ms * SAMPLES_PER_MS : end_ms * SAMPLES_PER_MS]
            assert model.detect_language(sentence)[0] == utterance["language"]
            segments, _ = model.transcribe(
                sentence, language=utterance["language"], word_timestamps=True, condition_on_previous_text=False
            )
            expected = plain_words(" ".join(word["text"] for word in said[first:last]))
            words += len(expected)
            errors += count_errors(expected, plain_words(" ".join(segment.text for segment in segments)))
    assert words > 200
    assert errors <= words / 10


def test_the_model_hears_nothing_in_silence(model: WhisperModel) -> None:
    """With the voice activity filter, silence gives no segment."""
    segments, _ = model.transcribe(np.zeros(80_000, np.float32), language="de", vad_filter=True)
    assert list(segments) == []
