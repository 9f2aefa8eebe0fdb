"""Recordings of a study folder: kept, transcribed with the speech model of the tests, published; or why not."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import IngestRun, Interview, Passage, Recording, Transcript, Utterance
from app.services import Services
from app.vocabulary import Role
from ingest.pipeline import IngestReport, ingest_study, process_run
from ingest.recorded import UNSET_MODEL
from ingest.runs import MOST_ATTEMPTS
from ingest.speech.recordings import SpeechProcess

RECORDINGS = Path(__file__).resolve().parents[2] / "examples" / "nido" / "recordings"
SPEECH_MODEL = Path(__file__).resolve().parents[1] / "fixtures" / "speech_model"
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
    statuses = [process_run(run_id, "I01", deaf, SpeechProcess()).status for _ in range(MOST_ATTEMPTS - 1)]
    assert statuses == ["waiting"] * (MOST_ATTEMPTS - 2) + ["failed"]
    with services.database.sessions() as session:
        failed = session.get_one(IngestRun, run_id)
        assert (failed.status, failed.attempts) == ("failed", MOST_ATTEMPTS)
        assert "VERBATIM_WHISPER_MODEL" in str(failed.error)
        assert session.scalars(select(Transcript)).all() == []


@pytest.mark.models
def test_recordings_are_published_with_each_voice_in_its_role(services: Services) -> None:
    """A channel or a track for each speaker tells who speaks; turns begin while they are heard; all is done once.

    The words are those of a model for tests, which is measured elsewhere.
    """
    hearing = listening(services, SPEECH_MODEL)
    assert [entry.status for entry in run(RECORDINGS, hearing).interviews] == ["published"] * 3
    with services.database.sessions() as session:
        for code, participant in {"I01": "P01", "I15": "P15"}.items():
            truth = json.loads((RECORDINGS / f"{participant}.json").read_text(encoding="utf-8"))["utterances"]
            found = said_in(session, code)
            assert [row.role for row in found] == [true["role"] for true in truth]
            for row, true in zip(found, truth, strict=True):
                assert true["start_ms"] - 500 <= (row.start_ms or 0) < true["end_ms"]
            assert [bool(session.get(Passage, row.id)) for row in found] == [
                row.role == Role.PARTICIPANT for row in found
            ]
        own_words = [row for row in said_in(session, "I18") if row.role == Role.PARTICIPANT]
        assert {row.language for row in own_words} == {"es"}
        makers = session.scalars(select(Transcript.maker)).all()
        assert all(maker.startswith("faster-whisper/") for maker in makers)
    assert [entry.status for entry in run(RECORDINGS, hearing).interviews] == ["unchanged"] * 3


def said_in(session: Session, interview: str) -> list[Utterance]:
    """The utterances of an interview, in order."""
    published = select(Utterance).join(Interview, Interview.transcript_id == Utterance.transcript_id)
    return list(session.scalars(published.where(Interview.code == interview).order_by(Utterance.index)))
