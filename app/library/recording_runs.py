"""Runs of recordings: queued when a recording came in, superseded when another one belongs to the same interview."""

import hashlib
import json
import uuid

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.models import IngestRun, Interview, InterviewParticipant, Participant, Recording, Study, Transcript
from app.queue import enqueue
from app.vocabulary import TRANSCRIPTION_NAME

PIPELINE = "verbatim-recordings/1"
UNFINISHED = ("queued", "running")
GIVEN_UP = ("failed", "cancelled")
_SUPERSEDED = "another recording of this interview came; they are transcribed together"


def queue_recordings(session: Session, study: Study, interview: Interview) -> uuid.UUID:
    """Queue the run that transcribes all recordings of an interview, in place of one that does not know them all.

    An interview of which somebody gave the transcript keeps that; its run is queued again, now with the recording.
    """
    session.flush()
    return _rerun_given(session, interview) or _queue_transcription(session, study, interview)


def _rerun_given(session: Session, interview: Interview) -> uuid.UUID | None:
    run = session.scalar(
        select(IngestRun)
        .join(
            Transcript,
            (Transcript.interview_id == IngestRun.interview_id) & (Transcript.fingerprint == IngestRun.fingerprint),
        )
        .where(Transcript.id == interview.transcript_id, Transcript.source_name != TRANSCRIPTION_NAME)
    )
    if run is not None and run.status not in UNFINISHED:
        requeue(session, run)
    return run.id if run else None


def _queue_transcription(session: Session, study: Study, interview: Interview) -> uuid.UUID:
    fingerprint = _fingerprint(session, study, interview)
    run_id = session.scalars(
        upsert(IngestRun)
        .values(
            study_id=study.id,
            interview_id=interview.id,
            fingerprint=fingerprint,
            status="queued",
            stage="waiting",
        )
        .on_conflict_do_update(index_elements=["interview_id", "fingerprint"], set_={"updated_at": func.now()})
        .returning(IngestRun.id)
    ).one()
    transcribed = exists().where(
        Transcript.interview_id == IngestRun.interview_id, Transcript.fingerprint == IngestRun.fingerprint
    )
    session.execute(
        update(IngestRun)
        .where(
            IngestRun.interview_id == interview.id,
            IngestRun.id != run_id,
            IngestRun.status.in_(UNFINISHED),
            ~transcribed,
        )
        .values(status="cancelled", error=_SUPERSEDED, lease_token=None, lease_until=None)
    )
    enqueue(session, [run_id])
    return run_id


def newest_run(session: Session, interview: Interview) -> uuid.UUID | None:
    """The run of an interview that was worked on last, and not cancelled for another; one given up is queued again."""
    run = session.scalar(
        select(IngestRun)
        .where(IngestRun.interview_id == interview.id)
        .order_by(IngestRun.status == "cancelled", IngestRun.updated_at.desc(), IngestRun.id)
        .limit(1)
        .with_for_update()
    )
    if run is not None and run.status in GIVEN_UP:
        requeue(session, run)
    return run.id if run else None


def requeue(session: Session, run: IngestRun) -> None:
    """Try a run again from its beginning; what it stored stays."""
    run.status, run.stage, run.error = "queued", "waiting", None
    run.attempts = run.done = run.total = 0
    run.updated_at = func.now()
    session.flush()
    enqueue(session, [run.id])


def _fingerprint(session: Session, study: Study, interview: Interview) -> str:
    """Identify what is transcribed by the bytes of the recordings and by everything that decides how they are heard."""
    recordings = session.execute(
        select(Recording.sha256, Recording.label)
        .where(Recording.interview_id == interview.id)
        .order_by(Recording.sha256)
    )
    people = session.execute(
        select(Participant.code, Participant.language)
        .join(InterviewParticipant, InterviewParticipant.participant_id == Participant.id)
        .where(InterviewParticipant.interview_id == interview.id)
        .order_by(Participant.code)
    )
    decides = {
        "pipeline": PIPELINE,
        "recordings": [list(row) for row in recordings],
        "languages": study.languages,
        "mode": interview.mode,
        "interviewer_language": interview.interviewer_language,
        "participants": [list(row) for row in people],
        "speakers": interview.speakers,
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
