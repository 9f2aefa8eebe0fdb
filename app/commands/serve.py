"""`verbatim serve`: answers over HTTP, and the web page; with the embedded database also a worker."""

from contextlib import nullcontext
from typing import Annotated

import typer

from app.commands.child_worker import child_worker
from app.commands.opening import opened
from app.commands.server import open_socket, run_server

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; VERBATIM_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; VERBATIM_PORT.")] = None,
) -> None:
    """Serve answers over HTTP, and the web page.

    With the embedded database a worker runs beside it; with another one, run `verbatim worker` where you like.
    """
    with opened() as services:
        settings = services.settings
        address = (settings.host if host is None else host, settings.port if port is None else port)
        beside = child_worker() if settings.database_url is None else nullcontext()
        with open_socket(*address) as listening, beside:
            run_server(services, listening)
