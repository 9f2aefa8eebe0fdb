"""Sound in which nobody speaks, or that is bad, or in another language than declared: nothing is invented."""

import json
import wave
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from recording_factory import HZ, read_recording
from sqlalchemy import select
from sqlalchemy.orm import Session
from workplace import ROOT, SPEECH_MODEL

from app.models import IngestRun, Interview, Utterance
from app.services import Services
from ingest.pipeline import ingest_study

pytestmark = pytest.mark.models

GERMAN = ROOT / "examples" / "nido" / "recordings" / "P15.interviewer.opus"
TRUTH = GERMAN.with_name("P15.json")
MARGIN_MS = 500
TELEPHONE_HZ = 8_000
TELEPHONE_BAND_HZ = (300, 3_400)
LOUD = 0.3

Sound = NDArray[np.float64]
"""Sound in [-1, 1], shape (n,)."""


@dataclass(frozen=True)
class Heard:
    """What became of one recording."""

    status: str
    said: tuple[Utterance, ...]
    problem: str | None
    warnings: str


def write(path: Path, sound: Sound, hz: int = HZ) -> None:
    """Write a file; what is louder than a file can hold is clipped."""
    samples = (np.clip(sound, -1, 1) * 32_767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, hz, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


def chords(seconds: int) -> Sound:
    """Music: a chord each half second, struck and fading."""
    times_s = np.arange(HZ // 2) / HZ
    struck = [
        sum(
            np.sin(2 * np.pi * root_hz * ratio * overtone * times_s) / overtone
            for ratio in (1, 1.25, 1.5)
            for overtone in (1, 2, 3)
        )
        for root_hz in (220, 293.66, 329.63, 246.94)
    ]
    return np.tile(np.concatenate([chord * np.exp(-3 * times_s) for chord in struck]), seconds // 2) * LOUD / 5


def german() -> Sound:
    """The questions of a German interview."""
    sound = read_recording(GERMAN.read_bytes())
    loudest = float(np.abs(sound).max())
    return sound / loudest


def telephone(sound: Sound) -> Sound:
    """What a telephone lets through, at its rate."""
    spectrum = np.fft.rfft(sound)
    frequencies_hz = np.fft.rfftfreq(len(sound), 1 / HZ)
    spectrum[(frequencies_hz < TELEPHONE_BAND_HZ[0]) | (frequencies_hz > TELEPHONE_BAND_HZ[1])] = 0
    return np.fft.irfft(spectrum, len(sound))[:: HZ // TELEPHONE_HZ]


def hear(folder: Path, services: Services, declared: str = "de") -> dict[str, Heard]:
    """Ingest a study of the recordings of a folder; what was heard in each, by its name."""
    names = sorted(path.stem for path in folder.glob("*.wav"))
    people = ", ".join(f"{{id: {name}, language: {declared}}}" for name in names)
    entries = "\n".join(f"  - {{id: {name}, participant: {name}, files: [{name}.wav]}}" for name in names)
    manifest = f"study: sounds\nlanguages: [{declared}, de, en]\nparticipants: [{people}]\ninterviews:\n{entries}\n"
    (folder / "study.yaml").write_text(manifest.replace("[de, de", "[de"), encoding="utf-8")
    settings = services.settings.model_copy(update={"whisper_model": str(SPEECH_MODEL)})
    ingest_study(folder, replace(services, settings=settings), lambda *_: None)
    with services.database.sessions() as session:
        runs = session.execute(select(IngestRun, Interview).join(Interview, Interview.id == IngestRun.interview_id))
        return {interview.code: _heard(session, run) for run, interview in runs}


def _heard(session: Session, run: IngestRun) -> Heard:
    said = select(Utterance).where(Utterance.interview_id == run.interview_id).order_by(Utterance.index)
    return Heard(run.status, tuple(session.scalars(said)), run.error, " ".join(run.warnings))


def test_where_nobody_speaks_nothing_is_said(services: Services, tmp_path: Path) -> None:
    """Silence, noise, music and a blip of 0.2 seconds make no interview, and the problem says why."""
    write(tmp_path / "silence.wav", np.zeros(6 * HZ))
    write(tmp_path / "noise.wav", np.random.default_rng(0).normal(0, LOUD, 6 * HZ))
    write(tmp_path / "music.wav", chords(8))
    write(tmp_path / "blip.wav", chords(2)[: HZ // 5])
    for name, sound in hear(tmp_path, services).items():
        assert (name, sound.said, sound.status) == (name, (), "failed")
        assert "nobody" in str(sound.problem) or "no words" in str(sound.problem)


def test_bad_sound_is_heard_where_somebody_speaks(services: Services, tmp_path: Path) -> None:
    """Over a telephone and clipped, words come out where they were said, and nowhere else.

    Which words, the model for tests cannot tell: it knows a few hundred sentences, and hears one of them.
    """
    truth = json.loads(TRUTH.read_text(encoding="utf-8"))["utterances"]
    spoken = [(true["start_ms"], true["end_ms"]) for true in truth if true["role"] == "interviewer"]
    write(tmp_path / "clean.wav", german())
    write(tmp_path / "telephone.wav", telephone(german()), TELEPHONE_HZ)
    write(tmp_path / "clipped.wav", 4 * german())
    for name, sound in hear(tmp_path, services).items():
        assert (name, sound.status) == (name, "published")
        assert sound.said or "no text" in sound.warnings
        for utterance in sound.said:
            assert any(
                start_ms - MARGIN_MS <= (utterance.start_ms or 0) <= (utterance.end_ms or 0) <= end_ms + MARGIN_MS
                for start_ms, end_ms in spoken
            )


def test_another_language_than_declared_is_told(services: Services, tmp_path: Path) -> None:
    """German that is declared as Spanish is not made Spanish, and a warning says what was heard."""
    write(tmp_path / "german.wav", german())
    heard = hear(tmp_path, services, declared="es")["german"]
    assert {utterance.language for utterance in heard.said} == {"de"}
    assert "declared as es, but de was heard" in heard.warnings
