"""A recording that came in: its interview, its row and the run that will publish it, in one transaction, once."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.blobs import IncomingBlob, StoredBlob
from app.erased import refuse_erased
from app.errors import AppError, ConflictError, Fault, InvalidInputError
from app.kept_files import discard_unless_used, hold_file
from app.library.queries import find_study
from app.library.recording_form import RecordingForm, voice_of
from app.library.recording_runs import newest_run, queue_recordings
from app.library.upload_keys import Registered, Sender, registered_under, remember
from app.models import Interview, InterviewParticipant, Participant, Recording, Study
from app.services import Services
from app.vocabulary import Mode

CONSENT = {"recording": True, "quotes": True, "marketing": False, "until": None}
"""What counts as agreed where nobody said otherwise, as in a study folder."""

_NUMBERED = re.compile(r"I(\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class Arrived:
    """A file that came whole, and what its sender calls it."""

    blob: IncomingBlob
    name: str
    media_type: str | None


@contextmanager
def kept_if_registered(services: Services, received: Iterable[IncomingBlob]) -> Iterator[None]:
    """Forget the files that came when registering them fails, unless another recording is the same."""
    try:
        yield
    except Exception:
        for blob in received:
            services.blobs.drop(blob)
            with suppress(SQLAlchemyError, AppError), services.database.everywhere.begin() as session:
                discard_unless_used(session, services.blobs, blob.sha256)
        raise


def take_in(services: Services, form: RecordingForm, arrived: Arrived, sender: Sender) -> Registered:
    """Keep and register a file that came whole.

    Raises what `register_recording` and `Blobs.settle` raise.
    """
    with services.database.sessions.begin() as session:
        hold_file(session, arrived.blob.sha256)
        refuse_erased(session, services.vault, form.study, form.participant, {arrived.blob.sha256})
        services.blobs.settle(arrived.blob)
        return register_recording(session, form, arrived, sender)


def register_recording(session: Session, form: RecordingForm, arrived: Arrived, sender: Sender) -> Registered:
    """Register a recording and queue its interview; the same bytes, or the same key, are registered once.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the study has no such participant or language, or the key stood for another upload.
        ConflictError: what is known of the interview, or of this recording, says otherwise.
    """
    study_id = find_study(session, form.study)
    study = session.get_one(Study, study_id, with_for_update={"key_share": True})
    fingerprint = hashlib.sha256(f"{arrived.blob.sha256} {form.model_dump_json()}".encode()).hexdigest()
    registered = registered_under(session, sender, fingerprint)
    if registered is None:
        participant = _participant(session, study, form)
        registered = _known(session, study, form, arrived.blob, participant)
        registered = registered or _added(session, study, form, arrived, participant)
        remember(session, sender, fingerprint, registered)
    return registered


def _participant(session: Session, study: Study, form: RecordingForm) -> Participant:
    """The participant, after everything that the form says of the study was found in it."""
    faults = []
    language = form.interviewer_language
    if language is not None and language not in study.languages:
        faults.append(Fault("interviewer_language", "no language of the study", f"one of {', '.join(study.languages)}"))
    participant = session.scalar(
        select(Participant).where(Participant.study_id == study.id, Participant.code == form.participant)
    )
    if participant is None:
        faults.append(Fault("participant", "unknown in this study", f"/v1/participants?study={study.slug} lists them"))
    if participant is None or faults:
        raise InvalidInputError("the recording does not fit the study", tuple(faults))
    return participant


def _known(
    session: Session, study: Study, form: RecordingForm, blob: StoredBlob, participant: Participant
) -> Registered | None:
    """This recording, if the study has it already; what failed or was cancelled is tried again."""
    rows = session.execute(
        select(Recording.id, Interview)
        .join(Interview, Interview.id == Recording.interview_id)
        .where(Recording.study_id == study.id, Recording.sha256 == blob.sha256)
        .order_by(Interview.code)
    ).all()
    if not rows:
        return None
    row = next((row for row in rows if form.interview in (None, row.Interview.code)), None)
    if row is None:
        raise ConflictError(f"this recording is already part of interview {rows[0].Interview.code}")
    _check_interview(session, row.Interview, form, participant)
    run_id = newest_run(session, row.Interview) or queue_recordings(session, study, row.Interview)
    return Registered(row.id, row.Interview.code, run_id)


def _added(
    session: Session, study: Study, form: RecordingForm, arrived: Arrived, participant: Participant
) -> Registered:
    interview = _interview(session, study, form, participant)
    voices: dict[str, str] = {side: voice_of(word, participant.code) for side, word in (form.channels or {}).items()}
    label = voice_of(form.speaker, participant.code) if form.speaker else None
    interview.speakers = {**interview.speakers, **voices, **({label: label} if label else {})}
    recording = Recording(
        study_id=study.id,
        interview_id=interview.id,
        sha256=arrived.blob.sha256,
        name=arrived.name,
        size_bytes=arrived.blob.size_bytes,
        media_type=arrived.media_type,
        label=label,
    )
    session.add(recording)
    session.flush()
    return Registered(recording.id, interview.code, queue_recordings(session, study, interview))


def _interview(session: Session, study: Study, form: RecordingForm, participant: Participant) -> Interview:
    """The interview that the form names, or a new one."""
    if form.interview is not None:
        found = session.scalar(
            select(Interview).where(Interview.study_id == study.id, Interview.code == form.interview)
        )
        if found is not None:
            _check_interview(session, found, form, participant)
            return found
    interview = Interview(
        study_id=study.id,
        code=form.interview or _next_code(session, study),
        mode=form.mode or Mode.DIRECT,
        interviewer_language=form.interviewer_language,
        speakers={},
        consent=CONSENT,
    )
    session.add(interview)
    session.flush()
    session.add(InterviewParticipant(interview_id=interview.id, participant_id=participant.id))
    return interview


def _check_interview(session: Session, interview: Interview, form: RecordingForm, participant: Participant) -> None:
    """Refuse a form that says otherwise than what is known of its interview."""
    if session.get(InterviewParticipant, (interview.id, participant.id)) is None:
        raise ConflictError(f"{interview.code} is an interview with somebody else than {participant.code}")
    for said, known in ((form.mode, interview.mode), (form.interviewer_language, interview.interviewer_language)):
        if said is not None and said != known:
            raise ConflictError(f"{interview.code} is known otherwise: {known or 'nothing'} where you say {said}")


def _next_code(session: Session, study: Study) -> str:
    codes = session.scalars(select(Interview.code).where(Interview.study_id == study.id))
    numbers = [int(match[1]) for code in codes if (match := _NUMBERED.fullmatch(code))]
    return f"I{max(numbers, default=0) + 1:02d}"
