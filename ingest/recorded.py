"""Recordings of an interview: kept byte for byte, and made into a transcript version by the run that needs one."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import exists, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.blobs import Blobs
from app.database import is_away, is_disk_full
from app.errors import UnavailableError
from app.models import IngestRun, Interview, InterviewParticipant, Participant, Recording, Study, Transcript
from app.services import Services
from app.settings import Settings
from app.vault import Vault
from app.vocabulary import TRANSCRIPTION_NAME, Mode
from ingest.runs import LEASE, Lease, write_run
from ingest.speech.recordings import SpeechProcess
from ingest.speech.task import MediaLimits, SpeechTask, Track
from ingest.speech.transcription import Transcription
from ingest.speech.workspace import sound_folder
from ingest.store import add_transcript
from ingest.study_files import StudyFile

_BYTES_PER_MB = 1_000_000
_SECONDS_PER_HOUR = 3_600
SIDES = frozenset({"left", "right"})
UNSET_MODEL = "recordings need a speech model: set VERBATIM_WHISPER_MODEL, or give a transcript"


@dataclass(frozen=True)
class Recorded:
    """What the transcriber needs to know of an interview; `tracks` are SHA-256 and label of each recording."""

    tracks: tuple[tuple[str, str | None], ...]
    mode: Mode
    participants: int
    study_languages: tuple[str, ...]
    participant_language: str | None
    interviewer_language: str | None
    split_channels: bool


def keep_recordings(files: tuple[StudyFile, ...], blobs: Blobs) -> tuple[str, ...]:
    """Keep the recordings of a study folder; the SHA-256 of each."""
    digests = []
    for recording in files:
        with recording.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if not blobs.exists(sha256):
                file.seek(0)
                blobs.put(file, recording.path.stat().st_size)
        digests.append(sha256)
    return tuple(digests)


def transcribe_if_needed(run_id: uuid.UUID, lease: Lease, services: Services, speech: SpeechProcess) -> None:
    """Make the transcript version of a run that has recordings in its place, under the run's lease.

    Raises:
        UnavailableError: no speech model is set, or it cannot be loaded.
        InvalidInputError: a recording cannot be read.
        LeaseLostError: another process took over, or the run was cancelled.
    """
    with services.database.sessions() as session:
        if _has_transcript(session, run_id):
            return
        recorded = read_recorded(session, run_id)
    heard = listen(recorded, "transcribe", lease, services, speech)
    with services.database.sessions.begin() as session:
        _store(session, run_id, lease, heard, services.vault)


def listen(recorded: Recorded, stage: str, lease: Lease, services: Services, speech: SpeechProcess) -> Transcription:
    """Transcribe the recordings of an interview and tell the run how far that is; raises as `transcribe_if_needed`."""
    task = _task(recorded, services.settings)
    with services.database.sessions.begin() as session:
        write_run(session, lease, stage=stage, done=0, total=0, lease_until=func.now() + LEASE)
    with sound_folder() as folder:
        tracks = [Track(services.blobs.fetch(sha256, Path(folder)), label) for sha256, label in recorded.tracks]
        return speech.transcribe(tracks, task, _progress(lease, services))


def _has_transcript(session: Session, run_id: uuid.UUID) -> bool:
    made = exists().where(
        Transcript.interview_id == IngestRun.interview_id, Transcript.fingerprint == IngestRun.fingerprint
    )
    return bool(session.scalar(select(made).where(IngestRun.id == run_id)))


def has_recordings(session: Session, run_id: uuid.UUID) -> bool:
    """Whether there are recordings of a run's interview."""
    recorded = exists().where(Recording.interview_id == IngestRun.interview_id)
    return bool(session.scalar(select(recorded).where(IngestRun.id == run_id)))


def read_recorded(session: Session, run_id: uuid.UUID) -> Recorded:
    """Read what the transcriber needs to know of a run's interview."""
    interview, study = session.execute(
        select(Interview, Study)
        .join(IngestRun, IngestRun.interview_id == Interview.id)
        .join(Study, Study.id == Interview.study_id)
        .where(IngestRun.id == run_id)
    ).one()
    recordings = session.execute(
        select(Recording.sha256, Recording.label)
        .where(Recording.interview_id == interview.id)
        .order_by(Recording.label, Recording.name)
    )
    languages = session.scalars(
        select(Participant.language)
        .join(InterviewParticipant, InterviewParticipant.participant_id == Participant.id)
        .where(InterviewParticipant.interview_id == interview.id)
        .order_by(Participant.code)
    ).all()
    return Recorded(
        tracks=tuple((sha256, label) for sha256, label in recordings),
        mode=Mode(interview.mode),
        participants=len(languages),
        study_languages=tuple(study.languages),
        participant_language=next(filter(None, languages), None),
        interviewer_language=interview.interviewer_language,
        split_channels=not SIDES.isdisjoint(interview.speakers),
    )


def _task(recorded: Recorded, settings: Settings) -> SpeechTask:
    if settings.whisper_model is None:
        raise UnavailableError(UNSET_MODEL)
    spoken = [language for language in (recorded.participant_language, recorded.interviewer_language) if language]
    return SpeechTask(
        languages=recorded.study_languages,
        interview_languages=tuple(spoken),
        alternating=recorded.mode is Mode.INTERPRETED or len(set(spoken)) > 1,
        split_channels=recorded.split_channels,
        model=settings.whisper_model,
        device=settings.whisper_device,
        compute_type=settings.whisper_compute_type,
        threads=settings.whisper_threads,
        diarizer=settings.diarizer,
        diarizer_models=settings.diarizer_models,
        speakers=max(recorded.participants, 1) + (2 if recorded.mode is Mode.INTERPRETED else 1),
        limits=MediaLimits(
            size_bytes=settings.recording_limit_mb * _BYTES_PER_MB,
            duration_s=round(settings.recording_limit_hours * _SECONDS_PER_HOUR),
            streams=settings.recording_limit_streams,
            memory_bytes=settings.recording_memory_mb * _BYTES_PER_MB,
        ),
    )


def _progress(lease: Lease, services: Services) -> Callable[[int, int], None]:
    def tell(done_ms: int, total_ms: int) -> None:
        with _not_told_if_away(), services.database.sessions.begin() as session:
            write_run(session, lease, done=done_ms // 1000, total=total_ms // 1000, lease_until=func.now() + LEASE)

    return tell


@contextmanager
def _not_told_if_away() -> Iterator[None]:
    """Go on listening while the database restarts or is full: the next news is told again, and the lease checked."""
    try:
        yield
    except SQLAlchemyError as error:
        if not (is_away(error) or is_disk_full(error)):
            raise


def _store(session: Session, run_id: uuid.UUID, lease: Lease, heard: Transcription, vault: Vault) -> None:
    write_run(session, lease, stage="parse", lease_until=func.now() + LEASE)
    run = session.get_one(IngestRun, run_id)
    source = heard.to_json()
    sha256 = hashlib.sha256(source).hexdigest()
    add_transcript(
        session,
        session.get_one(Interview, run.interview_id),
        TRANSCRIPTION_NAME,
        vault.seal(source, sha256),
        sha256,
        run.fingerprint,
        maker_of(heard),
    )


def maker_of(heard: Transcription) -> str:
    """Name what made a transcription: the library, the model and its arithmetic."""
    listened = f" {heard.model.name} {heard.model.compute_type}" if heard.model else ""
    return f"faster-whisper/{version('faster-whisper')}{listened}"
