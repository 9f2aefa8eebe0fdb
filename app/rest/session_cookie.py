"""The cookie of who signed in on the pages, and what tells a request of these pages from one of elsewhere."""

from fastapi import Request

from app.errors import ForbiddenError
from app.privacy.sessions import is_csrf_token
from app.rest.origin import refuse_other_pages

SESSION_COOKIE = "verbatim_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_MACHINES = ("/v1/", "/mcp")


def session_cookie(request: Request) -> str | None:
    """The cookie of the session, where keys are required at all."""
    return request.cookies.get(SESSION_COOKIE) if request.app.state.require_keys else None


def check_csrf_token(request: Request, given: str = "") -> None:
    """Refuse to change anything for a session that a request names without having read one of its pages.

    Args:
        request: whose session counts, if there is any; scripts send its token as the header `X-CSRF-Token`.
        given: the token of a form.

    Raises:
        ForbiddenError: the token is not that of the session.
    """
    cookie = session_cookie(request)
    if cookie is not None and not is_csrf_token(cookie, given or request.headers.get(CSRF_HEADER, "")):
        raise ForbiddenError("this form is of another session: reload the page and send it again")


def check_session_request(request: Request) -> None:
    """Let scripts of our own pages alone change something through the API; forms of pages are checked with them.

    A browser says of each request whether a page of this site makes it; who says nothing shows the token.

    Raises:
        ForbiddenError: the request comes from elsewhere.
    """
    if request.method not in _SAFE_METHODS and request.url.path.startswith(_MACHINES):
        refuse_other_pages(request)
        if request.headers.get("sec-fetch-site") != "same-origin":
            check_csrf_token(request)
