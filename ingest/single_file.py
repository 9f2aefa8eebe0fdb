"""One transcript file without a study folder: an interview of a new study, or one more of a study that there is."""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, InstanceOf, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.errors import Fault, InvalidInputError
from app.index import writing_model_id
from app.models import Interview, InterviewParticipant, Participant, Study, Transcript
from app.services import Services
from app.vocabulary import Mode
from ingest import study_fields as fields
from ingest.pipeline import PIPELINE, IngestReport, InterviewReport, process_run, round_off
from ingest.speech.recordings import SpeechProcess
from ingest.store import register_transcript
from ingest.study import Consent
from ingest.study_faults import FaultLog, Place, objection_of, report, wrong
from ingest.study_files import TRANSCRIPT, StudyFile, find_file


class FileFacts(BaseModel):
    """A transcript file, and what else has to be known of its interview."""

    model_config = ConfigDict(frozen=True)

    file: InstanceOf[StudyFile]
    study: fields.Slug = Field(examples=["nido"])
    participant: fields.Identifier = Field(examples=["P24"])
    language: fields.Language | None = None
    mode: fields.InterviewMode = Mode.DIRECT
    interviewer_language: fields.Language | None = Field(None, validate_default=True)

    @field_validator("interviewer_language")
    @classmethod
    def _is_said_if_interpreted(cls, language: str | None, info: ValidationInfo) -> str | None:
        if language is None and info.data.get("mode") is Mode.INTERPRETED:
            raise wrong("nothing says which language is interpreted", "add `--interviewer-language en`")
        return language


class SingleFileError(InvalidInputError):
    """A file, or what was said of it, cannot be used; `faults` holds all that is wrong."""


def read_facts(path: Path, given: Mapping[str, object]) -> FileFacts:
    """Check a transcript file and what was said of it.

    Raises:
        SingleFileError: something of it is wrong.
    """
    options, faults = _CommandLine(), FaultLog()
    try:
        found = {"file": find_file(path.parent.resolve(), path.name, TRANSCRIPT)}
    except PydanticCustomError as error:
        raise SingleFileError("nothing was ingested", (Fault(str(path), *objection_of(error)),)) from error
    try:
        return FileFacts.model_validate(
            {**{name: value for name, value in given.items() if value is not None}, **found}
        )
    except ValidationError as error:
        report(error, FileFacts, options, faults)
        raise SingleFileError("nothing was ingested", faults.in_order(options.file)) from error


def ingest_file(facts: FileFacts, services: Services) -> IngestReport:
    """Ingest a transcript file; a file of the same name and participant is the next version of the same interview.

    Raises:
        SingleFileError: the study or the participant needs to be told more of.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    source = facts.file.path.read_bytes()
    with services.database.sessions.begin() as session:
        writing_model_id(session, services.embedder.identity)
        study = _study(session, facts)
        interview = _interview(session, study, _participant(session, study, facts), facts)
        run_id = _register(session, interview, facts, source)
    if run_id is None:
        return IngestReport(study.slug, (InterviewReport(interview.code, "unchanged"),), ())
    with SpeechProcess() as speech:
        outcome = process_run(run_id, interview.code, services, speech)
    if outcome.status == "published":
        round_off(study.id, services)
    return IngestReport(study.slug, (outcome,), ())


@dataclass(frozen=True)
class _CommandLine:
    """The options, as a document whose faults can be reported."""

    file: str = "the command line"
    how_to_add: str = "add `--{name} {example}`"

    def locate(self, steps: Sequence[int | str]) -> Place:
        """Name the option."""
        return Place(0, f"--{str(steps[0]).replace('_', '-')}" if steps else self.file)


def _study(session: Session, facts: FileFacts) -> Study:
    """The study, locked, so that two commands do not give two interviews the same code."""
    found = select(Study).where(Study.slug == facts.study).with_for_update()
    study = session.scalar(found)
    if study is None:
        if facts.language is None:
            raise _too_little(f"the study {facts.study} is new", "add `--language de`, what the participant speaks")
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
            raise _too_little(problem, "leave `--language` out, or correct the study folder")
        return known
    if facts.language is None and len(study.languages) > 1:
        raise _too_little(f"{facts.participant} is new in the study {study.slug}", "add `--language`, what they speak")
    language = facts.language or study.languages[0]
    person = Participant(study_id=study.id, code=facts.participant, language=language, attributes={})
    session.add(person)
    session.flush()
    return person


def _interview(session: Session, study: Study, person: Participant, facts: FileFacts) -> Interview:
    interview = session.scalar(
        select(Interview)
        .join(InterviewParticipant, InterviewParticipant.interview_id == Interview.id)
        .join(Transcript, Transcript.interview_id == Interview.id)
        .where(InterviewParticipant.participant_id == person.id, Transcript.source_name == facts.file.name)
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


def _register(session: Session, interview: Interview, facts: FileFacts, source: bytes) -> uuid.UUID | None:
    sha256 = hashlib.sha256(source).hexdigest()
    published = session.get(Transcript, interview.transcript_id) if interview.transcript_id else None
    if (
        published is not None
        and (published.source_sha256, published.maker) == (sha256, PIPELINE)
        and (interview.mode, interview.interviewer_language) == (facts.mode, facts.interviewer_language)
    ):
        return None
    interview.mode, interview.interviewer_language = facts.mode, facts.interviewer_language
    decides = [PIPELINE, sha256, *facts.model_dump(mode="json", exclude={"file", "study"}).items()]
    fingerprint = hashlib.sha256(json.dumps(decides).encode()).hexdigest()
    return register_transcript(session, interview, facts.file.name, source, sha256, fingerprint, PIPELINE)


def _too_little(problem: str, remedy: str) -> SingleFileError:
    return SingleFileError("nothing was ingested", (Fault(_CommandLine.file, problem, remedy),))
