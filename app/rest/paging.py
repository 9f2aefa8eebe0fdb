"""Parameters that many addresses share, and the link to the next page."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response

from app.errors import InvalidInputError
from app.library.pages import DEFAULT_LIMIT, LONGEST_CURSOR, MOST_LIMIT, PageRequest

LONGEST_SLUG = 63
LONGEST_CODE = 200

LimitParam = Annotated[int, Query(ge=1, le=MOST_LIMIT, description="most items of this page")]
CursorParam = Annotated[
    str | None, Query(max_length=LONGEST_CURSOR, description="`next_cursor` of the page before, unchanged")
]
StudyParam = Annotated[
    str, Query(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
]
CodeParam = Annotated[str, Path(max_length=LONGEST_CODE, description="slug or code")]


def page_request(limit: LimitParam = DEFAULT_LIMIT, cursor: CursorParam = None) -> PageRequest:
    """The page that the query asks for."""
    return PageRequest(limit, cursor)


PageDep = Annotated[PageRequest, Depends(page_request)]


@contextmanager
def faults_in_query(parameters: Mapping[str, str]) -> Iterator[None]:
    """Let faults in filters point to the parameters that the filters came from."""
    try:
        yield
    except InvalidInputError as error:
        faults = (replace(fault, place=parameters.get(fault.place, fault.place)) for fault in error.faults)
        raise InvalidInputError(error.message, tuple(faults)) from error


def link_next(request: Request, response: Response, next_cursor: str | None) -> None:
    """Add `Link: <…>; rel="next"` where there is a next page."""
    if next_cursor is not None:
        url = request.url.include_query_params(cursor=next_cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
