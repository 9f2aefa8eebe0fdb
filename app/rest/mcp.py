"""`/mcp`: the Model Context Protocol over streamable HTTP, behind the same keys as `/v1`."""

from concurrent.futures import Future
from typing import Annotated, Protocol

from fastapi import Depends, Request, Response
from starlette.types import Receive, Scope, Send

from app.rest.dependencies import PrincipalDep
from app.rest.origin import refuse_other_pages
from app.rest.routing import Router

router = Router(include_in_schema=False)


OPENED_WITHIN_S = 30.0
"""Longest that a request waits for what answers it to be imported."""


class Sessions(Protocol):
    """What answers MCP requests: an ASGI application."""

    async def handle_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read one message and answer it."""


class _Exchange(Response):
    """One message of a client, read and answered by the MCP server."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__()
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._sessions.handle_request(scope, receive, send)


def check_origin(request: Request) -> None:
    """Where no key protects the service, refuse what a web page of another origin makes a browser send.

    Raises:
        ForbiddenError: the page is one of another origin.
    """
    if not request.app.state.require_keys:
        refuse_other_pages(request)


def mcp_sessions(request: Request) -> Sessions:
    """What answers MCP requests while the application runs; waits for it right after the start."""
    opened: Future[Sessions] = request.app.state.mcp_sessions
    return opened.result(OPENED_WITHIN_S)


@router.post("/mcp", dependencies=[Depends(check_origin)])
@router.post("/mcp/", dependencies=[Depends(check_origin)])
def post_message(
    _principal: PrincipalDep,
    sessions: Annotated[Sessions, Depends(mcp_sessions)],
) -> Response:
    """Take one message of an MCP client."""
    return _Exchange(sessions)
