"""The adapter for pyannote.audio, with a scripted package in its place: the real one is too large for the tests.

What the script promises is what pyannote.audio 4.0.7 does.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.speech.diarization import load_diarizer
from ingest.speech.refusal import SpeechModelError
from ingest.speech.speaker_turns import SpeakerTurn
from ingest.speech.task import SAMPLE_HZ, SpeechTask

AUDIO = """
import os
from types import SimpleNamespace

if os.environ["PYANNOTE_METRICS_ENABLED"] != "0" or os.environ["HF_HUB_OFFLINE"] != "1":
    raise RuntimeError("imported while it would tell or fetch")


class Pipeline:
    @classmethod
    def from_pretrained(cls, checkpoint):
        if "broken" in (checkpoint / "config.yaml").read_text():
            raise KeyError("pipeline")
        return cls()

    def to(self, device):
        self.device = device.type

    def __call__(self, file, num_speakers=None, hook=None):
        hook("segmentation", None, file=file, completed=1, total=1)
        hook("embeddings", None, file=file)
        end = file["waveform"].shape[1] / file["sample_rate"]
        turns = [(0.5, 1.25, "SPEAKER_01"), (1.25, end, "SPEAKER_00"), (end, end + 1, "SPEAKER_01")][: num_speakers]
        tracks = [(SimpleNamespace(start=start, end=end), "A", label) for start, end, label in turns]
        return SimpleNamespace(exclusive_speaker_diarization=SimpleNamespace(itertracks=lambda yield_label: tracks))
"""
TELEMETRY = """
import os


def set_telemetry_metrics(enabled):
    os.environ["PYANNOTE_METRICS_ENABLED"] = str(enabled).lower()
"""


@pytest.fixture(name="pipeline")
def _pipeline(tmp_path: Path) -> Path:
    folder = tmp_path / "community-1"
    folder.mkdir()
    (folder / "config.yaml").write_text("pipeline: scripted\n")
    return folder


@pytest.fixture(name="installed")
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the scripted package where Python finds it, on a machine that would tell and fetch."""
    site = tmp_path / "site"
    (site / "pyannote" / "audio").mkdir(parents=True)
    (site / "pyannote" / "audio" / "__init__.py").write_text(AUDIO)
    (site / "pyannote" / "audio" / "telemetry.py").write_text(TELEMETRY)
    metadata = site / "pyannote_audio-4.0.7.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: pyannote-audio\nVersion: 4.0.7\n")
    for name in ("pyannote", "pyannote.audio", "pyannote.audio.telemetry"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYANNOTE_METRICS_ENABLED", "1")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")


def task(folder: Path | None) -> SpeechTask:
    """A task for pyannote on the processor."""
    base = SpeechTask(("de",), ("de", "de"), alternating=False, split_channels=False, model="unused", device="cpu")
    return replace(base, diarizer="pyannote", diarizer_models=folder)


def test_a_missing_library(pipeline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "pyannote", None)
    with pytest.raises(SpeechModelError, match=r"pip install 'verbatim\[pyannote\]'"):
        load_diarizer(task(pipeline))


@pytest.mark.usefixtures("installed")
def test_a_missing_pipeline(tmp_path: Path) -> None:
    """The error says where pipelines come from; nothing is fetched."""
    with pytest.raises(SpeechModelError, match="speaker-diarization-community-1"):
        load_diarizer(task(None))
    with pytest.raises(SpeechModelError, match=rf"no config\.yaml in {tmp_path.name}"):
        load_diarizer(task(tmp_path))


@pytest.mark.usefixtures("installed")
def test_a_broken_pipeline(pipeline: Path) -> None:
    """Whatever the library says of a pipeline, it is an error with a remedy."""
    (pipeline / "config.yaml").write_text("broken")
    with pytest.raises(SpeechModelError, match="cannot load community-1"):
        load_diarizer(task(pipeline))


@pytest.mark.usefixtures("installed")
def test_the_turns_of_a_pipeline(pipeline: Path) -> None:
    """Sound goes in at 16 kHz, turns come out in milliseconds; nothing is told to anybody, before or after."""
    diarizer = load_diarizer(task(pipeline))
    assert diarizer is not None
    assert os.environ["PYANNOTE_METRICS_ENABLED"] == "false"
    assert diarizer.identity.startswith("pyannote.audio/4.0.7 community-1 ")
    signs: list[None] = []
    sound = np.zeros(3 * SAMPLE_HZ, np.int16)
    turns = (SpeakerTurn(500, 1_250, 0), SpeakerTurn(1_250, 3_000, 1), SpeakerTurn(3_000, 4_000, 0))
    assert diarizer.diarize(sound, None, lambda: signs.append(None)) == turns
    assert diarizer.diarize(sound, 2) == turns[:2]
    assert len(signs) == 2
