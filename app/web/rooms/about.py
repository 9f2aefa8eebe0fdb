"""Pages about the service itself: its problems explained, its API to be tried out."""

from fastapi import APIRouter
from starlette.responses import Response

from app.rest.problems import PROBLEM_TYPES
from app.web.navigation import Destination
from app.web.view import ViewDep

# The page of the API loads its pictures from data URLs in its own style sheet.
DOCS_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

DESTINATIONS: tuple[Destination, ...] = ()

router = APIRouter()


@router.get("/problems")
def show_problems(view: ViewDep) -> Response:
    """Explain the kinds of problems that the API answers with."""
    return view.show("about/problems.html", kinds=PROBLEM_TYPES.values())


@router.get("/docs")
def show_docs(view: ViewDep) -> Response:
    """Show the API, to be tried out; nothing comes from elsewhere."""
    page = view.show("about/docs.html")
    page.headers["Content-Security-Policy"] = DOCS_POLICY
    return page
