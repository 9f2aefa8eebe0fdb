"""Errors in the shape that clients of OpenAI's API understand, made of the problem documents of the other routes."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, Field

from app.rest.problem_handlers import problem_of
from app.rest.problems import PROBLEM_TYPES, problem_response
from app.rest.routing import Route

_STATUSES = {422: 400}
_CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
_HEADERS = ("WWW-Authenticate", "Retry-After")

log = structlog.get_logger()


class OpenAIErrorDetail(BaseModel):
    """What went wrong."""

    message: str = Field(examples=["there is no model 'gpt-5' → name one of verbatim-nido"])
    type: str = Field(examples=["invalid_request_error"])
    param: str | None = Field(description="the parameter that is wrong", examples=["model"])
    code: str | None = Field(examples=["model_not_found"])


class OpenAIError(BaseModel):
    """An error as OpenAI's API gives it."""

    error: OpenAIErrorDetail


class OpenAIRoute(Route):
    """A route whose errors have OpenAI's shape."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler of the route."""
        handle = super().get_route_handler()

        async def handle_or_explain(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as error:
                problem = problem_of(request, error)
                if problem is None:
                    raise
                return _translated(problem)

        return handle_or_explain


def declare_openai_errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare the errors that a route answers with, for OpenAPI."""
    return {status: {"description": PROBLEM_TYPES[status].title, "model": OpenAIError} for status in statuses}


def error_event(request: Request, error: Exception) -> bytes:
    """The event that tells an error after a stream has begun."""
    problem = problem_of(request, error)
    if problem is None:
        log.error("answer failed", request_id=request.state.request_id, exc_info=error)
        problem = problem_response(request.scope, 500)
    return format_sse_event(data_str=bytes(_translated(problem).body).decode())


def _translated(problem: Response) -> Response:
    body = json.loads(bytes(problem.body))
    faults = body["errors"]
    named = "; ".join(f"{_parameter(fault['pointer'])}: {fault['detail']}" for fault in faults)
    status = _STATUSES.get(problem.status_code, problem.status_code)
    detail = OpenAIErrorDetail(
        message=f"{body['detail']} ({named})" if named else body["detail"],
        type="invalid_request_error" if status < 500 else "server_error",
        param=_parameter(faults[0]["pointer"]) if faults else None,
        code=_CODES.get(status, body["type"].partition("#")[2].replace("-", "_")),
    )
    headers = {name: problem.headers[name] for name in _HEADERS if name in problem.headers}
    return JSONResponse(OpenAIError(error=detail).model_dump(), status, headers)


def _parameter(pointer: str) -> str:
    return pointer.removeprefix("#/").replace("/", ".")
