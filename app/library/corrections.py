"""Who said something, put right by a person: whom it is taken from is not quoted with it from that moment on.

The transcript is processed once more afterwards, so that passages, their questions and their tags fit. Its words stay.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from app.isolation import is_open
from app.library.queries import find_study
from app.models import IngestRun, Interview, InterviewParticipant, Participant, Passage, Tagging, Transcript, Utterance
from app.queue import enqueue
from app.vocabulary import Role


@dataclass(frozen=True)
class Voice:
    """Who speaks: a role, and of a participant the code; the code may be left out where only one was interviewed."""

    role: Role
    participant: str | None = None


@dataclass(frozen=True)
class Corrected:
    """What was put right; `run` processes the transcript once more."""

    study: uuid.UUID
    interview: str
    utterances: int
    run: uuid.UUID


@dataclass(frozen=True)
class SpeakerEntry:
    """A label of a transcript, how often it speaks, and as what; the label is `None` where the file names nobody."""

    label: str | None
    roles: dict[str, int]
    participants: tuple[str, ...]
    example: str


@dataclass(frozen=True)
class UtteranceEntry:
    """An utterance by which it can be put right who speaks; `decided` where a person did so already."""

    id: uuid.UUID
    start_ms: int | None
    label: str | None
    role: str
    decided: bool
    participant: str | None
    text: str


def list_speakers(session: Session, study: str, interview: str) -> tuple[SpeakerEntry, ...]:
    """The labels of the published transcript of an interview, in the order in which they first speak.

    Raises:
        NotFoundError: there is no such study or interview, or it is not published.
    """
    found = _published(session, study, interview)
    said = session.execute(
        select(Utterance.speaker, Utterance.role, Participant.code, Utterance.text)
        .outerjoin(Participant, Participant.id == Utterance.participant_id)
        .where(Utterance.transcript_id == found.transcript_id)
        .order_by(Utterance.index)
    ).all()
    return tuple(
        SpeakerEntry(
            label,
            {role: sum(row.speaker == label and row.role == role for row in said) for role in roles},
            tuple(sorted({row.code for row in said if row.speaker == label and row.code})),
            next(row.text for row in said if row.speaker == label),
        )
        for label in dict.fromkeys(row.speaker for row in said)
        if (roles := sorted({row.role for row in said if row.speaker == label}))
    )


def list_utterances(session: Session, study: str, interview: str) -> tuple[UtteranceEntry, ...]:
    """The utterances of the published transcript of an interview, in order.

    Raises:
        NotFoundError: there is no such study or interview, or it is not published.
    """
    found = _published(session, study, interview)
    said = session.execute(
        select(Utterance, Participant.code)
        .outerjoin(Participant, Participant.id == Utterance.participant_id)
        .where(Utterance.transcript_id == found.transcript_id)
        .order_by(Utterance.index)
    )
    return tuple(
        UtteranceEntry(row.id, row.start_ms, row.speaker, row.role, row.role_basis == "person", code, row.text)
        for row, code in said
    )


def correct_label(session: Session, study: str, interview: str, label: str, voice: Voice) -> Corrected:
    """Say who speaks under one label of an interview.

    Raises:
        NotFoundError: there is no such study, interview or label, or it is not published.
        InvalidInputError: the participant does not fit.
        ConflictError: the interview is being processed at the moment.
    """
    found = _published(session, study, interview)
    chosen = session.scalars(
        select(Utterance.id).where(Utterance.transcript_id == found.transcript_id, Utterance.speaker == label)
    ).all()
    if not chosen:
        raise NotFoundError(
            f"nobody speaks as {label!r} in {interview}; `verbatim speakers {interview}` lists who does"
        )
    return _correct(session, found, chosen, voice)


def correct_utterance_of(
    session: Session, study: str, interview: str, utterance_id: uuid.UUID, voice: Voice
) -> Corrected:
    """Say who speaks one utterance of an interview; raises as `correct_utterance`, also where it is of another."""
    found = _published(session, study, interview)
    utterance = session.get(Utterance, utterance_id)
    if utterance is None or utterance.interview_id != found.id:
        raise NotFoundError(
            f"{interview} has no such utterance; `verbatim speakers {interview} --utterances` lists those it has"
        )
    return correct_utterance(session, utterance_id, voice)


def correct_utterance(session: Session, utterance_id: uuid.UUID, voice: Voice) -> Corrected:
    """Say who speaks one utterance.

    Raises:
        NotFoundError: there is no such utterance.
        InvalidInputError: the participant does not fit.
        ConflictError: its transcript was replaced, or the interview is being processed at the moment.
    """
    utterance = session.get(Utterance, utterance_id)
    if utterance is None or not is_open(session, utterance.study_id):
        raise NotFoundError("there is no such utterance")
    interview = session.get_one(Interview, utterance.interview_id)
    if utterance.transcript_id != interview.transcript_id:
        raise ConflictError("its transcript was replaced: correct the utterance of the published version")
    return _correct(session, interview, [utterance_id], voice)


def _published(session: Session, study: str, code: str) -> Interview:
    statement = select(Interview).where(Interview.study_id == find_study(session, study), Interview.code == code)
    interview = session.scalar(statement)
    if interview is None or interview.transcript_id is None:
        raise NotFoundError(f"there is no published interview {code!r} in the study")
    return interview


def _correct(session: Session, interview: Interview, chosen: Sequence[uuid.UUID], voice: Voice) -> Corrected:
    run_id = _hold(session, interview)
    participant_id = _participant(session, interview, voice)
    session.execute(
        update(Utterance)
        .where(Utterance.id.in_(chosen))
        .values(role=voice.role, participant_id=participant_id, role_basis="person", role_confidence=1.0)
    )
    session.execute(delete(Passage).where(Passage.utterance_id.in_(chosen)))
    session.execute(delete(Tagging).where(Tagging.utterance_id.in_(chosen), Tagging.basis != "person"))
    session.execute(
        update(IngestRun).where(IngestRun.id == run_id).values(status="queued", stage="waiting", attempts=0, error=None)
    )
    enqueue(session, [run_id])
    return Corrected(interview.study_id, interview.code, len(chosen), run_id)


def _hold(session: Session, interview: Interview) -> uuid.UUID:
    """Lock the run of the published transcript, so that nobody starts it before the correction stands."""
    run = session.scalars(
        select(IngestRun)
        .join(
            Transcript,
            (Transcript.interview_id == IngestRun.interview_id) & (Transcript.fingerprint == IngestRun.fingerprint),
        )
        .where(Transcript.id == interview.transcript_id)
        .with_for_update(of=IngestRun)
    ).one()
    if run.status == "running":
        raise ConflictError(f"{interview.code} is being processed; try again in a moment")
    return run.id


def _participant(session: Session, interview: Interview, voice: Voice) -> uuid.UUID | None:
    if voice.role is not Role.PARTICIPANT:
        if voice.participant:
            raise _unfit(f"who speaks as {voice.role} is no participant", "leave the participant out")
        return None
    rows = session.execute(
        select(Participant.code, Participant.id)
        .join(InterviewParticipant, InterviewParticipant.participant_id == Participant.id)
        .where(InterviewParticipant.interview_id == interview.id)
    )
    interviewed = {row.code: row.id for row in rows}
    code = next(iter(interviewed)) if voice.participant is None and len(interviewed) == 1 else voice.participant
    if code not in interviewed:
        problem = f"{code} was not interviewed" if code else "several people were interviewed"
        raise _unfit(f"{problem} in {interview.code}", f"name one of {', '.join(sorted(interviewed))}")
    found: uuid.UUID = interviewed[code]
    return found


def _unfit(problem: str, remedy: str) -> InvalidInputError:
    return InvalidInputError("this cannot be who speaks", (Fault("participant", problem, remedy),))
