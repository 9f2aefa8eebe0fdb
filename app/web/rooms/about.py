"""Pages about the service itself: its problems explained, its API to be tried out."""

from fastapi import Request
from starlette.responses import Response

from app.rest.problems import PROBLEM_TYPES
from app.rest.routing import Router
from app.web.navigation import Destination
from app.web.problem_pages import NOBODY
from app.web.view import bare_view

# The page of the API loads its pictures from data URLs in its own style sheet.
DOCS_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

DESTINATIONS: tuple[Destination, ...] = ()

router = Router()


@router.get("/problems")
def show_problems(request: Request) -> Response:
    """Explain the kinds of problems that the API answers with."""
    return bare_view(request, NOBODY).show("about/problems.html", kinds=PROBLEM_TYPES.values())


@router.get("/docs")
def show_docs(request: Request) -> Response:
    """Show the API, to be tried out; nothing comes from elsewhere."""
    page = bare_view(request, NOBODY).show("about/docs.html")
    page.headers["Content-Security-Policy"] = DOCS_POLICY
    return page
