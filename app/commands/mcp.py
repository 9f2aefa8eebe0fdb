"""`verbatim mcp`: the tools for an AI client that starts this command; stdout is the protocol, logs go to stderr."""

import signal
from concurrent.futures import Future
from threading import Thread
from typing import NoReturn

import anyio
import typer

from app.commands.boundary import on_signals
from app.commands.opening import local_url, opened
from app.commands.output import tell
from app.mcp.server import serve_stdio
from app.services import Services

app = typer.Typer()


@app.command()
def mcp() -> None:
    """Serve an AI client that starts this command (Model Context Protocol over stdio)."""
    with opened() as services, on_signals(_end, signal.SIGINT, signal.SIGTERM):
        ending: Future[None] = Future()
        # Reading stdin cannot be interrupted; beside the main thread it does not keep the process from ending.
        Thread(target=_serve, args=(services, ending), daemon=True).start()
        tell("Verbatim waits for an AI client on stdin; end it with Ctrl-C.")
        ending.result()


def _serve(services: Services, ending: Future[None]) -> None:
    try:
        anyio.run(serve_stdio, services, local_url(services.settings.host, services.settings.port))
    except BaseException as error:  # noqa: BLE001 raised again where the command waits
        ending.set_exception(error)
    else:
        ending.set_result(None)


def _end() -> NoReturn:
    raise SystemExit(0)
