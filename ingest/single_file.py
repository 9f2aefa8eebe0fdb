"""Files without a study folder: one conversation as an interview of a new study, or of a study that there is."""

import hashlib
import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.erased import refuse_erased
from app.errors import ConflictError
from app.index import writing_model_id
from app.kept_files import discard_unless_used
from app.models import Interview, InterviewParticipant, Participant, Recording, Study, Transcript
from app.services import Services
from app.vocabulary import TRANSCRIPTION_NAME
from ingest.aligned import requeue_unheard
from ingest.enrichment.enrich import NOT_ENRICHED, enrich_study
from ingest.file_facts import FileFacts, too_little
from ingest.pipeline import PIPELINE, IngestReport, InterviewReport, process_run, round_off
from ingest.recorded import UNSET_MODEL, keep_recordings
from ingest.speech.recordings import SpeechProcess
from ingest.store import register_recordings, register_transcript
from ingest.study import Consent


@dataclass(frozen=True)
class RegisteredFile:
    """A conversation whose files are registered: the run that is queued for it, or why there is none."""

    study: str
    study_id: uuid.UUID
    interview: str
    outcome: uuid.UUID | InterviewReport


def ingest_file(facts: FileFacts, services: Services) -> IngestReport:
    """Ingest the files of one conversation.

    A transcript of the same name and participant is the next version of the same interview; a recording that is known
    belongs to the interview that has it.

    Raises:
        SingleFileError: the study or the participant needs to be told more of.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    registered = register_file(facts, services)
    if isinstance(registered.outcome, InterviewReport):
        return IngestReport(registered.study, (registered.outcome,), ())
    with SpeechProcess() as speech:
        outcome = process_run(registered.outcome, registered.interview, services, speech)
    enriched = NOT_ENRICHED
    if outcome.status == "published":
        enriched = enrich_study(registered.study_id, services, lambda *_: None)
        round_off(registered.study_id, services)
    return IngestReport(registered.study, (outcome,), (), enriched)


def register_file(facts: FileFacts, services: Services) -> RegisteredFile:
    """Register the files of one conversation; raises what `ingest_file` raises."""
    digests = keep_recordings(facts.recordings, services.blobs)
    _refuse_erased(facts, digests, services)
    with services.database.sessions.begin() as session:
        writing_model_id(session, services.embedder.identity)
        study = _study(session, facts)
        interview = _interview(session, study, _participant(session, study, facts), facts, digests)
        _add_recordings(session, interview, facts, digests)
        outcome: uuid.UUID | InterviewReport | None
        if facts.transcript is None and services.settings.whisper_model is None:
            known = interview.transcript_id is not None
            outcome = InterviewReport(interview.code, *(("unchanged",) if known else ("waiting", UNSET_MODEL)))
        else:
            outcome = _register(session, interview, facts, digests, services)
        outcome = outcome or InterviewReport(interview.code, "unchanged")
        return RegisteredFile(study.slug, study.id, interview.code, outcome)


def _refuse_erased(facts: FileFacts, digests: Sequence[str], services: Services) -> None:
    """Refuse whom or what was erased, and keep nothing of it."""
    files = [facts.transcript.path] if facts.transcript else []
    hashes = {*digests, *(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)}
    try:
        with services.database.sessions() as session:
            refuse_erased(session, services.vault, facts.study, facts.participant, hashes)
    except ConflictError:
        for sha256 in digests:
            with services.database.sessions.begin() as session:
                discard_unless_used(session, services.blobs, sha256)
        raise


def _study(session: Session, facts: FileFacts) -> Study:
    """The study, locked, so that two commands do not give two interviews the same code."""
    found = select(Study).where(Study.slug == facts.study).with_for_update()
    study = session.scalar(found)
    if study is None:
        if facts.language is None:
            raise too_little(f"the study {facts.study} is new", "add `--language de`, what the participant speaks")
        new = {"slug": facts.study, "title": facts.study, "languages": [facts.language], "competitors": []}
        session.execute(upsert(Study).values(new).on_conflict_do_nothing())
        study = session.scalars(found).one()
    if facts.language is not None and facts.language not in study.languages:
        study.languages = [*study.languages, facts.language]
    return study


def _participant(session: Session, study: Study, facts: FileFacts) -> Participant:
    known = session.scalar(
        select(Participant).where(Participant.study_id == study.id, Participant.code == facts.participant)
    )
    if known is not None:
        if facts.language not in (None, known.language):
            problem = f"{known.code} speaks `{known.language}` in the study {study.slug}"
            raise too_little(problem, "leave `--language` out, or correct the study folder")
        return known
    if facts.language is None and len(study.languages) > 1:
        raise too_little(f"{facts.participant} is new in the study {study.slug}", "add `--language`, what they speak")
    language = facts.language or study.languages[0]
    person = Participant(study_id=study.id, code=facts.participant, language=language, attributes={})
    session.add(person)
    session.flush()
    return person


def _interview(
    session: Session, study: Study, person: Participant, facts: FileFacts, digests: Sequence[str]
) -> Interview:
    """The interview with this person that has a transcript of this name, or one of the recordings; else a new one."""
    name = facts.transcript.name if facts.transcript else None
    named = select(Transcript.interview_id).where(Transcript.source_name == name)
    recorded = select(Recording.interview_id).where(Recording.sha256.in_(digests))
    interview = session.scalar(
        select(Interview)
        .join(InterviewParticipant, InterviewParticipant.interview_id == Interview.id)
        .where(InterviewParticipant.participant_id == person.id)
        .where(or_(Interview.id.in_(named), Interview.id.in_(recorded)))
        .order_by(Interview.code)
        .limit(1)
    )
    if interview is not None:
        return interview
    taken = session.scalars(select(Interview.code).where(Interview.study_id == study.id)).all()
    interview = Interview(
        study_id=study.id,
        code=free_code(person.code, taken),
        mode=facts.mode,
        interviewer_language=facts.interviewer_language,
        speakers={},
        consent=Consent().model_dump(mode="json"),
    )
    session.add(interview)
    session.flush()
    session.add(InterviewParticipant(interview_id=interview.id, participant_id=person.id))
    return interview


def free_code(participant: str, taken: Sequence[str]) -> str:
    """Choose the code of an interview: `I24` for `P24`, else the first free one from `I01` on."""
    number = re.search(r"\d+$", participant)
    if number and f"I{number[0]}" not in taken:
        return f"I{number[0]}"
    return next(code for code in (f"I{place:02}" for place in count(1)) if code not in taken)


def _add_recordings(session: Session, interview: Interview, facts: FileFacts, digests: Sequence[str]) -> None:
    for file, sha256 in zip(facts.recordings, digests, strict=True):
        session.execute(
            upsert(Recording)
            .values(
                study_id=interview.study_id,
                interview_id=interview.id,
                sha256=sha256,
                name=file.name,
                size_bytes=file.path.stat().st_size,
                label=file.path.stem if len(facts.recordings) > 1 else None,
            )
            .on_conflict_do_nothing()
        )
    voices = {str(side): voice for side, voice in facts.channels.items()}
    interview.speakers = {**interview.speakers, **voices}


def _register(
    session: Session, interview: Interview, facts: FileFacts, digests: Sequence[str], services: Services
) -> uuid.UUID | None:
    """Queue what there is to do; `None` where it is done already."""
    settings = services.settings
    is_read_alike = (interview.mode, interview.interviewer_language) == (facts.mode, facts.interviewer_language)
    interview.mode, interview.interviewer_language = facts.mode, facts.interviewer_language
    published = session.get(Transcript, interview.transcript_id) if interview.transcript_id else None
    if facts.transcript is None and published and published.source_name != TRANSCRIPTION_NAME:
        return requeue_unheard(session, interview, settings)
    if facts.transcript is None:
        return register_recordings(session, interview, _fingerprint(facts, [*digests, settings.whisper_model]))
    source = facts.transcript.path.read_bytes()
    sha256 = hashlib.sha256(source).hexdigest()
    if published and is_read_alike and (published.source_sha256, published.maker) == (sha256, PIPELINE):
        return requeue_unheard(session, interview, settings)
    name, fingerprint = facts.transcript.name, _fingerprint(facts, sha256)
    sealed = services.vault.seal(source, sha256)
    return register_transcript(session, interview, name, sealed, sha256, fingerprint, PIPELINE)


def _fingerprint(facts: FileFacts, made_from: object) -> str:
    said = facts.model_dump(mode="json", exclude={"files", "study"}, exclude_defaults=True)
    return hashlib.sha256(json.dumps([PIPELINE, made_from, said], sort_keys=True).encode()).hexdigest()
