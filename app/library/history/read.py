"""Answers that were given: listed, followed along their thread, and judged by their readers."""

import uuid

from sqlalchemy.orm import Session

from app.answering.queries import read_answer
from app.library.history import queries, store
from app.library.history.schemas import AnswerEntry, AnswerPage, Feedback, FeedbackList, GivenFeedback
from app.library.pages import PageRequest, cut_page, decode_moment, moment_keys
from app.library.queries import find_study
from app.privacy.keys import Principal

MOST_TURNS = 20


def list_answers(session: Session, study: str, page: PageRequest) -> AnswerPage:
    """One page of the answers of a study, the newest first.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the cursor is none of this list.
    """
    before = decode_moment(page.cursor)
    found = queries.answers_before(session, find_study(session, study), before, page.limit + 1)
    rows, next_cursor = cut_page(found, page.limit, moment_keys)
    return AnswerPage(answers=tuple(AnswerEntry(**row) for row in rows), next_cursor=next_cursor)


def read_conversation(session: Session, study: str, thread_id: uuid.UUID) -> tuple[AnswerEntry, ...]:
    """The last answers of a thread, oldest first; none where the study has no such thread.

    Raises:
        NotFoundError: there is no such study.
    """
    rows = queries.answers_of_thread(session, find_study(session, study), thread_id, MOST_TURNS)
    return tuple(AnswerEntry(**row) for row in reversed(rows))


def read_feedback(session: Session, answer_id: uuid.UUID) -> FeedbackList:
    """What readers think of an answer, the newest first.

    Raises:
        NotFoundError: there is no such answer.
    """
    read_answer(session, answer_id)
    return FeedbackList(feedback=tuple(GivenFeedback(**row) for row in queries.feedback_on(session, answer_id)))


def give_feedback(session: Session, answer_id: uuid.UUID, feedback: Feedback, reader: Principal) -> FeedbackList:
    """Keep what a reader thinks of an answer; another opinion of theirs replaces it.

    Raises:
        NotFoundError: there is no such answer.
    """
    read_answer(session, answer_id)
    store.put_feedback(session, answer_id, feedback, reader.account)
    return read_feedback(session, answer_id)
