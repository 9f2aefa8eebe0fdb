"""The SQL of given answers and of what readers think of them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

_ANSWERS = """
SELECT answer.id, study.slug AS study, answer.question, answer.body ->> 'language' AS language,
  answer.body ->> 'status' AS status, jsonb_array_length(answer.body -> 'citations') AS quotes,
  CAST(answer.body ->> 'thread_id' AS uuid) AS thread_id, answer.created_at, '/answers/' || answer.id AS url,
  (SELECT count(*) FROM answer_feedback WHERE answer_id = answer.id AND verdict = 'helpful') AS helpful,
  (SELECT count(*) FROM answer_feedback WHERE answer_id = answer.id AND verdict = 'unhelpful') AS unhelpful
FROM answer JOIN study ON study.id = answer.study_id
WHERE answer.study_id = :study_id AND {condition}
ORDER BY answer.created_at DESC, answer.id DESC LIMIT :limit
"""

_FEEDBACK = """
SELECT verdict, reason, author, created_at FROM answer_feedback WHERE answer_id = :answer_id
ORDER BY created_at DESC, author
"""


def answers_before(
    session: Session, study_id: uuid.UUID, before: tuple[dt.datetime, uuid.UUID], limit: int
) -> Sequence[RowMapping]:
    """Up to `limit` answers of a study that are older than (time, id), the newest first."""
    at, identifier = before
    statement = _ANSWERS.format(condition="(answer.created_at, answer.id) < (:at, :id)")
    return _rows(session, statement, study_id=study_id, at=at, id=identifier, limit=limit)


def answers_of_thread(session: Session, study_id: uuid.UUID, thread_id: uuid.UUID, limit: int) -> Sequence[RowMapping]:
    """The last answers of a thread of a study, the newest first."""
    statement = _ANSWERS.format(condition="answer.body ->> 'thread_id' = :thread_id")
    return _rows(session, statement, study_id=study_id, thread_id=str(thread_id), limit=limit)


def feedback_on(session: Session, answer_id: uuid.UUID) -> Sequence[RowMapping]:
    """What readers think of an answer, the newest first."""
    return _rows(session, _FEEDBACK, answer_id=answer_id)


def _rows(session: Session, statement: str, **parameters: Any) -> Sequence[RowMapping]:
    return session.execute(text(statement), parameters).mappings().all()
