"""What every request and response passes: its id, limits, the check of the host, safety headers, faults of ours."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.metrics import observe_request
from app.privacy.keys import is_loopback
from app.rest.problems import problem_response

MOST_BODY_BYTES = 1_000_000
UPLOADS = frozenset(
    {
        "/v1/recordings",
        "/v1/economics/customers",
        "/v1/sources",
        "/v1/insights/import",
        "/v1/codebook/import",
        "/v1/codebook/project",
        "/v1/taggings/import",
        "/ingest",
    }
)
"""Where bodies may be longer; what takes them in has limits of its own."""
MOST_ADDRESS_BYTES = 8_000

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
_SAFETY = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)

log = structlog.get_logger()


class Gate:
    """The outermost middleware.

    While no keys are required (`local_only`) it answers only requests addressed to this machine by name, so that no web
    page of elsewhere can reach the service through a host name that it points here (DNS rebinding). A fault of ours is
    told by `answer`, given the scope and the status.
    """

    def __init__(
        self, app: ASGIApp, *, local_only: bool, answer: Callable[[Scope, int], Response] = problem_response
    ) -> None:
        self._app = app
        self._answer = answer
        self._local_only = local_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it with a problem document."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)
        scope.setdefault("state", {})["request_id"] = request_id
        sender = _Sender(send, request_id, scope["state"])
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await problem_response(scope, refusal)(scope, receive, sender)
            return
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        begin = time.perf_counter()
        try:
            await self._app(scope, receive if _is_upload(scope) else _within_limit(receive), sender)
        except Exception:
            log.error("request failed", request_id=request_id, method=scope["method"], exc_info=True)
            if sender.started:
                raise
            await self._answer(scope, 500)(scope, receive, sender)
        finally:
            _tell(scope, sender.status, time.perf_counter() - begin)

    def _refusal(self, scope: Scope, headers: Headers) -> int | None:
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > MOST_ADDRESS_BYTES:
            return 414
        if self._local_only and not _is_addressed_here(headers.get("host", "")):
            return 421
        if b"%00" in scope["query_string"] or "\0" in scope["path"]:
            return 400
        return None


class _Sender:
    """Sends a response with the headers that every response has."""

    def __init__(self, send: Send, request_id: str, state: dict[str, Any]) -> None:
        self._send = send
        self._request_id = request_id
        self._state = state
        self.started = False
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._request_id
            for name, value in {**_SAFETY, **self._state.get("rate_limit", {})}.items():
                headers.setdefault(name, value)
        await self._send(message)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    """Count and log a request under the pattern of its address, which holds no names and nothing that is asked."""
    route = getattr(scope.get("route"), "path", "")
    observe_request(scope["method"], route, status, seconds)
    log.info("request", method=scope["method"], route=route, status=status, took_ms=round(seconds * 1000))


def _is_upload(scope: Scope) -> bool:
    return scope["method"] == "POST" and scope["path"] in UPLOADS


def _within_limit(receive: Receive) -> Receive:
    received = 0

    async def receive_within_limit() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MOST_BODY_BYTES:
            raise HTTPException(413)
        return message

    return receive_within_limit


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _SAFE_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _is_addressed_here(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
