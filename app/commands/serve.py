"""`verbatim serve`: answers over HTTP, and the web page; with the embedded database also a worker."""

import os
import signal
import socket
from contextlib import ExitStack
from typing import Annotated

import typer

from app.commands.child_processes import kept_alive, when_input_ends
from app.commands.opening import opened
from app.commands.server import GRACE_S, open_socket, run_server
from app.queue import GRACE_S as WORKER_GRACE_S

app = typer.Typer()
_MARGIN_S = 2.0


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; VERBATIM_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; VERBATIM_PORT.")] = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer on this address.")] = 1,
    descriptor: Annotated[int | None, typer.Option("--socket", hidden=True)] = None,
) -> None:
    """Serve answers over HTTP, and the web page.

    With the embedded database a worker runs beside it; with another one, run `verbatim worker` where you like.
    """
    with opened() as services, ExitStack() as beside:
        if descriptor is not None:  # one of several processes, which the first of them started
            when_input_ends(lambda: os.kill(os.getpid(), signal.SIGTERM))
            run_server(services, socket.socket(fileno=descriptor), announced=False)
            return
        settings = services.settings
        listening = beside.enter_context(
            open_socket(settings.host if host is None else host, settings.port if port is None else port)
        )
        if settings.database_url is None:
            beside.enter_context(kept_alive(["worker", "--until-input-ends"], WORKER_GRACE_S + _MARGIN_S))
        for _ in range(processes - 1):
            inherited = listening.fileno()
            also = ["serve", "--socket", str(inherited)]
            beside.enter_context(kept_alive(also, GRACE_S + _MARGIN_S, [inherited]))
        run_server(services, listening)
