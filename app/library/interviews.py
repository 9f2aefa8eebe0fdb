"""The interviews of a study."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.library.pages import PageRequest, cut_page, decode_cursor
from app.library.queries import (
    WantedInterviews,
    dates_of,
    find_study,
    interview_by_code,
    interviews_after,
    recordings_of,
)
from app.library.schemas import InterviewEntry, InterviewPage, RecordingEntry

EVERY_INTERVIEW = WantedInterviews()


def list_interviews(
    session: Session, study: str, page: PageRequest, wanted: WantedInterviews = EVERY_INTERVIEW
) -> InterviewPage:
    """One page of the wanted interviews of a study.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    (after,) = decode_cursor(page.cursor, ("",))
    found = interviews_after(session, study_id, after, page.limit + 1, wanted)
    rows, next_cursor = cut_page(found, page.limit, lambda row: [row["code"]])
    return InterviewPage.model_validate({"interviews": rows, "next_cursor": next_cursor})


def read_interview(session: Session, study: str, code: str) -> InterviewEntry:
    """One interview of a study.

    Raises:
        NotFoundError: there is no such study, or no such interview in it.
    """
    return InterviewEntry.model_validate(interview_by_code(session, find_study(session, study), code))


def list_recordings(session: Session, study: str, code: str) -> tuple[RecordingEntry, ...]:
    """The recordings of an interview, that of all speakers first.

    Raises:
        NotFoundError: there is no such study.
    """
    rows = recordings_of(session, find_study(session, study), code)
    return tuple(map(RecordingEntry.model_validate, rows))


def read_dates(session: Session, study: str, interviews: Iterable[str]) -> dict[str, dt.date]:
    """The days on which interviews were held, by their codes; those without a day are left out.

    Raises:
        NotFoundError: there is no such study.
    """
    rows = dates_of(session, find_study(session, study), sorted(set(interviews)))
    return {row["code"]: row["date"] for row in rows}
