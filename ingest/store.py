"""What ingest stores: transcript versions, and the publication of an interview as a whole."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from pgvector import HalfVector
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session, undefer

from app.bulk import insert_rows
from app.corrected_words import open_words
from app.embedding import EmbedderIdentity, Vectors
from app.index import writing_model_id
from app.models import (
    Alignment,
    IngestRun,
    Interview,
    InterviewParticipant,
    Participant,
    Passage,
    Recording,
    Study,
    Tagging,
    TeamMember,
    Transcript,
    Utterance,
)
from app.pseudonyms.registered import NAME_ATTRIBUTES
from app.pseudonyms.replace import Mark
from app.pseudonyms.store import open_identity, read_marks, read_placeholders, save_marks
from app.tagging.store import read_settled
from app.tagging.taggings import NewTagging
from app.vault import Vault
from app.vocabulary import TRANSCRIPTION_NAME, Mode, Role
from ingest.decisions import Decided, read_decisions
from ingest.kept_codings import KeptCodings, NewUtterance, keep_codings, read_codings, save_codings
from ingest.pseudonymise import Pseudonyms
from ingest.roles import Attribution
from ingest.runs import Lease, write_run
from ingest.transcript import CueSpan, Turn

_IDENTITIES = uuid.UUID("6f1d3c1e-1d0c-5a55-9a55-7f6a6e9d2b10")


_POINTING = {
    "collected_quote": "collection_id",
    "insight_evidence": "insight_id",
    "hypothesis_evidence": "verdict_id",
}
_SAME_PLACE = """
UPDATE {table} SET utterance_id = now.id
FROM interview JOIN utterance AS former ON former.transcript_id = interview.transcript_id
  JOIN utterance AS now ON now.transcript_id = :transcript_id AND now.index = former.index AND now.text = former.text
    AND now.role = 'participant' AND now.id <> former.id
WHERE interview.id = :interview_id AND {table}.utterance_id = former.id
  AND NOT EXISTS (SELECT FROM {table} AS known WHERE known.{owner} = {table}.{owner} AND known.utterance_id = now.id
    AND known.start = {table}.start AND known."end" = {table}."end")
"""
_FOUND_ANEW = ("start_ms", "end_ms", "cues", "participant_id", "role", "role_basis", "role_confidence")
"""What processing a version once more may say otherwise of its utterances; their words never change."""


@dataclass(frozen=True)
class InterviewSource:
    """All that processing needs to know of one interview."""

    run_id: uuid.UUID
    study_id: uuid.UUID
    interview_id: uuid.UUID
    interview: str
    transcript_id: uuid.UUID
    source_name: str
    source: bytes
    mode: Mode
    study_languages: tuple[str, ...]
    interviewer_language: str | None
    participants: dict[str, tuple[uuid.UUID, tuple[str, ...]]]
    participant_language: str | None
    team_names: tuple[str, ...]
    speakers: dict[str, str]
    decided: dict[int, Attribution]
    """Who speaks, by the index of the utterance, where a person said so."""
    former: tuple[Decided, ...] = ()
    """The version that this one takes the place of, while this one was never published."""
    pseudonyms: Pseudonyms | None = None
    """What is known of people beforehand; nothing where a study keeps names."""
    corrected_words: Mapping[int, str] = field(default_factory=dict)
    """What a person said that an utterance says, by its index."""
    heard: bytes | None = None
    """The transcription of the recordings that belong to the transcript, if they were listened to."""


class PlaceholdersTakenError(Exception):
    """Placeholders were numbered on from those of a moment ago; others have these numbers since."""


@dataclass(frozen=True)
class AttributedUtterance:
    """An utterance with everything that was found out about it."""

    turn: Turn
    attribution: Attribution
    language: str
    language_confidence: float
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class NewPassage:
    """A participant's utterance to be found, by the index of the utterance and of its question."""

    index: int
    question_index: int | None


@dataclass(frozen=True)
class Publication:
    """Everything of one interview that becomes visible at once; `vectors` has one row for each passage."""

    utterances: Sequence[AttributedUtterance]
    passages: Sequence[NewPassage]
    vectors: Vectors
    embedder: EmbedderIdentity
    taggings: Sequence[NewTagging]
    warnings: tuple[str, ...] = ()


def register_transcript(
    session: Session, interview: Interview, source_name: str, source: bytes, sha256: str, fingerprint: str, maker: str
) -> uuid.UUID | None:
    """Keep a transcript file as a new version with a queued run; `None` when just this version is published already."""
    if _is_published(session, interview, fingerprint):
        return None
    add_transcript(session, interview, source_name, source, sha256, fingerprint, maker)
    return queue_run(session, interview, fingerprint)


def register_recordings(session: Session, interview: Interview, fingerprint: str) -> uuid.UUID | None:
    """Queue the run that transcribes an interview's recordings; `None` when what it would make is published already."""
    if _is_published(session, interview, fingerprint):
        return None
    return queue_run(session, interview, fingerprint)


def add_transcript(
    session: Session, interview: Interview, source_name: str, source: bytes, sha256: str, fingerprint: str, maker: str
) -> None:
    """Keep a transcript as the next version of its interview, once."""
    newest = session.scalar(select(func.max(Transcript.version)).where(Transcript.interview_id == interview.id))
    session.execute(
        upsert(Transcript)
        .values(
            id=uuid.uuid5(_IDENTITIES, f"{interview.id} {fingerprint}"),
            study_id=interview.study_id,
            interview_id=interview.id,
            version=(newest or 0) + 1,
            maker=maker,
            source_name=source_name,
            source_sha256=sha256,
            source=source,
            fingerprint=fingerprint,
        )
        .on_conflict_do_nothing(index_elements=["interview_id", "fingerprint"])
    )


def _is_published(session: Session, interview: Interview, fingerprint: str) -> bool:
    if interview.transcript_id is None:
        return False
    original = select(Transcript.fingerprint).where(Transcript.id == original_of(session, interview.transcript_id))
    return session.scalar(original) == fingerprint


def original_of(session: Session, transcript_id: uuid.UUID | None) -> uuid.UUID | None:
    """The version that was made of a file or a recording, which a version has the words of, corrected or not."""
    original = func.coalesce(Transcript.corrects, Transcript.id)
    return session.scalar(select(original).where(Transcript.id == transcript_id))


def queue_run(session: Session, interview: Interview, fingerprint: str) -> uuid.UUID:
    """Queue the run of a version, anew if it was through; one that is on its way stays so."""
    run = upsert(IngestRun).values(
        study_id=interview.study_id,
        interview_id=interview.id,
        fingerprint=fingerprint,
        status="queued",
        stage="waiting",
    )
    requeued = run.on_conflict_do_update(
        index_elements=["interview_id", "fingerprint"],
        set_={"status": "queued", "stage": "waiting", "attempts": 0, "error": None, "updated_at": func.now()},
        where=IngestRun.status.in_(("failed", "published", "cancelled")),
    )
    session.execute(requeued)
    return session.scalars(
        select(IngestRun.id).where(IngestRun.interview_id == interview.id, IngestRun.fingerprint == fingerprint)
    ).one()


def read_source(session: Session, run_id: uuid.UUID, vault: Vault) -> InterviewSource:
    """Read what processing needs to know of a run's interview.

    Raises:
        UnavailableError: the transcript was sealed with another key.
    """
    interview, transcript, study = session.execute(
        select(Interview, Transcript, Study)
        .join(IngestRun, IngestRun.interview_id == Interview.id)
        .join(Transcript, (Transcript.interview_id == Interview.id) & (Transcript.fingerprint == IngestRun.fingerprint))
        .join(Study, Study.id == Interview.study_id)
        .where(IngestRun.id == run_id)
        .options(undefer(Transcript.source), undefer(Transcript.corrected_words))
    ).one()
    people = session.scalars(
        select(Participant)
        .join(InterviewParticipant, InterviewParticipant.participant_id == Participant.id)
        .where(InterviewParticipant.interview_id == interview.id)
        .order_by(Participant.code)
        .options(undefer(Participant.identity))
    ).all()
    private = {person.code: open_identity(vault, study.slug, person) for person in people}
    team = session.scalars(select(TeamMember).where(TeamMember.study_id == study.id).order_by(TeamMember.code)).all()
    original = transcript.corrects or transcript.id
    is_corrected = interview.transcript_id is not None and original_of(session, interview.transcript_id) == original
    own = read_decisions(session, interview.transcript_id if is_corrected else transcript.id)
    words = open_words(vault, transcript)
    return InterviewSource(
        run_id=run_id,
        study_id=study.id,
        interview_id=interview.id,
        interview=interview.code,
        transcript_id=transcript.id,
        source_name=_shown_name(session, transcript),
        source=vault.open(transcript.source, transcript.source_sha256),
        mode=Mode(interview.mode),
        study_languages=tuple(study.languages),
        interviewer_language=interview.interviewer_language,
        participants={person.code: (person.id, _display_names(private[person.code])) for person in people},
        participant_language=next((person.language for person in people if person.language), None),
        team_names=tuple(name for member in team for name in (member.code, member.name)),
        speakers=dict(interview.speakers),
        decided={each.index: each.attribution for each in own if each.attribution},
        former=() if own else read_decisions(session, interview.transcript_id),
        pseudonyms=_pseudonyms(session, vault, study, transcript, people, private, words) if study.pseudonyms else None,
        corrected_words=words,
        heard=read_heard(session, vault, original),
    )


def _pseudonyms(
    session: Session,
    vault: Vault,
    study: Study,
    transcript: Transcript,
    people: Sequence[Participant],
    private: dict[str, dict[str, str]],
    words: Mapping[int, str],
) -> Pseudonyms:
    own = (study.product, *study.competitors)
    keep = frozenset(word.casefold() for name in own if name for word in name.split())
    placeholders = read_placeholders(session, vault, people[0].id)
    marks = read_marks(session, vault, transcript.id)
    if transcript.corrects:
        former = read_marks(session, vault, transcript.corrects)
        marks = {index: marked for index, marked in former.items() if index not in words} | marks
    return Pseudonyms(private, keep, dict(placeholders.known), placeholders, marks)


def read_heard(session: Session, vault: Vault, transcript_id: uuid.UUID) -> bytes | None:
    """What was heard in the recordings of a transcript, if it was listened to."""
    sealed = session.scalar(select(Alignment.heard).where(Alignment.transcript_id == transcript_id))
    return None if sealed is None else vault.open(sealed, f"heard {transcript_id}")


def publish(
    session: Session, source: InterviewSource, lease: Lease, publication: Publication, vault: Vault
) -> tuple[str, ...]:
    """Make an interview visible, whole, in place of its former version; the words of former versions stay.

    Returns:
        what there is to say of it: the warnings of the publication, and what could not be carried over.

    Raises:
        PlaceholdersTakenError: another interview of the participant was published since this one was read.
    """
    _hold_placeholders(session, source, vault)
    former = _former_version(session, source)
    kept = _keep_codings(session, source, publication, former) if former else KeptCodings()
    warnings = (*publication.warnings, *kept.warnings)
    done = {"status": "published", "stage": "published", "error": None, "warnings": list(warnings)}
    write_run(session, lease, **done, lease_token=None, lease_until=None)
    model_id = writing_model_id(session, publication.embedder)
    session.execute(delete(Passage).where(Passage.interview_id == source.interview_id))
    rows = [_utterance_row(source, utterance) for utterance in publication.utterances]
    stored = insert_rows(Utterance, rows)
    known = {name: stored.excluded[name] for name in _FOUND_ANEW}
    session.connection().execute(stored.on_conflict_do_update(index_elements=["id"], set_=known))
    if publication.passages:
        session.execute(insert(Passage), _passage_rows(source, publication, model_id))
    _save_marks(session, source, vault, publication)
    save_codings(session, kept)
    if former:
        _keep_places(session, source)
    settled = read_settled(session, source.transcript_id)
    if found := [_tagging_row(source, tagging) for tagging in settled.leave(publication.taggings)]:
        session.execute(insert_rows(Tagging, found).on_conflict_do_nothing())
    session.execute(
        update(Interview)
        .where(Interview.id == source.interview_id)
        .values(transcript_id=source.transcript_id, published_at=func.now())
    )
    return warnings


def _hold_placeholders(session: Session, source: InterviewSource, vault: Vault) -> None:
    """Let nobody number placeholders of the participant meanwhile, and see that nobody did since they were read."""
    if source.pseudonyms is None:
        return
    scope = _scope_of_placeholders(source)
    session.execute(select(Participant.id).where(Participant.id == scope).with_for_update(key_share=True))
    if read_placeholders(session, vault, scope).known != source.pseudonyms.known:
        raise PlaceholdersTakenError


def _scope_of_placeholders(source: InterviewSource) -> uuid.UUID:
    return min(source.participants.items())[1][0]


def _former_version(session: Session, source: InterviewSource) -> uuid.UUID | None:
    """The version that is visible now, which nobody changes meanwhile, if another one takes its place."""
    held = select(Interview.transcript_id).where(Interview.id == source.interview_id).with_for_update()
    visible = session.scalar(held)
    return None if visible == source.transcript_id else visible


def _keep_codings(
    session: Session, source: InterviewSource, publication: Publication, former: uuid.UUID
) -> KeptCodings:
    """Find what persons decided of the tags of the former version."""
    said = [
        NewUtterance(_utterance_id(source, each.turn.index), each.turn.text, each.attribution.role is Role.PARTICIPANT)
        for each in publication.utterances
    ]
    return keep_codings(read_codings(session, former), said)


def _keep_places(session: Session, source: InterviewSource) -> None:
    """Let lists, insights and verdicts point to the same words in the version that becomes visible."""
    for table, owner in _POINTING.items():
        session.execute(
            text(_SAME_PLACE.format(table=table, owner=owner)),
            {"interview_id": source.interview_id, "transcript_id": source.transcript_id},
        )


def _shown_name(session: Session, transcript: Transcript) -> str:
    """What to call a transcript before people: the file that it came as, or the recordings that it was made of."""
    if transcript.source_name != TRANSCRIPTION_NAME:
        return transcript.source_name
    recorded = select(Recording.name).where(Recording.interview_id == transcript.interview_id)
    return ", ".join(session.scalars(recorded.order_by(Recording.name))) or "the recording"


def _save_marks(session: Session, source: InterviewSource, vault: Vault, publication: Publication) -> None:
    marks = {_utterance_id(source, each.turn.index): each.marks for each in publication.utterances if each.marks}
    if marks:
        save_marks(session, vault, source.study_id, _scope_of_placeholders(source), marks)


def _display_names(private: dict[str, str]) -> tuple[str, ...]:
    return tuple(value for name, value in private.items() if name.casefold() in NAME_ATTRIBUTES)


def _utterance_id(source: InterviewSource, index: int) -> uuid.UUID:
    return _id_within(source.transcript_id, index)


@lru_cache(maxsize=4096)
def _id_within(transcript_id: uuid.UUID, index: int) -> uuid.UUID:
    return uuid.uuid5(transcript_id, str(index))


def _utterance_row(source: InterviewSource, utterance: AttributedUtterance) -> dict[str, object]:
    turn, attribution = utterance.turn, utterance.attribution
    person = source.participants.get(attribution.participant or "")
    return {
        "id": _utterance_id(source, turn.index),
        "study_id": source.study_id,
        "interview_id": source.interview_id,
        "transcript_id": source.transcript_id,
        "participant_id": person[0] if person and attribution.role is Role.PARTICIPANT else None,
        "index": turn.index,
        "speaker": turn.speaker,
        "role": attribution.role,
        "role_basis": attribution.basis,
        "role_confidence": attribution.confidence,
        "language": utterance.language,
        "language_confidence": utterance.language_confidence,
        "text": turn.text,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "confidence": turn.confidence,
        "cues": [_cue_row(cue) for cue in turn.cues],
    }


def _cue_row(cue: CueSpan) -> dict[str, int | None]:
    return {"cue": cue.cue, "start": cue.start, "end": cue.end, "start_ms": cue.start_ms, "end_ms": cue.end_ms}


def _passage_rows(source: InterviewSource, publication: Publication, model_id: uuid.UUID) -> list[dict[str, object]]:
    return [
        {
            "utterance_id": _utterance_id(source, passage.index),
            "study_id": source.study_id,
            "interview_id": source.interview_id,
            "participant_id": source.participants[publication.utterances[passage.index].attribution.participant or ""][
                0
            ],
            "question_id": None if passage.question_index is None else _utterance_id(source, passage.question_index),
            "language": publication.utterances[passage.index].language,
            "model_id": model_id,
            "embedding": HalfVector(vector),
        }
        for passage, vector in zip(publication.passages, publication.vectors, strict=True)
    ]


def _tagging_row(source: InterviewSource, tagging: NewTagging) -> dict[str, object]:
    values = asdict(tagging)
    index = values.pop("index")
    return {"study_id": source.study_id, "utterance_id": _utterance_id(source, index), **values}
