"""What evaluation reads: the published utterances with their roles, languages and taggings."""

import uuid
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.vocabulary import Role


@dataclass(frozen=True)
class StoredTurn:
    """A published utterance; `tags` are (code, kind, denied, given by a person)."""

    id: uuid.UUID
    interview: str
    participants: tuple[str, ...]
    role: Role
    language: str
    text: str
    tags: tuple[tuple[str, str, bool, bool], ...]


_PUBLISHED = """
SELECT utterance.id, interview.code AS interview, utterance.role, utterance.language, utterance.text,
  ARRAY(SELECT participant.code FROM interview_participant JOIN participant ON participant.id = participant_id
    WHERE interview_id = interview.id ORDER BY 1) AS participants,
  (SELECT jsonb_agg(jsonb_build_array(code.code, code.kind, polarity = 'denied', basis = 'person'))
    FROM tagging JOIN code ON code.id = code_id AND retired_at IS NULL WHERE utterance_id = utterance.id) AS tags
FROM utterance JOIN interview ON interview.transcript_id = utterance.transcript_id
  JOIN study ON study.id = interview.study_id
WHERE study.slug = :study ORDER BY interview.code, utterance.index
"""


def published_turns(session: Session, study: str) -> list[StoredTurn]:
    """Read all published utterances of a study in order.

    Raises:
        NotFoundError: nothing of that study is published.
    """
    rows = session.execute(text(_PUBLISHED), {"study": study}).all()
    if not rows:
        raise NotFoundError(f"nothing of study {study!r} is published; run `verbatim ingest FOLDER` first")
    return [
        StoredTurn(
            row.id,
            row.interview,
            tuple(row.participants),
            Role(row.role),
            row.language,
            row.text,
            tuple((tag[0], tag[1], tag[2], tag[3]) for tag in row.tags or ()),
        )
        for row in rows
    ]


def codebook_kinds(session: Session, study: str) -> dict[str, str]:
    """The kind of each code of a study's codebook."""
    statement = text("SELECT code, kind FROM code JOIN study ON study.id = study_id WHERE slug = :study")
    return {row.code: row.kind for row in session.execute(statement, {"study": study})}
