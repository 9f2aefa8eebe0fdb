"""Studies, and what their filters can name."""

from sqlalchemy.orm import Session

from app.errors import Fault, InvalidInputError, NotFoundError
from app.library.pages import PageRequest, cut_page, decode_cursor
from app.library.queries import codes_of, find_study, segments_of, studies_after, study_by_id, team_of
from app.library.schemas import StudyDetail, StudyPage


def list_studies(session: Session, page: PageRequest) -> StudyPage:
    """One page of the studies."""
    (after,) = decode_cursor(page.cursor, ("",))
    rows, next_cursor = cut_page(studies_after(session, after, page.limit + 1), page.limit, lambda row: [row["slug"]])
    return StudyPage.model_validate({"studies": rows, "next_cursor": next_cursor})


def read_study(session: Session, slug: str) -> StudyDetail:
    """One study with its segments, codes and team.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, slug)
    parts = {
        "segments": segments_of(session, study_id),
        "codes": codes_of(session, study_id),
        "team": team_of(session, study_id),
    }
    return StudyDetail.model_validate({**study_by_id(session, study_id), **parts})


def sole_study(session: Session) -> str:
    """The slug of the only study there is.

    Raises:
        NotFoundError: there is none yet.
        InvalidInputError: there are several.
    """
    slugs = [study.slug for study in list_studies(session, PageRequest()).studies]
    if not slugs:
        raise NotFoundError("there is no study yet; run `verbatim ingest FOLDER`, or `verbatim demo` for the sample")
    if len(slugs) > 1:
        fault = Fault("study", "is missing", f"name one of {', '.join(slugs)}")
        raise InvalidInputError("there are several studies", (fault,))
    return slugs[0]
