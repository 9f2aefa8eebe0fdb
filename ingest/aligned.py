"""Transcripts that somebody gave, with recordings of the same conversation: listened to, so that quotes can be played.

The words heard are kept beside the transcript; its text stays, and so does its version. Whatever goes wrong with a
recording, the transcript is published, at its own times.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, aliased

from app.errors import NotFoundError
from app.models import Alignment, IngestRun, Interview, Transcript
from app.services import Services
from app.settings import Settings
from app.vault import Vault
from app.vocabulary import TRANSCRIPTION_NAME
from ingest.recorded import Recorded, has_recordings, listen, maker_of, read_recorded
from ingest.runs import LEASE, Lease, write_run
from ingest.speech.alignment import align
from ingest.speech.recordings import SpeechProcess
from ingest.speech.refusal import RecordingError, TranscriberError
from ingest.speech.transcription import Transcription, read_transcription
from ingest.store import queue_run
from ingest.transcript import Turn

NOT_HEARD = "times are those of the transcript, not of the recording"
UNSET_MODEL = f"{NOT_HEARD}: set VERBATIM_WHISPER_MODEL, then run `verbatim ingest` again"


def align_if_needed(run_id: uuid.UUID, lease: Lease, services: Services, speech: SpeechProcess) -> tuple[str, ...]:
    """Hear the recordings that belong to a run's given transcript, once; says why, where that cannot be done.

    Raises:
        LeaseLostError: another process took over, or the run was cancelled.
        UnavailableError: the kept files cannot be reached.
    """
    settings = services.settings
    with services.database.sessions() as session:
        if not has_recordings(session, run_id):
            return ()
        transcript, recorded = _given(session, run_id), read_recorded(session, run_id)
        if transcript is None or _is_heard(session, transcript, recorded, settings):
            return ()
        heard = _heard_before(session, transcript.interview_id, _made_from(recorded, settings), services.vault)
        if heard is None and settings.whisper_model is None:
            return () if session.get(Alignment, transcript.id) else (UNSET_MODEL,)
    try:
        heard = heard or listen(recorded, "align", lease, services, speech)
    except (RecordingError, TranscriberError, NotFoundError) as error:
        return (f"{NOT_HEARD}: {error.message}",)
    with services.database.sessions.begin() as session:
        write_run(session, lease, stage="parse", lease_until=func.now() + LEASE)
        _keep(session, transcript, _made_from(recorded, settings), heard, services.vault)
    return ()


def requeue_unheard(session: Session, interview: Interview, settings: Settings) -> uuid.UUID | None:
    """Queue the run of a published transcript anew if there are recordings that it is not yet aligned with."""
    run = session.scalar(
        select(IngestRun)
        .join(
            Transcript,
            (Transcript.interview_id == IngestRun.interview_id) & (Transcript.fingerprint == IngestRun.fingerprint),
        )
        .where(Transcript.id == interview.transcript_id)
    )
    transcript = _given(session, run.id) if run else None
    if run is None or transcript is None or settings.whisper_model is None:
        return None
    recorded = read_recorded(session, run.id)
    if not recorded.tracks or _is_heard(session, transcript, recorded, settings):
        return None
    return queue_run(session, interview, run.fingerprint)


def at_heard_times(turns: Sequence[Turn], heard: bytes | None) -> tuple[tuple[Turn, ...], tuple[str, ...]]:
    """Bring the turns of a given transcript to the times of its recording, if it was heard; and what to warn of."""
    if heard is None:
        return tuple(turns), ()
    transcription = read_transcription(heard)
    aligned = align(turns, transcription)
    return aligned.turns, (*aligned.warnings, *transcription.warnings)


def _given(session: Session, run_id: uuid.UUID) -> Transcript | None:
    """The transcript that somebody gave of a run, in which words may have been corrected since."""
    version = aliased(Transcript)
    return session.scalar(
        select(Transcript)
        .join(version, Transcript.id == func.coalesce(version.corrects, version.id))
        .join(
            IngestRun, (IngestRun.interview_id == version.interview_id) & (IngestRun.fingerprint == version.fingerprint)
        )
        .where(IngestRun.id == run_id, Transcript.source_name != TRANSCRIPTION_NAME)
    )


def _is_heard(session: Session, transcript: Transcript, recorded: Recorded, settings: Settings) -> bool:
    known = session.get(Alignment, transcript.id)
    return known is not None and known.made_from == _made_from(recorded, settings)


def _heard_before(session: Session, interview_id: uuid.UUID, made_from: str, vault: Vault) -> Transcription | None:
    """What was heard for another version of the same transcript."""
    row = session.execute(
        select(Alignment.transcript_id, Alignment.heard)
        .join(Transcript, Transcript.id == Alignment.transcript_id)
        .where(Transcript.interview_id == interview_id, Alignment.made_from == made_from)
        .limit(1)
    ).one_or_none()
    return read_transcription(vault.open(row.heard, f"heard {row.transcript_id}")) if row else None


def _keep(session: Session, transcript: Transcript, made_from: str, heard: Transcription, vault: Vault) -> None:
    values = {
        "made_from": made_from,
        "maker": maker_of(heard),
        "heard": vault.seal(heard.to_json(), f"heard {transcript.id}"),
    }
    session.execute(
        upsert(Alignment)
        .values(transcript_id=transcript.id, study_id=transcript.study_id, **values)
        .on_conflict_do_update(index_elements=["transcript_id"], set_=values)
    )


def _made_from(recorded: Recorded, settings: Settings) -> str:
    """Identify what is heard by the recordings, by who listens and by everything that decides how."""
    decides = {**asdict(recorded), "tracks": sorted(recorded.tracks, key=str), "model": settings.whisper_model}
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
