"""`verbatim mcp`: a client that starts the command talks with it over stdio; it ends when the client does."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from cli_runner import ROOT, point_at, run, started
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from study_factory import add_study

from app.database import Database
from app.embedding import Embedder
from app.mcp.tools import TOOLS

INITIALIZE = (
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},'
    '"clientInfo":{"name":"test","version":"1"}}}\n'
)


@pytest.fixture
def acme(own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """The study `acme`, in the database that the command is set to; every log line is written."""
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
    point_at(own_database, monkeypatch, tmp_path)
    monkeypatch.setenv("VERBATIM_LOG_LEVEL", "debug")
    return own_database


def test_a_client_talks_over_stdio(acme: Database, tmp_path: Path) -> None:
    """The tools are there and answer; whatever is logged, stdout holds the protocol alone."""
    environment = {name: value for name, value in os.environ.items() if name.startswith(("VERBATIM_", "PATH", "HOME"))}
    program = ["-c", "from app.cli import main; main()", "mcp"]
    server = StdioServerParameters(command=sys.executable, args=program, env=environment, cwd=ROOT)

    async def talk(errors: Any) -> tuple[list[str], Any]:
        async with Client(stdio_client(server, errors)) as client:
            tools = (await client.list_tools()).tools
            answer = await client.call_tool("ask_interviews", {"question": "Were people afraid of losing money?"})
            return [tool.name for tool in tools], answer.structured_content

    with (tmp_path / "stderr").open("w+") as errors:
        names, answer = anyio.run(talk, errors)
    assert names == list(TOOLS)
    assert answer["quotes"]
    assert answer["quotes"][0]["url"].startswith("http://127.0.0.1:8321/interviews/")


@pytest.mark.parametrize(
    "end",
    [
        lambda process: process.stdin.close(),
        lambda process: process.send_signal(signal.SIGTERM),
        lambda process: process.send_signal(signal.SIGINT),
    ],
    ids=["stdin closed", "SIGTERM", "SIGINT"],
)
def test_it_ends_in_order(acme: Database, end: Callable[[Any], None]) -> None:
    """It ends with the client, and at once when it is told to, with nothing but messages on stdout."""
    with started("mcp") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(INITIALIZE)
        process.stdin.flush()
        assert process.stdout.readline().startswith('{"jsonrpc":"2.0","id":1,"result"')
        end(process)
        rest = process.stdout.read()
        assert process.wait() == 0
    assert rest == ""


def test_what_is_no_message_is_answered_or_passed_over(acme: Database) -> None:
    """Broken lines end nothing: the next message is answered."""
    with started("mcp") as process:
        out, err = process.communicate("nonsense\n\n[]\n" + INITIALIZE)
    assert '"serverInfo"' in out
    assert all(line.startswith('{"jsonrpc"') for line in out.splitlines())
    assert (process.returncode, "Traceback" in err) == (0, False)


def test_wrong_usage_is_told() -> None:
    """The command takes nothing but its options."""
    outcome = run("mcp", "--port", "1")
    assert (outcome.code, outcome.out) == (2, "")
