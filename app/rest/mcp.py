"""`/mcp`: the Model Context Protocol over streamable HTTP, behind the same keys as `/v1`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from app.rest.dependencies import PrincipalDep
from app.rest.origin import refuse_other_pages

router = APIRouter(include_in_schema=False)


class _Exchange(Response):
    """One message of a client, read and answered by the MCP server."""

    def __init__(self, sessions: StreamableHTTPSessionManager) -> None:
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


def mcp_sessions(request: Request) -> StreamableHTTPSessionManager:
    """What answers MCP requests while the application runs."""
    sessions: StreamableHTTPSessionManager = request.app.state.mcp_sessions
    return sessions


@router.post("/mcp", dependencies=[Depends(check_origin)])
@router.post("/mcp/", dependencies=[Depends(check_origin)])
def post_message(
    request: Request,
    principal: PrincipalDep,
    sessions: Annotated[StreamableHTTPSessionManager, Depends(mcp_sessions)],
) -> Response:
    """Take one message of an MCP client."""
    request.state.principal = principal
    return _Exchange(sessions)
