"""What stands beside quotes on every page: names of segments, days of interviews, lists to put them on."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from app.answering.schemas import Citation
from app.library.collections.manage import list_collections
from app.library.interviews import read_dates
from app.library.pages import PageRequest
from app.library.studies import read_study
from app.web.view import View

MOST_COLLECTIONS = 20


def beside_quotes(session: Session, view: View, quotes: Iterable[Citation]) -> dict[str, Any]:
    """What `quote_card` is given with each quote.

    Raises:
        NotFoundError: there is no study.
    """
    return {
        "segments": read_segment_names(session, view),
        "dates": read_dates(session, view.slug, {quote.interview for quote in quotes}),
        "collections": list_collections(session, view.slug, PageRequest(MOST_COLLECTIONS)).collections,
    }


def read_segment_names(session: Session, view: View) -> dict[str, str]:
    """The names of the segments of a study in the language of the reader, by slug."""
    segments = read_study(session, view.slug).segments
    return {segment.slug: view.catalogue.label(segment.labels) or segment.slug for segment in segments}
