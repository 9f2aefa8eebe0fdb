"""What tagging reads from the database, and what it writes there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, select, text
from sqlalchemy.orm import Session

from app.bulk import insert_rows
from app.errors import NotFoundError
from app.isolation import is_open
from app.models import Code, Interview, Study, Tagging, Utterance
from app.tagging.codes import CodeName, code_text, follow_names
from app.tagging.features import Said
from app.tagging.settled import Settled
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
  question.text AS question
FROM interview JOIN passage ON passage.interview_id = interview.id JOIN utterance ON utterance.id = passage.utterance_id
    AND utterance.transcript_id = interview.transcript_id AND utterance.role = 'participant'
  LEFT JOIN utterance AS question ON question.id = passage.question_id
WHERE interview.id = :interview_id
  AND (:whole OR NOT EXISTS (SELECT FROM passage_gist WHERE passage_gist.utterance_id = utterance.id))
ORDER BY utterance.index
"""

# Who accepted or corrected one suggestion has not thereby coded the whole utterance.
_SETTLED = """
SELECT place, code_id, bool_or(is_coded) AS is_coded FROM (
  SELECT utterance.index AS place, code_id, NOT EXISTS (
    SELECT FROM tagging_review WHERE tagging_id = tagging.id AND tagging_review.basis <> 'person'
      AND undone_at IS NULL) AS is_coded
  FROM utterance JOIN tagging ON tagging.utterance_id = utterance.id AND basis = 'person'
  WHERE transcript_id = :transcript_id
  UNION ALL SELECT utterance.index, code_id, false
  FROM utterance JOIN tagging_review ON tagging_review.utterance_id = utterance.id AND undone_at IS NULL
  WHERE transcript_id = :transcript_id) AS settled
GROUP BY place, code_id
"""

_GENERAL = """
SELECT code.id FROM code JOIN transcript ON transcript.study_id = code.study_id
WHERE transcript.id = :transcript_id AND code = kind
"""

_OUTDATED = """
SELECT bool_or(basis <> 'person' AND author <> :author) OR max(created_at) FILTER (WHERE basis = 'person') >
  coalesce(min(created_at) FILTER (WHERE basis <> 'person'), '-infinity')
FROM tagging WHERE study_id = :study_id AND (basis = 'person' OR starts_with(author, :tagger))
"""

_BY_TAGGER = and_(Tagging.basis != "person", Tagging.author.startswith(f"{TAGGER}/", autoescape=True))


@dataclass(frozen=True)
class PublishedTalk:
    """What participants say in a published interview; `utterance_ids` leads from the index to the id."""

    transcript_id: uuid.UUID
    said: tuple[Said, ...]
    utterance_ids: dict[int, uuid.UUID]


def read_codes(session: Session, study_id: uuid.UUID) -> tuple[TagCode, ...]:
    """Read the codes of a study, each with the passages that persons tagged with it last."""
    passages: dict[uuid.UUID, list[TaggedPassage]] = {}
    parameters = {"study_id": study_id, "most": MOST_PASSAGES_OF_CODE}
    for code_id, interview_id, words, question in session.execute(text(_TAGGED_PASSAGES), parameters):
        passages.setdefault(code_id, []).append(TaggedPassage(interview_id, words, question))
    columns = (Code.id, Code.code, Code.kind, Code.labels, Code.about, Code.examples)
    live = select(*columns).where(Code.study_id == study_id, Code.retired_at.is_(None))
    codes = session.execute(live.order_by(Code.code)).all()
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


def read_code_names(session: Session, study_id: uuid.UUID) -> dict[str, CodeName]:
    """The code of a study that each name leads to, retired codes included."""
    columns = (Code.id, Code.code, Code.former_names, Code.merged_into)
    rows = session.execute(select(*columns).where(Code.study_id == study_id).order_by(Code.code))
    return follow_names([CodeName(row.id, row.code, tuple(row.former_names), row.merged_into) for row in rows])


def find_study(session: Session, slug: str) -> uuid.UUID:
    """Id of a study by its name.

    Raises:
        NotFoundError: there is none.
    """
    study_id = session.scalar(select(Study.id).where(Study.slug == slug))
    if study_id is None or not is_open(session, study_id):
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


def read_talk(session: Session, interview_id: uuid.UUID, *, whole: bool = False) -> PublishedTalk | None:
    """Read what participants say in a published interview; `None` when that is nothing.

    What a chat model tags is left out, unless the `whole` talk is wanted.
    """
    rows = session.execute(text(_SAID), {"interview_id": interview_id, "whole": whole}).all()
    if not rows:
        return None
    return PublishedTalk(
        rows[0].transcript_id,
        tuple(Said(row.place, row.text, row.language, row.question) for row in rows),
        {row.place: row.id for row in rows},
    )


def read_settled(session: Session, transcript_id: uuid.UUID) -> Settled:
    """What persons settled of the tags of a transcript."""
    of_transcript = {"transcript_id": transcript_id}
    rows = session.execute(text(_SETTLED), of_transcript).all()
    return Settled(
        coded=frozenset(row.place for row in rows if row.is_coded),
        pairs=frozenset((row.place, row.code_id) for row in rows),
        general=frozenset(session.scalars(text(_GENERAL), of_transcript)),
    )


def is_outdated(session: Session, study_id: uuid.UUID, author: str) -> bool:
    """Whether a person tagged in a study after the tagger, or another tagger than this one did last."""
    parameters = {"study_id": study_id, "author": author, "tagger": f"{TAGGER}/"}
    return bool(session.scalar(text(_OUTDATED), parameters))


def replace_taggings(
    session: Session, study_id: uuid.UUID, interview_id: uuid.UUID, talk: PublishedTalk, taggings: Sequence[NewTagging]
) -> int | None:
    """Put these taggings, but for what persons settled, in the place of the tagger's former ones.

    Returns:
        how many were put; `None` when the interview was published anew since.
    """
    published = select(Interview.transcript_id).where(Interview.id == interview_id).with_for_update()
    if session.scalar(published) != talk.transcript_id:
        return None
    of_interview = select(Utterance.id).where(Utterance.interview_id == interview_id)
    session.execute(delete(Tagging).where(_BY_TAGGER, Tagging.utterance_id.in_(of_interview)))
    rows = [_row(study_id, talk, tagging) for tagging in read_settled(session, talk.transcript_id).leave(taggings)]
    if rows:
        session.execute(insert_rows(Tagging, rows).on_conflict_do_nothing())
    return len(rows)


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
