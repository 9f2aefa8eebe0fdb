"""Questions and their answers, whole or as events while they are made."""

import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import partial
from itertools import count
from typing import Annotated, Any

import structlog
from fastapi import Body, Depends, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel
from starlette.types import Scope

from app.answering.answer import answer_by_id
from app.answering.events import Answered, Began, Cited, Event, Written
from app.answering.schemas import Answer, Question
from app.errors import AppError
from app.library.history.read import give_feedback, list_answers, read_feedback
from app.library.history.schemas import AnswerPage, Feedback, FeedbackList
from app.rest.answer_work import LOOK_EVERY_S, Work, answer_steps, first_step, whole_answer
from app.rest.dependencies import PrincipalDep, ServicesDep, SessionDep
from app.rest.negotiation import choose_media_type, require_json
from app.rest.paging import PageDep, StudyParam, link_next
from app.rest.problems import problem_response
from app.rest.routing import Router

router = Router(tags=["answers"])

SILENT_AT_MOST_S = 15.0

_JSON, _EVENTS = "application/json", "text/event-stream"
_FORMATS: dict[int | str, dict[str, Any]] = {200: {"content": {_EVENTS: {}}}}
_HEADERS = {"Vary": "Accept"}

log = structlog.get_logger()


class Status(BaseModel):
    """Data of the event `status`: what is being done."""

    stage: str


class Token(BaseModel):
    """Data of the event `token`: the next piece of the summary."""

    text: str


class Done(BaseModel):
    """Data of the event `done`: under which link the answer stays."""

    id: uuid.UUID


@router.post("/answers", dependencies=[Depends(require_json)], response_model=Answer, responses=_FORMATS)
async def create_answer(
    request: Request, question: Annotated[Question, Body()], services: ServicesDep, principal: PrincipalDep
) -> Response:
    """Answer a question with cited quotes and counts of people, or say that there is no evidence.

    As events: `status` whenever a stage begins, `citation` for each verified quote, `token` for each piece of the
    summary, `answer` with the whole answer, and `done`; or `error` with a problem document.
    """
    media_type = choose_media_type(request.headers.get("accept"), (_JSON, _EVENTS))
    if media_type == _JSON:
        answer = await whole_answer(request, question, services, principal.account)
        return Response(answer.model_dump_json(), media_type=_JSON, headers=_HEADERS)
    work = Work(partial(answer_steps, question, services, principal.account), request.app.state.answer_places)
    steps = work.steps()
    first = await first_step(steps)
    return StreamingResponse(_stream(request.scope, first, steps), media_type=_EVENTS, headers=_HEADERS)


@router.get("/answers", name="list_answers")
def get_answers(
    request: Request, response: Response, session: SessionDep, study: StudyParam, page: PageDep
) -> AnswerPage:
    """List the answers that were given in a study, the newest first."""
    found = list_answers(session, study, page)
    link_next(request, response, found.next_cursor)
    return found


@router.get("/answers/{answer_id}/feedback", name="read_feedback")
def get_feedback(answer_id: uuid.UUID, session: SessionDep) -> FeedbackList:
    """Read what readers think of an answer."""
    return read_feedback(session, answer_id)


@router.post("/answers/{answer_id}/feedback", name="give_feedback", dependencies=[Depends(require_json)])
def post_feedback(
    answer_id: uuid.UUID, feedback: Feedback, session: SessionDep, principal: PrincipalDep
) -> FeedbackList:
    """Say whether an answer helped, and why; whoever changes their mind has one opinion still."""
    return give_feedback(session, answer_id, feedback, principal)


@router.get("/answers/{answer_id}")
def read_answer(answer_id: uuid.UUID, services: ServicesDep) -> Answer:
    """Read an answer that was given: its permanent link."""
    return answer_by_id(answer_id, services)


async def _stream(scope: Scope, first: Event, steps: AsyncGenerator[Event | None]) -> AsyncIterator[bytes]:
    """The steps as server-sent events, with a comment now and then where there is nothing to tell."""
    numbers = count(1)
    silent_s = 0.0
    yield _event(*_told(first), next(numbers))
    try:
        async with aclosing(steps):
            async for step in steps:
                if step is not None:
                    silent_s = 0.0
                    yield _event(*_told(step), next(numbers))
                    if isinstance(step, Answered):
                        yield _event("done", Done(id=step.answer.id).model_dump_json(), next(numbers))
                elif (silent_s := silent_s + LOOK_EVERY_S) >= SILENT_AT_MOST_S:
                    yield KEEPALIVE_COMMENT
                    silent_s = 0.0
    except Exception as error:  # noqa: BLE001 the response has begun: only an event can tell
        yield _event("error", _problem(scope, error), next(numbers))


def _told(step: Event) -> tuple[str, str]:
    """The name and the data of an event."""
    match step:
        case Began(stage):
            return "status", Status(stage=stage).model_dump_json()
        case Cited(citation):
            return "citation", citation.model_dump_json()
        case Written(text):
            return "token", Token(text=text).model_dump_json()
        case Answered(answer):
            return "answer", answer.model_dump_json()


def _problem(scope: Scope, error: Exception) -> str:
    if not isinstance(error, AppError):
        log.error("answer failed", request_id=scope["state"]["request_id"], exc_info=error)
        return bytes(problem_response(scope, 500).body).decode()
    return bytes(problem_response(scope, error.status_code, error.message).body).decode()


def _event(name: str, data: str, number: int) -> bytes:
    return format_sse_event(event=name, data_str=data, id=str(number))
