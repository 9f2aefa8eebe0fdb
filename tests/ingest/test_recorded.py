"""Recordings of a study folder: kept, transcribed with the speech model of the tests, published; or why not."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models import IngestRun, Recording, Transcript
from app.services import Services
from ingest.pipeline import IngestReport, ingest_study, process_run
from ingest.recorded import UNSET_MODEL
from ingest.runs import MOST_ATTEMPTS

SPEECH = Path(__file__).with_name("speech") / "de_en_es.ogg"
MANIFEST = """\
study: heard
title: What was heard
languages: [de]
participants: [{id: P01, language: de}]
interviews: [{id: I01, participant: P01, files: [I01.ogg]}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study of one recording, in which people speak."""
    (tmp_path / "study.yaml").write_text(MANIFEST, encoding="utf-8")
    shutil.copy(SPEECH, tmp_path / "I01.ogg")
    return tmp_path


def listening(services: Services, model: Path | str | None) -> Services:
    """The same services with a speech model."""
    return replace(services, settings=services.settings.model_copy(update={"whisper_model": model and str(model)}))


def run(folder: Path, services: Services) -> IngestReport:
    """Ingest without showing progress."""
    return ingest_study(folder, services, lambda *_: None)


def test_without_a_speech_model_recordings_are_kept_and_wait(folder: Path, services: Services) -> None:
    """The report says what to set; the file is there, byte for byte, for playback and for later."""
    report = run(folder, services)
    assert [(entry.status, entry.problem) for entry in report.interviews] == [("waiting", UNSET_MODEL)]
    with services.database.sessions() as session:
        kept = session.scalars(select(Recording)).one()
    with services.blobs.open(kept.sha256) as file:
        assert file.read() == SPEECH.read_bytes()


def test_missing_weights_are_tried_again_and_then_given_up(folder: Path, services: Services, tmp_path: Path) -> None:
    """Each attempt names the remedy; after the fifth the run has failed, and nothing half-made is visible."""
    deaf = listening(services, tmp_path / "nowhere")
    report = run(folder, deaf)
    assert report.interviews[0].status == "waiting"
    assert "VERBATIM_WHISPER_MODEL" in str(report.interviews[0].problem)
    with services.database.sessions() as session:
        run_id = session.scalars(select(IngestRun.id)).one()
    statuses = [process_run(run_id, "I01", deaf).status for _ in range(MOST_ATTEMPTS - 1)]
    assert statuses == ["waiting"] * (MOST_ATTEMPTS - 2) + ["failed"]
    with services.database.sessions() as session:
        failed = session.get_one(IngestRun, run_id)
        assert (failed.status, failed.attempts) == ("failed", MOST_ATTEMPTS)
        assert "VERBATIM_WHISPER_MODEL" in str(failed.error)
        assert session.scalars(select(Transcript)).all() == []
