"""Problems as pages, for browsers: made of the same problem document that everybody else is answered with."""

import json
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from app.errors import UnauthorizedError
from app.privacy.keys import KeyRole, Principal
from app.rest.negotiation import NotAcceptableError, choose_media_type
from app.rest.problem_handlers import HANDLED, problem_of
from app.rest.problems import PROBLEM_JSON, problem_response
from app.web.languages import Catalogue
from app.web.view import bare_view

NOBODY = Principal("nobody", KeyRole.VIEWER)

_MACHINES = ("/v1/", "/mcp", "/openapi.json", "/static/")
_OWN_HEADERS = frozenset({"content-length", "content-type"})


def install_problem_pages(app: FastAPI) -> None:
    """Show browsers a page where a request cannot be answered; anybody else is given the problem document."""
    for kind in HANDLED:
        app.add_exception_handler(kind, _show_problem)


def _show_problem(request: Request, error: Exception) -> Response:
    document = problem_of(request, error)
    if document is None:
        raise error
    if not _wants_page(request):
        return document
    if document.status_code == UnauthorizedError.status_code and request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/sign-in?{urlencode({'back': request.url.path + query})}", status_code=303)
    return _page(request, document)


def tell_fault(scope: Scope, status: int) -> Response:
    """Tell of a fault of ours: browsers by a page."""
    request, document = Request(scope), problem_response(scope, status)
    return _page(request, document) if _wants_page(request) else document


def _page(request: Request, document: Response) -> Response:
    problem = json.loads(bytes(document.body))
    view = bare_view(request, getattr(request.state, "principal", NOBODY))
    own = problem.get("detail") in view.catalogue.texts.values()
    words = _words(view.catalogue, problem)
    page = view.show("problem.html", document.status_code, problem=problem, words=words, is_own=own)
    page.headers.update({name: value for name, value in document.headers.items() if name not in _OWN_HEADERS})
    return page


def _words(texts: Catalogue, problem: dict[str, str]) -> dict[str, str]:
    """What a page says of a kind of problem; what happened follows in the words of the service."""
    kind = problem["type"].partition("#")[2]
    known = f"problem.{kind}.title" in texts.texts
    return {part: texts.text(f"problem.{kind if known else 'other'}.{part}") for part in ("title", "remedy")}


def _wants_page(request: Request) -> bool:
    if request.url.path.startswith(_MACHINES):
        return False
    try:
        return choose_media_type(request.headers.get("accept"), (PROBLEM_JSON, "text/html")) == "text/html"
    except NotAcceptableError:
        return False
