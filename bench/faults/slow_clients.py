"""Clients that send their headers as slowly as they can, at nginx as examples/proxy sets it up."""

import resource
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.faults.load import sample_service
from bench.faults.outcome import Outcome
from bench.faults.service import ROOT
from bench.faults.traffic import LONGEST_S, Traffic, traffic

CLIENTS = 1_000
WATCHED_S = 30
LONGEST_CONNECTION_S = 12
LARGEST_RATIO = 2.0
EXAMPLES = ROOT / "examples" / "proxy"
SOURCE = ("127.0.0.2", 0)
"""Where slow clients come from: nobody else has this address, and nginx counts by address."""
_MAIN = """daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes auto;
events {{ worker_connections 8192; }}
http {{ access_log off; include {folder}/site.conf; }}
"""


def measure(scale: float) -> Outcome:
    """Pages for four people, alone and then beside a thousand slow clients."""
    if shutil.which("nginx") is None:
        return Outcome("not run: it needs nginx (apt install nginx)", passed=False)
    watched_s = max(LONGEST_CONNECTION_S + 3, WATCHED_S * scale)
    with sample_service() as service, _proxy(service.url) as (host, port):
        url = f"http://{host}:{port}"
        alone = _pages(url, watched_s)
        with _slow_clients((host, port), max(10, int(CLIENTS * scale))) as slow:
            beside = _pages(url, watched_s)
    errors = sum(count for seen in (alone, beside) for status, count in seen.statuses().items() if status != 200)
    ratio = beside.p95_ms("page") / alone.p95_ms("page")
    longest_s = max(slow.lasted_s, default=LONGEST_S)
    return Outcome(
        f"{slow.clients:,} slow clients at nginx: {len(slow.lasted_s):,} connections cut off, the longest after "
        f"{longest_s:.1f} s; pages p95 {alone.p95_ms('page'):.0f} ms alone, {ratio:.2f} × that beside them, "
        f"{errors} errors of {len(alone.visits) + len(beside.visits):,}",
        errors == 0 and ratio < LARGEST_RATIO and longest_s <= LONGEST_CONNECTION_S,
    )


def _pages(url: str, watched_s: float) -> Traffic:
    """What four people see in that time, below the limits of requests."""
    with traffic(url, 4, thinking_s=0.4, only="page") as seen:
        time.sleep(watched_s)
    return seen


@contextmanager
def _proxy(service: str) -> Iterator[tuple[str, int]]:
    """Start nginx with the example, on a port of this machine beside its own, which become sockets in a folder."""
    with tempfile.TemporaryDirectory(prefix="verbatim-faults-") as name:
        folder, address = Path(name), _free_address()
        _make_certificate(folder)
        site = (EXAMPLES / "nginx.conf").read_text("utf-8")
        for theirs, ours in (
            ("listen 80;", f"listen unix:{folder}/http;"),
            ("listen 443 ssl http2;", f"listen unix:{folder}/https ssl http2; listen {address[0]}:{address[1]};"),
            ("/etc/ssl/verbatim", name),
            ("/etc/nginx/verbatim_headers.conf", str(EXAMPLES / "verbatim_headers.conf")),
            ("http://127.0.0.1:8321", service),
        ):
            if theirs not in site:
                raise ValueError(f"examples/proxy/nginx.conf has no {theirs}")
            site = site.replace(theirs, ours)
        (folder / "site.conf").write_text(site, "utf-8")
        (folder / "nginx.conf").write_text(_MAIN.format(folder=name), "utf-8")
        command = ["nginx", "-p", name, "-c", f"{name}/nginx.conf", "-e", f"{name}/error.log"]
        with subprocess.Popen(command) as process:  # noqa: S603 our own
            try:
                _await(address, process, folder / "error.log")
                yield address
            finally:
                process.terminate()


def _free_address() -> tuple[str, int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        host, port = listening.getsockname()
    return host, port


def _make_certificate(folder: Path) -> None:
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=verbatim.example",
    ]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*command, *files], capture_output=True, check=True)  # noqa: S603 our own


def _await(address: tuple[str, int], process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until nginx listens."""
    while True:
        with suppress(OSError), closing(socket.create_connection(address, timeout=1)):
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            raise RuntimeError(f"nginx did not start: {log.read_text('utf-8')[-500:]}")


@dataclass
class _Slow:
    """How long each connection of slow clients lasted that was cut off."""

    clients: int
    lasted_s: list[float] = field(default_factory=list)


@contextmanager
def _slow_clients(address: tuple[str, int], clients: int) -> Iterator[_Slow]:
    """Keep that many connections open, each with a byte of a header every second, until the block ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, clients + 1_000), hard), hard))
    slow, ended = _Slow(clients), threading.Event()
    thread = threading.Thread(target=_drip, args=(address, slow, ended))
    thread.start()
    try:
        yield slow
    finally:
        ended.set()
        thread.join()


def _drip(address: tuple[str, int], slow: _Slow, ended: threading.Event) -> None:
    connections = [_opened(address) for _ in range(slow.clients)]
    while not ended.wait(1):
        for place, (connection, opened_s) in enumerate(connections):
            if _is_open(connection):
                continue
            slow.lasted_s.append(time.monotonic() - opened_s)
            connection.close()
            connections[place] = _opened(address)
    for connection, _ in connections:
        connection.close()


def _opened(address: tuple[str, int]) -> tuple[socket.socket, float]:
    connection = socket.create_connection(address, timeout=LONGEST_S, source_address=SOURCE)
    connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
    connection.settimeout(0)
    return connection, time.monotonic()


def _is_open(connection: socket.socket) -> bool:
    """Send one byte more; whoever was cut off reads an answer or the end."""
    try:
        connection.send(b"a")
        connection.recv(1024)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False
