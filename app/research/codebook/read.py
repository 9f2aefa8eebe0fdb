"""The codebook of a study and its history, read."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.library.pages import PageRequest, cut_page, decode_cursor, decode_moment, moment_keys
from app.library.queries import find_study
from app.research.codebook.queries import changes_before, code_by_name, codes_after
from app.research.codebook.schemas import CodebookEntry, CodebookPage, HistoryPage
from app.tagging.store import read_code_names
from app.vocabulary import Kind

ListedState = Literal["live", "retired", "merged", "all"]


def list_codes(
    session: Session, study: str, page: PageRequest, state: ListedState = "live", kinds: Sequence[Kind] = ()
) -> CodebookPage:
    """One page of the codes of a study.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    (after,) = decode_cursor(page.cursor, ("",))
    found = codes_after(session, study_id, state, kinds, after, page.limit + 1)
    rows, next_cursor = cut_page(found, page.limit, lambda row: [row["code"]])
    return CodebookPage.model_validate({"study": study, "codes": rows, "next_cursor": next_cursor})


def read_code(session: Session, study: str, name: str) -> CodebookEntry:
    """One code, retired or merged ones included; a former name leads to what it is called now.

    Raises:
        NotFoundError: there is no such study or code.
    """
    study_id = find_study(session, study)
    row = code_by_name(session, study_id, name)
    if row is None:
        renamed = read_code_names(session, study_id).get(name)
        row = code_by_name(session, study_id, renamed.code) if renamed else None
    if row is None:
        raise NotFoundError(f"there is no code {name!r} in this study")
    return CodebookEntry.model_validate(row)


def read_history(session: Session, study: str, page: PageRequest, code: str | None = None) -> HistoryPage:
    """One page of what was done to a codebook, or to what one code was called then.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    found = changes_before(session, study_id, code, decode_moment(page.cursor), page.limit + 1)
    rows, next_cursor = cut_page(found, page.limit, moment_keys)
    return HistoryPage.model_validate({"study": study, "changes": rows, "next_cursor": next_cursor})
