"""What was said in an interview, by whom; without consent to quotes only an admin reads it."""

import uuid

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.errors import ForbiddenError, NotFoundError
from app.library.pages import PageRequest, cut_page, decode_cursor
from app.library.queries import find_study, transcript_of, utterance_by_id, utterances_after
from app.library.schemas import PlacedUtterance, TranscriptPage
from app.privacy.keys import KeyRole, Principal


def read_transcript(
    session: Session, study: str, interview: str, page: PageRequest, reader: Principal, version: int | None = None
) -> TranscriptPage:
    """One page of the published transcript of an interview, or of another version.

    Raises:
        NotFoundError: there is no such study, interview or version, or it is not published yet.
        ForbiddenError: the participant did not consent to quotes, and the reader is no admin.
    """
    transcript = transcript_of(session, find_study(session, study), interview, version)
    _check_consent(transcript, reader)
    (after,) = decode_cursor(page.cursor, (-1,))
    found = utterances_after(session, transcript["id"], after, page.limit + 1)
    rows, next_cursor = cut_page(found, page.limit, lambda row: [row["index"]])
    return TranscriptPage.model_validate(
        {
            "study": study,
            "interview": interview,
            "transcript": transcript["id"],
            "version": transcript["version"],
            "superseded": transcript["superseded"],
            "utterances": rows,
            "next_cursor": next_cursor,
        }
    )


def read_utterance(session: Session, utterance_id: uuid.UUID, reader: Principal) -> PlacedUtterance:
    """One utterance, in its own words for ever: also when its transcript version was replaced.

    Raises:
        NotFoundError: there is no such utterance.
        ForbiddenError: the participant did not consent to quotes, and the reader is no admin.
    """
    utterance, place = utterance_by_id(session, utterance_id)
    _check_consent(place, reader)
    return PlacedUtterance.model_validate({**utterance, **place})


def read_excerpt(
    session: Session, study: str, utterance_id: uuid.UUID, before: int, after: int, reader: Principal
) -> TranscriptPage:
    """An utterance of a study with up to so many utterances before and after it, in order.

    Raises:
        NotFoundError: there is no such study, or no such utterance in it.
        ForbiddenError: the participant did not consent to quotes, and the reader is no admin.
    """
    find_study(session, study)
    utterance, place = utterance_by_id(session, utterance_id)
    if place["study"] != study:
        raise NotFoundError("there is no such utterance in this study")
    _check_consent(place, reader)
    first = max(0, utterance["index"] - before)
    rows = utterances_after(session, place["transcript"], first - 1, utterance["index"] + after + 1 - first)
    return TranscriptPage.model_validate({**place, "utterances": rows, "next_cursor": None})


def _check_consent(place: RowMapping, reader: Principal) -> None:
    if place["withheld"] and reader.role_in(place["study_id"]) is not KeyRole.ADMIN:
        raise ForbiddenError("the participant did not consent to be quoted: only an admin may read this transcript")
