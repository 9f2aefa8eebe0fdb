"""MCP over HTTP, spoken by the SDK's own client in all its versions: the tools, the keys, the end."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import anyio
import httpx2
import pytest
from fastapi.testclient import TestClient
from http_server import served
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from app.main import create_app
from app.mcp.tools import TOOLS
from app.privacy.keys import KeyRole, create_key, revoke_key
from app.services import Services

MODES = ("auto", "legacy")
ASKED = {"question": "Were people afraid of losing their money?", "study": "acme"}


def talk(
    url: str, action: Callable[[Client], Coroutine[Any, Any, Any]], mode: str = "auto", key: str | None = None
) -> Any:
    """Open a session over HTTP and do something in it."""

    async def do() -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Client(streamable_http_client(f"{url}/mcp", http_client=http), mode=mode) as client,
        ):
            return await action(client)

    return anyio.run(do)


def call(url: str, tool: str, arguments: dict[str, Any], mode: str = "auto", key: str | None = None) -> CallToolResult:
    """Call one tool."""
    result = talk(url, lambda client: client.call_tool(tool, arguments), mode, key)
    assert isinstance(result, CallToolResult)
    return result


@pytest.mark.parametrize("mode", MODES)
def test_the_tools_are_described(url: str, mode: str) -> None:
    """At most eight, each read-only, titled, and with schemas of what it takes and gives."""
    tools = talk(url, lambda client: client.list_tools(), mode).tools
    assert [tool.name for tool in tools] == list(TOOLS)
    assert len(tools) <= 8
    for tool in tools:
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.open_world_hint is False
        assert tool.title
        assert len(tool.description) > 60
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema["type"] == "object"


@pytest.mark.parametrize("mode", MODES)
def test_a_question_is_answered_with_quotes(url: str, mode: str) -> None:
    """The structured answer and its text are the same; the client has checked it against the schema."""
    result = call(url, "ask_interviews", ASKED, mode)
    answer = result.structured_content
    assert not result.is_error
    assert answer["status"] == "answered"
    assert {quote["participant"] for quote in answer["quotes"]} == {"P01", "P02", "P03"}
    assert all(quote["untrusted"] and quote["url"].startswith(f"{url}/interviews/I0") for quote in answer["quotes"])
    assert "untrusted" in answer["note"]
    again = call(url, "read_artefact", {"artefact": "answer", "code": answer["id"]}, mode).structured_content
    assert again["content"] == answer


def new_key(services: Services, role: KeyRole = KeyRole.VIEWER) -> str:
    """Make a key."""
    with services.database.sessions.begin() as session:
        return create_key(session, "somebody", role)


def test_a_key_opens_the_tools(served_acme: Services) -> None:
    """A viewer's key is enough."""
    key = new_key(served_acme)
    with served(served_acme, require_keys=True) as url:
        assert call(url, "list_studies", {}, key=key).structured_content["studies"][0]["slug"] == "acme"


@pytest.fixture
def guarded(services: Services) -> Iterator[TestClient]:
    """A client of a service beyond this machine, where keys are required."""
    with TestClient(create_app(services, require_keys=True), base_url="https://verbatim.example") as client:
        yield client


def message(method: str, **parameters: Any) -> dict[str, Any]:
    """A message as a client sends it."""
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}


def post(client: TestClient, body: dict[str, Any], path: str = "/mcp", **headers: str) -> Any:
    """Send one message."""
    return client.post(path, json=body, headers={"Accept": "application/json, text/event-stream", **headers})


def test_without_a_valid_key_nothing_is_told(guarded: TestClient, services: Services) -> None:
    """A missing, a wrong and a revoked key are a 401 with a challenge, before any message is read."""
    revoked = new_key(services)
    with services.database.sessions.begin() as session:
        revoke_key(session, revoked.split("_")[1])
    for path in ("/mcp", "/mcp/"):
        for authorization in ("", "Bearer", f"Bearer {revoked}", f"Basic {revoked}", "Bearer vbt_0_0"):
            response = post(guarded, message("tools/list"), path, Authorization=authorization)
            assert response.status_code == 401
            challenge = "Basic" if authorization.startswith("Basic") else "Bearer"
            assert response.headers["www-authenticate"].startswith(challenge)
            assert "ask_interviews" not in response.text


@pytest.mark.usefixtures("study")
def test_with_keys_any_host_is_answered_and_linked(guarded: TestClient, services: Services) -> None:
    """A service behind its own name is reached by it, also from an app with an origin; links begin with that name."""
    headers = {"Authorization": f"Bearer {new_key(services)}", "Origin": "app://assistant"}
    body = message("tools/call", name="search_quotes", arguments={"query": "afraid of losing money"})
    for path in ("/mcp", "/mcp/"):
        quotes = post(guarded, body, path, **headers).json()["result"]["structuredContent"]["quotes"]
        assert quotes
        assert all(quote["url"].startswith("https://verbatim.example/interviews/") for quote in quotes)


def test_without_keys_only_this_machine_is_answered(client: TestClient) -> None:
    """Neither a host name that points here nor a web page of another origin reaches the tools."""
    assert post(client, message("tools/list")).status_code == 200
    assert post(client, message("tools/list"), Origin="http://127.0.0.1").status_code == 200
    assert post(client, message("tools/list"), Host="rebound.example").status_code == 421
    assert post(client, message("tools/list"), Origin="https://evil.example").status_code == 403
    assert post(client, message("tools/list"), Origin="null").status_code == 403


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "OPTIONS"])
def test_only_messages_are_taken(client: TestClient, method: str) -> None:
    """There are no sessions to follow or to end, and no stream that would keep the service from ending."""
    response = client.request(method, "/mcp", headers={"Accept": "text/event-stream"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b'{"jsonrpc": "2.0"}', {}, 400),
        (b"[" * 100_000, {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"{}", {"Content-Type": "text/plain"}, 400),
        (b"{}", {"Accept": "text/html"}, 406),
        (b" " * 1_000_001, {}, 413),
    ],
)
def test_what_is_no_message_is_refused(
    client: TestClient, content: bytes, headers: dict[str, str], status: int
) -> None:
    """Broken, wrong and endless bodies are errors of the client, never of the service."""
    sent = {"Content-Type": "application/json", "Accept": "application/json", **headers}
    assert client.post("/mcp", content=content, headers=sent).status_code == status


def test_a_tool_that_waits_holds_up_nobody_else(url: str, served_acme: Services) -> None:
    """While a tool waits for the database, the service answers others, and the tool ends when it can."""

    async def ask_while_locked() -> list[CallToolResult]:
        results: list[CallToolResult] = []
        with served_acme.database.engine.connect() as connection:
            connection.exec_driver_sql("LOCK TABLE study IN ACCESS EXCLUSIVE MODE")
            async with Client(f"{url}/mcp") as client, anyio.create_task_group() as tasks:

                async def ask() -> None:
                    results.append(await client.call_tool("list_studies", {}))

                tasks.start_soon(ask)
                async with httpx2.AsyncClient() as http:
                    assert (await http.get(f"{url}/livez")).status_code == 200
                tools = (await client.list_tools()).tools
                assert tools
                assert not results
                connection.rollback()
        return results

    (result,) = anyio.run(ask_while_locked)
    assert not result.is_error
