"""What was said, put right by a person: the next version of the transcript, with other words in one place.

The former version stays as it was, and so do the citations of it. What is put right is not quoted until the next
version is processed; words that are as they were lead back to the version that has them.
"""

import uuid

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, undefer

from app.corrected_words import open_words, seal_words, words_fingerprint
from app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from app.isolation import is_open
from app.library.recording_runs import UNFINISHED, requeue
from app.models import IngestRun, Interview, Passage, Transcript, Utterance
from app.text import normalise
from app.vault import Vault

LONGEST_TEXT = 20_000
_REPLACED = "its transcript was replaced: correct the utterance of the published version"


def correct_words(session: Session, vault: Vault, utterance_id: uuid.UUID, text: str, author: str) -> None:
    """Let an utterance say something else; the same words change nothing.

    Raises:
        NotFoundError: there is no such utterance.
        InvalidInputError: there are no words, or too many.
        ConflictError: its transcript was replaced, or the interview is being processed at the moment.
    """
    utterance, interview = _held(session, utterance_id)
    if utterance.transcript_id != interview.transcript_id:
        raise ConflictError(_REPLACED)
    words = " ".join(normalise(text).split())
    if not words or len(words) > LONGEST_TEXT:
        fault = Fault("text", f"has {len(words)} characters", f"write what was said, up to {LONGEST_TEXT:,} characters")
        raise InvalidInputError("this cannot be what was said", (fault,))
    _put(session, vault, interview, utterance.index, words, author)


def restore_words(session: Session, vault: Vault, utterance_id: uuid.UUID, author: str) -> None:
    """Let an utterance say again what it says in a former version.

    Raises:
        NotFoundError: there is no such utterance.
        ConflictError: another transcript took the place of its own, or the interview is being processed at the moment.
    """
    utterance, interview = _held(session, utterance_id)
    if _original(session, utterance.transcript_id).id != _original(session, interview.transcript_id).id:
        raise ConflictError(_REPLACED)
    _put(session, vault, interview, utterance.index, utterance.text, author)


def _held(session: Session, utterance_id: uuid.UUID) -> tuple[Utterance, Interview]:
    """An utterance and its interview, whose transcript nobody replaces meanwhile."""
    utterance = session.get(Utterance, utterance_id)
    if utterance is None or not is_open(session, utterance.study_id):
        raise NotFoundError("there is no such utterance")
    held = select(Interview).where(Interview.id == utterance.interview_id).with_for_update()
    return utterance, session.scalars(held).one()


def _original(session: Session, transcript_id: uuid.UUID | None) -> Transcript:
    """The version that was made of a file or a recording, which the words of a version were corrected in."""
    version = session.get_one(Transcript, transcript_id)
    return session.get_one(Transcript, version.corrects) if version.corrects else version


def _put(session: Session, vault: Vault, interview: Interview, index: int, text: str, author: str) -> None:
    original = _original(session, interview.transcript_id)
    basis = _basis(session, interview, original)
    before = open_words(vault, basis)
    said = session.scalars(
        select(Utterance.text).where(Utterance.transcript_id == original.id, Utterance.index == index)
    ).one()
    words = {each: other for each, other in (before | {index: text}).items() if (each, other) != (index, said)}
    if words == before and basis.id == interview.transcript_id:
        return
    version = _version(session, vault, original, words, author)
    here = select(Utterance.id).where(Utterance.transcript_id == interview.transcript_id, Utterance.index == index)
    session.execute(delete(Passage).where(Passage.utterance_id.in_(here)))
    run = upsert(IngestRun).values(
        study_id=interview.study_id,
        interview_id=interview.id,
        fingerprint=version,
        status="queued",
        stage="waiting",
    )
    session.execute(run.on_conflict_do_nothing(index_elements=["interview_id", "fingerprint"]))
    of_version = select(IngestRun).where(IngestRun.interview_id == interview.id, IngestRun.fingerprint == version)
    requeue(session, session.scalars(of_version).one())


def _basis(session: Session, interview: Interview, original: Transcript) -> Transcript:
    """The version whose words are corrected: of a correction that waits, which goes with it, else the published one."""
    unfinished = session.execute(
        select(IngestRun, Transcript)
        .outerjoin(
            Transcript,
            (Transcript.interview_id == IngestRun.interview_id) & (Transcript.fingerprint == IngestRun.fingerprint),
        )
        .where(IngestRun.interview_id == interview.id, IngestRun.status.in_(UNFINISHED))
        .with_for_update(of=IngestRun)
    ).all()
    if any(
        run.status == "running" or version is None or original.id not in (version.id, version.corrects)
        for run, version in unfinished
    ):
        raise ConflictError(f"{interview.code} is being processed; try again in a moment")
    for run, _ in unfinished:
        run.status = "cancelled"
    session.flush()
    return unfinished[0][1] if unfinished else session.get_one(Transcript, interview.transcript_id)


def _version(session: Session, vault: Vault, original: Transcript, words: dict[int, str], author: str) -> str:
    """The fingerprint of the version with these words, which is made where it is new."""
    if not words:
        return original.fingerprint
    fingerprint = words_fingerprint(vault, words, original.fingerprint)
    newest = select(func.max(Transcript.version)).where(Transcript.interview_id == original.interview_id)
    whole = select(Transcript).where(Transcript.id == original.id).options(undefer(Transcript.source))
    source = session.scalars(whole.execution_options(populate_existing=True)).one().source
    if not source:
        raise ConflictError("the file of this transcript was erased with somebody who is in it: its words stay")
    session.execute(
        upsert(Transcript)
        .values(
            study_id=original.study_id,
            interview_id=original.interview_id,
            version=(session.scalar(newest) or 0) + 1,
            maker=author,
            source_name=original.source_name,
            source_sha256=original.source_sha256,
            source=source,
            fingerprint=fingerprint,
            corrects=original.id,
            corrected_words=seal_words(vault, words, fingerprint),
        )
        .on_conflict_do_nothing(index_elements=["interview_id", "fingerprint"])
    )
    return fingerprint
