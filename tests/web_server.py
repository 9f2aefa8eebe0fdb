"""A small web server on loopback that answers as it is told, and remembers what it was asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class WebServer:
    """A server: its port, what it answers to a path, and the requests that came (path and headers)."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def says(self, path: str, body: bytes, media_type: str = "text/html", **headers: str) -> None:
        """Answer a path with a body."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            for name, value in {"Content_Type": media_type, "Content_Length": str(len(body)), **headers}.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer

    def sends_on(self, path: str, location: str, status: int = 302) -> None:
        """Answer a path with a redirect."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Location", location)
            handler.send_header("Set-Cookie", "track=1")
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        self.answers[path] = answer

    def fails(self, path: str, status: int) -> None:
        """Answer a path with an error."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_error(status)

        self.answers[path] = answer


class _Server(ThreadingHTTPServer):
    """Minds nothing when a client leaves in the middle."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@contextmanager
def web_server(tls: SSLContext | None = None) -> Iterator[WebServer]:
    """Serve on a free port, over TLS where a context is given."""

    class Handler(BaseHTTPRequestHandler):
        """Answers as it was told, and else that there is nothing."""

        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers.items())))
            if self.path in site.answers:
                site.answers[self.path](self)
            else:
                self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = _Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site = WebServer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
