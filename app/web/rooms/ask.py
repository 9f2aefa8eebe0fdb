"""Ask: questions, their answers with quotes beside them, and what was asked before."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.answering.answer import find_answer
from app.rest.dependencies import ServicesDep
from app.rest.questions import question_of
from app.scope import Filters
from app.web.navigation import Destination
from app.web.view import ViewDep

DESTINATIONS = (Destination("ask", "/"),)

router = APIRouter()


@router.get("/")
def show_ask(view: ViewDep, services: ServicesDep, q: Annotated[str | None, Query(max_length=2000)] = None) -> Response:
    """Show the question box; a question in the address is answered with quotes, without a chat model, and not kept."""
    answer = None
    if q and q.strip():
        answer = find_answer(question_of(q, view.slug, Filters()), replace(services, chat=None))
    return view.show("ask/ask.html", here="/", answer=answer)
