"""What tagging reads from the database, and what it writes there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.models import Code, Interview, Study, Tagging, Utterance
from app.tagging.codes import code_text
from app.tagging.features import Said
from app.tagging.taggings import NewTagging
from app.tagging.targets import TagCode, TaggedPassage
from app.vocabulary import Kind

TAGGER = "verbatim-tagger"
MOST_PASSAGES_OF_CODE = 50

_TAGGED_PASSAGES = """
SELECT code_id, interview_id, words, question FROM (
  SELECT tagging.code_id, utterance.interview_id, question.text AS question,
    substr(utterance.text, tagging.start + 1, tagging."end" - tagging.start) AS words,
    row_number() OVER (PARTITION BY tagging.code_id ORDER BY tagging.created_at DESC, tagging.id) AS number
  FROM tagging JOIN utterance ON utterance.id = tagging.utterance_id AND utterance.role = 'participant'
    JOIN passage ON passage.utterance_id = utterance.id LEFT JOIN utterance AS question ON question.id = question_id
  WHERE tagging.study_id = :study_id AND tagging.basis = 'person' AND tagging.polarity = 'affirmed') AS tagged
WHERE number <= :most ORDER BY code_id, number
"""

_SAID = """
SELECT interview.transcript_id, utterance.id, utterance.index AS place, utterance.text, utterance.language,
  question.text AS question,
  ARRAY(SELECT code_id FROM tagging WHERE utterance_id = utterance.id AND basis = 'person') AS decided
FROM interview JOIN passage ON passage.interview_id = interview.id JOIN utterance ON utterance.id = passage.utterance_id
    AND utterance.transcript_id = interview.transcript_id AND utterance.role = 'participant'
  LEFT JOIN utterance AS question ON question.id = passage.question_id
WHERE interview.id = :interview_id
  AND NOT EXISTS (SELECT FROM passage_gist WHERE passage_gist.utterance_id = utterance.id)
ORDER BY utterance.index
"""

_OUTDATED = """
SELECT bool_or(basis <> 'person' AND author <> :author) OR max(created_at) FILTER (WHERE basis = 'person') >
  coalesce(min(created_at) FILTER (WHERE basis <> 'person'), '-infinity')
FROM tagging WHERE study_id = :study_id AND (basis = 'person' OR starts_with(author, :tagger))
"""

_BY_TAGGER = and_(Tagging.basis != "person", Tagging.author.startswith(f"{TAGGER}/", autoescape=True))


@dataclass(frozen=True)
class PublishedTalk:
    """What participants say in a published interview.

    `utterance_ids` leads from the index of an utterance to its id, `decided` to the codes that persons gave it.
    """

    transcript_id: uuid.UUID
    said: tuple[Said, ...]
    utterance_ids: dict[int, uuid.UUID]
    decided: dict[int, frozenset[uuid.UUID]]


def read_codes(session: Session, study_id: uuid.UUID) -> tuple[TagCode, ...]:
    """Read the codes of a study, each with the passages that persons tagged with it last."""
    passages: dict[uuid.UUID, list[TaggedPassage]] = {}
    parameters = {"study_id": study_id, "most": MOST_PASSAGES_OF_CODE}
    for code_id, interview_id, words, question in session.execute(text(_TAGGED_PASSAGES), parameters):
        passages.setdefault(code_id, []).append(TaggedPassage(interview_id, words, question))
    codes = session.scalars(select(Code).where(Code.study_id == study_id).order_by(Code.code)).all()
    return tuple(
        TagCode(
            code.id,
            code.code,
            Kind(code.kind),
            code_text(code.labels, code.about, code.examples),
            tuple(passages.get(code.id, ())),
        )
        for code in codes
    )


def find_study(session: Session, slug: str) -> uuid.UUID:
    """Id of a study by its name.

    Raises:
        NotFoundError: there is none.
    """
    study_id = session.scalar(select(Study.id).where(Study.slug == slug))
    if study_id is None:
        raise NotFoundError(f"there is no study {slug!r}; `verbatim status` lists those that there are")
    return study_id


def studies(session: Session) -> dict[str, uuid.UUID]:
    """The ids of all studies, by name."""
    return dict(session.execute(select(Study.slug, Study.id).order_by(Study.slug)).all())


def published_interviews(session: Session, study_id: uuid.UUID) -> dict[str, uuid.UUID]:
    """The ids of the interviews of a study that questions see, by code."""
    published = select(Interview.code, Interview.id).where(
        Interview.study_id == study_id, Interview.transcript_id.is_not(None)
    )
    return dict(session.execute(published.order_by(Interview.code)).all())


def read_talk(session: Session, interview_id: uuid.UUID) -> PublishedTalk | None:
    """Read what participants say in a published interview, unless a chat model tags it; `None` when that is nothing."""
    rows = session.execute(text(_SAID), {"interview_id": interview_id}).all()
    if not rows:
        return None
    return PublishedTalk(
        rows[0].transcript_id,
        tuple(Said(row.place, row.text, row.language, row.question) for row in rows),
        {row.place: row.id for row in rows},
        {row.place: frozenset(row.decided) for row in rows if row.decided},
    )


def is_outdated(session: Session, study_id: uuid.UUID, author: str) -> bool:
    """Whether a person tagged in a study after the tagger, or another tagger than this one did last."""
    parameters = {"study_id": study_id, "author": author, "tagger": f"{TAGGER}/"}
    return bool(session.scalar(text(_OUTDATED), parameters))


def replace_taggings(
    session: Session, study_id: uuid.UUID, interview_id: uuid.UUID, talk: PublishedTalk, taggings: Sequence[NewTagging]
) -> bool:
    """Put these taggings in the place of the tagger's former ones; not when the interview was published anew since."""
    published = select(Interview.transcript_id).where(Interview.id == interview_id).with_for_update()
    if session.scalar(published) != talk.transcript_id:
        return False
    of_interview = select(Utterance.id).where(Utterance.interview_id == interview_id)
    session.execute(delete(Tagging).where(_BY_TAGGER, Tagging.utterance_id.in_(of_interview)))
    rows = [_row(study_id, talk, tagging) for tagging in taggings]
    if rows:
        session.execute(upsert(Tagging).on_conflict_do_nothing(), rows)
    return True


def delete_outdated(session: Session, study_id: uuid.UUID, author: str) -> None:
    """Delete what another tagger than this one left in a study, on words that may not be quoted any more."""
    session.execute(delete(Tagging).where(_BY_TAGGER, Tagging.study_id == study_id, Tagging.author != author))


def _row(study_id: uuid.UUID, talk: PublishedTalk, tagging: NewTagging) -> dict[str, object]:
    return {
        "study_id": study_id,
        "utterance_id": talk.utterance_ids[tagging.index],
        "code_id": tagging.code_id,
        "start": tagging.start,
        "end": tagging.end,
        "polarity": tagging.polarity,
        "author": tagging.author,
        "basis": tagging.basis,
        "confidence": tagging.confidence,
    }
