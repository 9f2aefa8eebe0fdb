"""A documented part of OpenAI's API, so that clients of language models can talk to a study as to a model."""

import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from typing import Annotated, Any

from fastapi import Body, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic_core import to_json
from sqlalchemy.orm import Session

from app.answering.answer import answer_by_id
from app.answering.events import Answered, Event
from app.answering.questions import question_of
from app.answering.schemas import Answer, Question
from app.chat import ChatError
from app.errors import Fault, InvalidInputError, NotFoundError
from app.library.answer_markdown import answer_markdown, answer_shown
from app.library.pages import MOST_LIMIT, PageRequest
from app.library.studies import list_studies
from app.rest.answer_work import LOOK_EVERY_S, Work, answer_steps, first_step
from app.rest.dependencies import PrincipalDep, ServicesDep, SessionDep
from app.rest.negotiation import require_json
from app.rest.openai_errors import OpenAIRoute, declare_openai_errors, error_event
from app.rest.openai_schemas import (
    ChatCompletion,
    ChatMessage,
    ChatRequest,
    Choice,
    CompletionMessage,
    ModelEntry,
    ModelList,
    StreamOptions,
    Usage,
)
from app.rest.origin import origin_of
from app.rest.routing import Router
from app.scope import Filters
from app.services import Services

SILENT_AT_MOST_S = 15.0
MODEL = "verbatim"
"""The model where there is one study; with a hyphen and its slug, that of a study."""

_EVENTS = "text/event-stream"
_FORMATS: dict[int | str, dict[str, Any]] = {200: {"content": {_EVENTS: {}}}}

router = Router(tags=["openai"], route_class=OpenAIRoute)


@router.get("/models", name="list_models", responses=declare_openai_errors(401, 429, 503))
def get_models(session: SessionDep) -> ModelList:
    """List the studies as models: `verbatim-<slug>`; where there is one study, also `verbatim`."""
    return ModelList(data=tuple(ModelEntry(id=name) for name in _models(session)))


@router.get("/models/{model}", name="read_model", responses=declare_openai_errors(401, 404, 429, 503))
def get_model(model: str, session: SessionDep) -> ModelEntry:
    """Read one model."""
    _study_of(session, model)
    return ModelEntry(id=model)


@router.post(
    "/chat/completions",
    name="create_chat_completion",
    dependencies=[Depends(require_json)],
    response_model=ChatCompletion,
    responses=_FORMATS | declare_openai_errors(400, 401, 404, 413, 415, 429, 503),
)
async def post_chat_completion(
    request: Request, body: Annotated[ChatRequest, Body()], services: ServicesDep, principal: PrincipalDep
) -> Response:
    """Answer the last message of the user; with `stream`, in pieces.

    After an answer of this service it is a follow-up question. Quotes are checked before anything is sent. Messages of
    the system change nothing, and neither do parameters that steer a language model.
    """
    question = await run_in_threadpool(_question, body, services)
    work = Work(partial(answer_steps, question, services, principal.account), request.app.state.answer_places)
    steps = work.steps()
    await first_step(steps)
    if body.stream:
        return StreamingResponse(_stream(request, body, steps), media_type=_EVENTS)
    async for step in steps:
        if isinstance(step, Answered):
            completion = _completion(step.answer, body.model, origin_of(request))
            return Response(completion.model_dump_json(), media_type="application/json")
        if step is None and await request.is_disconnected():
            break
    raise ChatError("cancelled")


def _question(body: ChatRequest, services: Services) -> Question:
    if body.n not in (None, 1):
        raise InvalidInputError("one question has one answer", (Fault("n", f"is {body.n}", "leave it out"),))
    text = _last_question(body.messages)
    with services.database.sessions.begin() as session:
        study = _study_of(session, body.model)
    thread_id = _thread_of(body.messages, study, services)
    return question_of(text, study, Filters(), place="messages", thread_id=thread_id)


def _thread_of(messages: Sequence[ChatMessage], study: str, services: Services) -> uuid.UUID | None:
    """The thread of the last answer in the conversation, if it is one of this study."""
    said = next((message.text for message in reversed(messages) if message.role == "assistant"), "")
    shown = answer_shown(said)
    if shown is None:
        return None
    try:
        answer = answer_by_id(shown, services)
    except NotFoundError:
        return None
    return answer.thread_id if answer.study == study else None


def _models(session: Session) -> list[str]:
    studies = list_studies(session, PageRequest(MOST_LIMIT)).studies
    return ([MODEL] if len(studies) == 1 else []) + [f"{MODEL}-{study.slug}" for study in studies]


def _study_of(session: Session, model: str) -> str:
    """The study that a model is of.

    Raises:
        NotFoundError: there is no such model.
    """
    models = _models(session)
    if model in models:
        return models[-1].removeprefix(f"{MODEL}-") if model == MODEL else model.removeprefix(f"{MODEL}-")
    advice = f"name one of {', '.join(models)}" if models else "run `verbatim ingest FOLDER` first"
    raise NotFoundError("there is no such model", (Fault("model", "is no study", advice),))


def _last_question(messages: Sequence[ChatMessage]) -> str:
    """The text of the last message of the user.

    Raises:
        InvalidInputError: there is none, or it holds something else than text.
    """
    asked = next((message for message in reversed(messages) if message.role == "user"), None)
    if asked is None or not asked.content:
        fault = Fault("messages", "hold no question", "end them with a message of the role `user`")
        raise InvalidInputError("there is nothing to answer", (fault,))
    if others := asked.other_types:
        fault = Fault("messages", f"hold parts of the type {', '.join(others)[:100]}", "send text alone")
        raise InvalidInputError("only text can be answered", (fault,))
    return asked.text


def _completion(answer: Answer, model: str, origin: str) -> ChatCompletion:
    return ChatCompletion(
        id=f"chatcmpl-{answer.id}",
        created=int(time.time()),
        model=model,
        choices=(Choice(message=CompletionMessage(content=answer_markdown(answer, origin))),),
        usage=Usage(prompt_tokens=answer.provenance.tokens, total_tokens=answer.provenance.tokens),
        verbatim=answer,
    )


async def _stream(request: Request, body: ChatRequest, steps: AsyncGenerator[Event | None]) -> AsyncIterator[bytes]:
    """The pieces of a completion when its answer is there; until then a comment now and then keeps the line open."""
    silent_s = 0.0
    try:
        async with aclosing(steps):
            async for step in steps:
                if isinstance(step, Answered):
                    completion = _completion(step.answer, body.model, origin_of(request))
                    for event in _events(completion, body.stream_options):
                        yield event
                elif (silent_s := silent_s + (step is None) * LOOK_EVERY_S) >= SILENT_AT_MOST_S:
                    yield KEEPALIVE_COMMENT
                    silent_s = 0.0
    except Exception as error:  # noqa: BLE001 the response has begun: only an event can tell
        yield error_event(request, error)


def _events(completion: ChatCompletion, options: StreamOptions | None) -> Iterator[bytes]:
    """The role, the lines of the text, the end with the whole answer, on demand usage."""
    yield _chunk(completion, {"role": "assistant", "content": ""})
    for line in completion.choices[0].message.content.splitlines(keepends=True):
        yield _chunk(completion, {"content": line})
    yield _chunk(completion, {}, finish_reason="stop", verbatim=completion.verbatim.model_dump(mode="json"))
    if options and options.include_usage:
        yield _event(_header(completion) | {"choices": [], "usage": completion.usage.model_dump()})
    yield format_sse_event(data_str="[DONE]")


def _chunk(completion: ChatCompletion, delta: dict[str, str], finish_reason: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return _event(_header(completion) | {"choices": [choice], **more})


def _header(completion: ChatCompletion) -> dict[str, Any]:
    return {
        "id": completion.id,
        "object": "chat.completion.chunk",
        "created": completion.created,
        "model": completion.model,
    }


def _event(body: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=to_json(body).decode())
