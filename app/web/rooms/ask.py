"""Ask: questions, their answers with quotes beside them, and what was asked before."""

import uuid
from dataclasses import replace
from typing import Annotated

from fastapi import Form, Query, Request
from starlette.responses import Response

from app.answering.answer import answer_by_id, find_answer
from app.answering.schemas import AUDIENCES, Audience
from app.errors import Fault, InvalidInputError
from app.library.history.read import give_feedback, list_answers, read_conversation, read_feedback
from app.library.history.schemas import LONGEST_REASON, Feedback, Verdict
from app.privacy.audit import Action
from app.rest.answer_work import whole_answer
from app.rest.dependencies import OpenedServicesDep, ServicesDep, SessionDep, note
from app.rest.paging import PageDep
from app.rest.questions import question_of
from app.rest.routing import Router
from app.web.beside import beside_quotes
from app.web.examples import example_questions
from app.web.facets import read_facets, read_filters
from app.web.forms import FORM
from app.web.navigation import Destination
from app.web.view import View, ViewDep

DESTINATIONS = (Destination("ask", "/"),)

router = Router()


@router.get("/")
def show_ask(
    request: Request,
    view: ViewDep,
    services: ServicesDep,
    opened: OpenedServicesDep,
    q: Annotated[str, Query(max_length=2000)] = "",
    audience: Audience = AUDIENCES[0],
) -> Response:
    """Show the question box; a question in the address is answered by quotes alone, and neither kept nor charged."""
    if view.study is None:
        return view.show("ask/empty.html", here="/")
    filters = read_filters(request.query_params)
    answer = None
    if q.strip():
        note(request, opened, view.reader, Action.READ, assumed=view.slug)
        answer = find_answer(question_of(q, view.slug, filters, audience), replace(services, chat=None))
    with services.database.sessions.begin() as session:
        facets = read_facets(session, view.slug, view.catalogue).with_chosen(filters)
        examples = example_questions(session, view.slug, view.catalogue)
        beside = beside_quotes(session, view, answer.quotes) if answer else {}
    shown = {"question": q, "audience": audience, "facets": facets, "examples": examples, "answer": answer, **beside}
    return view.show("ask/ask.html", here="/", audiences=AUDIENCES, **shown)


@router.post("/", dependencies=FORM)
async def ask(request: Request, view: ViewDep, services: ServicesDep) -> Response:
    """Answer the question of the form, and lead to the answer's permanent link."""
    async with request.form(max_files=0) as form:
        text, audience = str(form.get("q", "")), str(form.get("audience", AUDIENCES[0]))
        question = question_of(text, view.slug, read_filters(form), audience, _thread(view, form.get("thread")))
    answer = await whole_answer(request, question, services, view.reader.account)
    return view.go(f"/answers/{answer.id}")


@router.get("/answers/{answer_id}")
def show_answer(answer_id: uuid.UUID, view: ViewDep, services: ServicesDep) -> Response:
    """Show an answer that was given, as it was given: its permanent link."""
    answer = answer_by_id(answer_id, services)
    view = view.of(answer.study)
    with services.database.sessions.begin() as session:
        turns = read_conversation(session, answer.study, answer.thread_id) if answer.thread_id else ()
        opinions = read_feedback(session, answer_id).feedback
        beside = beside_quotes(session, view, answer.quotes)
    opinion = next((entry for entry in opinions if entry.author == view.reader.account), None)
    shown = {"answer": answer, "turns": turns, "opinion": opinion, **beside}
    return view.show("ask/answered.html", study_stays=False, audience=answer.audience, audiences=AUDIENCES, **shown)


@router.post("/answers/{answer_id}/feedback", dependencies=FORM)
def keep_feedback(
    answer_id: uuid.UUID,
    view: ViewDep,
    session: SessionDep,
    verdict: Annotated[Verdict, Form()],
    reason: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
) -> Response:
    """Keep what the reader thinks of an answer."""
    give_feedback(session, answer_id, Feedback(verdict=verdict, reason=reason.strip() or None), view.reader)
    return view.go(f"/answers/{answer_id}#feedback", flash="feedback")


@router.get("/history")
def show_history(view: ViewDep, session: SessionDep, page: PageDep) -> Response:
    """Show what was asked before, the newest first."""
    return view.show("ask/history.html", history=list_answers(session, view.slug, page))


def _thread(view: View, given: object) -> uuid.UUID | None:
    """The thread that a form continues.

    Raises:
        InvalidInputError: it is none.
    """
    try:
        return uuid.UUID(str(given)) if given else None
    except ValueError as error:
        text = view.catalogue.text
        fault = Fault("thread", text("problem.own.is_unreadable"), text("problem.own.ask_there"))
        raise InvalidInputError(text("problem.own.no_thread"), (fault,)) from error
