"""The HTTP server of `verbatim serve` and `verbatim demo`: its socket, its start, its end."""

import errno
import signal
import socket
from contextlib import suppress

import uvicorn

from app.commands.boundary import on_signals
from app.commands.opening import local_url
from app.commands.output import tell
from app.errors import UnavailableError
from app.main import create_app
from app.memory import share_arenas
from app.privacy.keys import keys_required
from app.services import Services

GRACE_S = 25
_QUEUED_CONNECTIONS = 2048
_PORTS_TRIED = 20


def open_socket(host: str, port: int) -> socket.socket:
    """Listen on an address.

    Raises:
        UnavailableError: the port is taken, or the address is not one of this machine.
    """
    try:
        return _listen(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} of {host} is taken: end what uses it, or choose another with `--port`"
        else:
            reason = str(error.strerror).partition(" (")[0]
            message = f"cannot listen on {host}, port {port} ({reason}): choose others with `--host` and `--port`"
        raise UnavailableError(message) from error


def open_next_socket(host: str, port: int) -> socket.socket:
    """Listen on the first free port from this one on; raises what `open_socket` raises for other reasons."""
    for candidate in range(port, min(port + _PORTS_TRIED, 65536)):
        with suppress(OSError):
            return _listen(host, candidate)
    return open_socket(host, 0)


def url_of(listening: socket.socket) -> str:
    """Where a socket is reached on this machine."""
    host, port = listening.getsockname()[:2]
    return local_url(host, port)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family, backlog=_QUEUED_CONNECTIONS)


def run_server(services: Services, listening: socket.socket, *, announced: bool = True) -> None:
    """Serve until SIGINT or SIGTERM; requests in hand are answered within `GRACE_S`.

    Where this is one of several processes, another one has announced the address.

    Raises:
        UnavailableError: it would listen beyond this machine, and there is no key.
    """
    share_arenas()
    with services.database.sessions() as session:
        require_keys = keys_required(listening.getsockname()[0], session)
    app = create_app(services, require_keys=require_keys)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = uvicorn.Server(config)

    def end() -> None:
        server.should_exit = True
        app.state.ending.set()

    with on_signals(end, signal.SIGINT, signal.SIGTERM):
        if announced:
            tell(f"Verbatim serves on {url_of(listening)}; end it with Ctrl-C.")
        server.run(sockets=[listening])
