"""Recordings of a study folder: kept, transcribed with the speech model of the tests, published; or why not."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from training.speech.measure import count_errors, plain_words

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


def test_what_misses_its_weights_waits_for_them(folder: Path, services: Services, tmp_path: Path) -> None:
    """However often it is tried: each attempt names the remedy, none counts, and nothing half-made is visible."""
    deaf = listening(services, tmp_path / "nowhere")
    report = run(folder, deaf)
    assert report.interviews[0].status == "waiting"
    assert "VERBATIM_WHISPER_MODEL" in str(report.interviews[0].problem)
    with services.database.sessions() as session:
        run_id = session.scalars(select(IngestRun.id)).one()
    statuses = [process_run(run_id, "I01", deaf, SpeechProcess()).status for _ in range(MOST_ATTEMPTS)]
    assert statuses == ["waiting"] * MOST_ATTEMPTS
    with services.database.sessions() as session:
        waiting = session.get_one(IngestRun, run_id)
        assert (waiting.status, waiting.stage, waiting.attempts) == ("queued", "waiting", 0)
        assert "VERBATIM_WHISPER_MODEL" in str(waiting.error)
        assert session.scalars(select(Transcript)).all() == []


@pytest.mark.models
def test_recordings_are_published_with_each_voice_in_its_role(services: Services) -> None:
    """A channel, a track or a language tells who speaks; words and times are as spoken; all is done once."""
    hearing = listening(services, SPEECH_MODEL)
    assert [entry.status for entry in run(RECORDINGS, hearing).interviews] == ["published"] * 3
    words = errors = right_roles = 0
    late_ms = []
    with services.database.sessions() as session:
        for code in ("I01", "I15", "I18"):
            found, spoken = said_in(session, code), spoken_in(code)
            for true in spoken:
                during = [row for row in found if true["start_ms"] - 300 <= (row.start_ms or 0) < true["end_ms"]]
                expected = plain_words(true["text"])
                words += len(expected)
                errors += count_errors(expected, plain_words(" ".join(row.text for row in during)))
                assert {row.role == Role.PARTICIPANT for row in during} <= {true["role"] == Role.PARTICIPANT}
                right_roles += {row.role for row in during} == {true["role"]}
                assert {row.language for row in during} <= {true["language"]}
                late_ms += [(row.start_ms or 0) - true["start_ms"] for row in during[:1]]
            assert [bool(session.get(Passage, row.id)) for row in found] == [
                row.role == Role.PARTICIPANT for row in found
            ]
        makers = session.scalars(select(Transcript.maker)).all()
        assert all(maker.startswith("faster-whisper/") for maker in makers)
    assert words > 500
    assert errors <= words / 20
    assert len(late_ms) >= 20
    assert right_roles >= 20
    assert sum(abs(late) <= 300 for late in late_ms) >= 0.9 * len(late_ms)
    assert [entry.status for entry in run(RECORDINGS, hearing).interviews] == ["unchanged"] * 3


def spoken_in(interview: str) -> list[dict[str, Any]]:
    """What is spoken in the recordings of an interview, and when."""
    path = RECORDINGS / f"{interview.replace('I', 'P')}.json"
    utterances: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["utterances"]
    return utterances


def said_in(session: Session, interview: str) -> list[Utterance]:
    """The utterances of an interview, in order."""
    published = select(Utterance).join(Interview, Interview.transcript_id == Utterance.transcript_id)
    return list(session.scalars(published.where(Interview.code == interview).order_by(Utterance.index)))
