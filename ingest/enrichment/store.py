"""What enrichment reads from the database, and what it writes there: each batch in a transaction of its own."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from pgvector import HalfVector
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from app.bulk import insert_rows
from app.embedding import EmbedderIdentity, Vectors
from app.index import writing_model_id
from app.models import Interview, JobRecord, JobRecordEntry, PassageGist, Study, Tagging
from ingest.enrichment.notes import Note
from ingest.enrichment.offered import Passage
from ingest.enrichment.story import Entry

_PASSAGES = """
SELECT utterance.id, utterance.text, utterance.language, question.text AS question,
  ARRAY(SELECT code_id FROM tagging WHERE utterance_id = utterance.id AND basis = 'person') AS given,
  ARRAY(SELECT code_id FROM tagging_review WHERE utterance_id = utterance.id AND verdict <> 'accepted'
    AND undone_at IS NULL) AS refused
FROM quotable AS passage JOIN interview ON interview.id = passage.interview_id
  JOIN utterance ON utterance.id = passage.utterance_id AND utterance.transcript_id = interview.transcript_id
    AND utterance.role = 'participant'
  LEFT JOIN utterance AS question ON question.id = passage.question_id
WHERE passage.interview_id = :interview_id
  AND (:anew OR NOT EXISTS (SELECT FROM passage_gist WHERE passage_gist.utterance_id = passage.utterance_id))
ORDER BY utterance.index
"""


@dataclass(frozen=True)
class Maker:
    """What made something: the chat model and the prompt, each with its version."""

    chat_model: str
    prompt: str

    @property
    def author(self) -> str:
        """Who tags, as taggings name it."""
        return f"chat-tagger/{self.prompt} {self.chat_model}"


def working_language(session: Session, study_id: uuid.UUID) -> str:
    """The language of a study's gists and stories: English where the study knows it, else its first."""
    languages = session.scalars(select(Study.languages).where(Study.id == study_id)).one()
    return "en" if "en" in languages else languages[0]


def published_transcript(session: Session, interview_id: uuid.UUID) -> uuid.UUID | None:
    """The version that questions see; held as it is until the transaction ends."""
    statement = select(Interview.transcript_id).where(Interview.id == interview_id).with_for_update(read=True)
    return session.scalar(statement)


def read_passages(session: Session, interview_id: uuid.UUID, *, anew: bool) -> tuple[Passage, ...]:
    """The passages of a published interview in order; without `anew` those alone of which there are no notes yet."""
    rows = session.execute(text(_PASSAGES), {"interview_id": interview_id, "anew": anew})
    return tuple(
        Passage(row.id, row.text, row.language, row.question, frozenset(row.given), frozenset(row.refused))
        for row in rows
    )


def keep_notes(
    session: Session,
    study_id: uuid.UUID,
    notes: Sequence[Note],
    gists: Vectors,
    language: str,
    maker: Maker,
    embedder: EmbedderIdentity,
) -> None:
    """Put notes in the place of what models said of the same passages before; what persons tagged stays.

    Args:
        session: an open transaction, in which the transcript is held.
        study_id: the study.
        notes: n notes.
        gists: shape (n, dimension); zero where a gist is empty, so that it is never found.
        language: of the gists.
        maker: what made them.
        embedder: what made the vectors.
    """
    model_id = writing_model_id(session, embedder)
    noted = [note.utterance_id for note in notes]
    session.execute(delete(Tagging).where(Tagging.utterance_id.in_(noted), Tagging.basis != "person"))
    rows = [
        {
            "study_id": study_id,
            "utterance_id": note.utterance_id,
            "code_id": tag.code_id,
            "start": tag.start,
            "end": tag.end,
            "polarity": tag.polarity,
            "author": maker.author,
            "basis": "model",
            "confidence": tag.confidence,
        }
        for note in notes
        for tag in note.tags
    ]
    if rows:
        session.execute(insert_rows(Tagging, rows).on_conflict_do_nothing())
    session.execute(delete(PassageGist).where(PassageGist.utterance_id.in_(noted)))
    session.add_all(
        PassageGist(
            utterance_id=note.utterance_id,
            study_id=study_id,
            text=note.gist,
            language=language,
            chat_model=maker.chat_model,
            prompt=maker.prompt,
            model_id=model_id,
            embedding=HalfVector(vector),
        )
        for note, vector in zip(notes, gists, strict=True)
    )


def has_story(session: Session, transcript_id: uuid.UUID) -> bool:
    """Whether the story of a transcript was told."""
    return session.scalar(select(JobRecord.id).where(JobRecord.transcript_id == transcript_id)) is not None


def keep_story(
    session: Session, study_id: uuid.UUID, transcript_id: uuid.UUID, entries: Sequence[Entry], maker: Maker
) -> None:
    """Keep the story of a transcript in place of a former one."""
    session.execute(delete(JobRecord).where(JobRecord.transcript_id == transcript_id))
    record = JobRecord(study_id=study_id, transcript_id=transcript_id, chat_model=maker.chat_model, prompt=maker.prompt)
    session.add(record)
    session.flush()
    session.add_all(
        JobRecordEntry(
            record_id=record.id,
            field=entry.field,
            place=place,
            statement=entry.statement,
            utterance_id=entry.utterance_id,
            start=entry.start,
            end=entry.end,
        )
        for place, entry in enumerate(entries)
    )
