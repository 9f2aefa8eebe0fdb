"""The service on a real socket, as clients of elsewhere reach it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from app.commands.server import open_socket, url_of
from app.main import create_app
from app.services import Services


@contextmanager
def served(services: Services, *, require_keys: bool = False) -> Iterator[str]:
    """Serve on a free port of this machine; gives the URL, and ends the server in order."""
    with open_socket("127.0.0.1", 0) as listening:
        config = uvicorn.Config(create_app(services, require_keys=require_keys), log_config=None, lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield url_of(listening)
        finally:
            server.should_exit = True
            thread.join()
