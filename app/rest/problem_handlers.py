"""Every error leaves the application as a problem document, with the place of each fault and without the input."""

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from app.database import is_disk_full
from app.errors import AppError, Fault, TooManyRequestsError
from app.rest.problems import ProblemFault, problem_response

LONGEST_POINTER = 200
RETRY_AFTER_S = 5
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

log = structlog.get_logger()


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every error of the application with a problem document."""
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)


def _app_error(request: Request, error: AppError) -> Response:
    faults = [
        ProblemFault(pointer=_pointer_to(fault), detail=f"{fault.problem} → {fault.remedy}") for fault in error.faults
    ]
    return problem_response(request.scope, error.status_code, error.message, faults, _headers_of(error))


def _http_error(request: Request, error: HTTPException) -> Response:
    headers = {"Allow": ", ".join(_methods_at(request))} if error.status_code == 405 else error.headers
    return problem_response(request.scope, error.status_code, headers=headers)


def _methods_at(request: Request) -> list[str]:
    """What the address of a request takes, by all of its routes; the router alone names those of the first.

    `/v1/codebook/history` is an address of its own, though it could be that of a code by its shape.
    """
    documented = request.app.openapi()["paths"].get(request.scope["path"])
    if documented:
        return [method for method in _METHODS if method.lower() in documented]
    return [method for method in _METHODS if any(_takes(route, method, request) for route in request.app.routes)]


def _takes(route: BaseRoute, method: str, request: Request) -> bool:
    return route.matches({**request.scope, "method": method})[0] is Match.FULL


def _invalid_request(request: Request, error: RequestValidationError) -> Response:
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem_response(request.scope, 400, "the body is not valid JSON")
    errors = [
        ProblemFault(pointer=_json_pointer(fault["loc"]), detail=fault["msg"].removeprefix("Value error, "))
        for fault in faults
    ]
    return problem_response(request.scope, 422, errors=errors)


def _unstorable_text(request: Request, error: DataError) -> Response:
    if "NUL" not in str(error.orig):
        raise error
    return problem_response(request.scope, 422, "a value holds NUL characters, which no text has: leave them out")


def _database_away(request: Request, error: Exception) -> Response:
    log.warning("database away", request_id=request.state.request_id, reason=type(error).__name__)
    if is_disk_full(error):
        return problem_response(request.scope, 507)
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return problem_response(request.scope, 503, "the database cannot be reached, or is busy", headers=headers)


_HANDLERS: dict[type[Exception], Callable[[Request, Any], Response]] = {
    AppError: _app_error,
    HTTPException: _http_error,
    RequestValidationError: _invalid_request,
    DataError: _unstorable_text,
    OperationalError: _database_away,
    InterfaceError: _database_away,
    PoolTimeoutError: _database_away,
}

HANDLED = tuple(_HANDLERS)
"""The kinds of errors that `problem_of` tells of."""


def problem_of(request: Request, error: Exception) -> Response | None:
    """The problem document that tells an error to the client; `None` for a fault of ours."""
    handler = next((handler for kind, handler in _HANDLERS.items() if isinstance(error, kind)), None)
    return handler(request, error) if handler else None


def _headers_of(error: AppError) -> dict[str, str]:
    if error.status_code == 401:
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooManyRequestsError):
        return error.headers
    return {"Retry-After": str(RETRY_AFTER_S)} if error.status_code == 503 else {}


def _pointer_to(fault: Fault) -> str:
    root, *keys = fault.place.split(".")
    return _json_pointer((root, *keys) if root in ("path", "query") else ("body", root, *keys))


def _json_pointer(location: Sequence[str | int]) -> str:
    """JSON pointer (RFC 6901) into the body, or to `path`, `query` or `header`; keys of the sender are cut short."""
    root, *keys = location
    escaped = [str(key).replace("~", "~0").replace("/", "~1") for key in keys]
    pointer = "/".join(["#" if root == "body" else f"#/{root}", *escaped])
    return pointer[:LONGEST_POINTER].encode("utf-8", "replace").decode("utf-8")
