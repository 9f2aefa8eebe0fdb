"""The people of a study, under their codes."""

from sqlalchemy.orm import Session

from app.library.pages import PageRequest, cut_page, decode_cursor
from app.library.queries import find_study, participant_by_code, participants_after
from app.library.schemas import ParticipantEntry, ParticipantPage


def list_participants(session: Session, study: str, page: PageRequest) -> ParticipantPage:
    """One page of the participants of a study.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    (after,) = decode_cursor(page.cursor, ("",))
    found = participants_after(session, study_id, after, page.limit + 1)
    rows, next_cursor = cut_page(found, page.limit, lambda row: [row["code"]])
    return ParticipantPage.model_validate({"participants": rows, "next_cursor": next_cursor})


def read_participant(session: Session, study: str, code: str) -> ParticipantEntry:
    """One participant of a study.

    Raises:
        NotFoundError: there is no such study, or no such participant in it.
    """
    return ParticipantEntry.model_validate(participant_by_code(session, find_study(session, study), code))
