"""Finding, choosing and loading speech models."""

from pathlib import Path

import pytest

from ingest.speech.refusal import SpeechModelError
from ingest.speech.task import SpeechTask
from ingest.speech.whisper import choose_compute_type, choose_device, find_weights, load_whisper


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
    task = SpeechTask(("de",), ("de", "de"), alternating=False, split_channels=False, model=str(tmp_path))
    with pytest.raises(SpeechModelError, match="VERBATIM_WHISPER_MODEL"):
        load_whisper(task)


def test_what_is_told_is_taken() -> None:
    """Device and arithmetic are chosen only where they are left open."""
    assert choose_device("cpu") == "cpu"
    assert choose_compute_type("float32", "cpu") == "float32"
    assert choose_compute_type("auto", "cpu") in {"int8", "float32"}
