"""An upload that dies with the service leaves no half recording, and what is left of it is swept."""

import re
import socket
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cli_runner import point_at, read_until, started
from sqlalchemy import func, select
from study_factory import add_study

from app.blobs import open_blobs
from app.database import Database
from app.embedding import Embedder
from app.models import Recording
from app.settings import read_settings

URL = re.compile(r"http://\S+:\d+")
HEAD = (
    "POST /v1/recordings?study=acme&participant=P01 HTTP/1.1\r\n"
    "Host: 127.0.0.1\r\nContent-Type: audio/wav\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"
)


def test_a_killed_service_leaves_no_half_recording(
    own_database: Database, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """While half of it is there nothing of it is visible; afterwards the half is swept."""
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
    point_at(own_database, monkeypatch, tmp_path)
    monkeypatch.setenv("VERBATIM_PORT", "0")
    blobs = open_blobs(read_settings())
    with started("serve") as service:
        address = urlsplit(URL.findall(read_until(service, "serves on"))[0])
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(HEAD.encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 100")
            connection.sendall(bytes(500_000))
            service.kill()
            service.wait()
    left = [path for path in Path(blobs.root).rglob("*") if path.is_file()]
    assert [path.parent.name for path in left] == ["incoming"]
    assert blobs.sweep(timedelta(0)) == 1
    with own_database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Recording).where(Recording.size_bytes > 1)) == 0
