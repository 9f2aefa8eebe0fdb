"""A service that is killed while a recording comes in: the whole recording is there afterwards, or nothing of it."""

import os
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from workplace import LONGEST_WAIT_S, Workplace, make_study

from app.kept_files import hold_file, sweep_unused
from app.models import Recording
from ingest.tasks import UPLOAD_BROKEN_OFF, tidy

SOUND = b"RIFF" + bytes(range(256)) * 4_000
FIELDS = {"study": "shop", "participant": "P01", "name": "call.wav"}
HEADERS = {"Content-Type": "audio/wav", "Idempotency-Key": "once"}


@pytest.fixture
def shop(workplace: Workplace, tmp_path: Path) -> Workplace:
    """A workplace with a study of one text."""
    workplace.prepare(make_study(tmp_path / "study", texts=1))
    return workplace


def kept(workplace: Workplace) -> list[Path]:
    """All files that are kept, or on their way in."""
    return [path for path in Path(workplace.services.blobs.root).rglob("*") if path.is_file()]


def recordings(workplace: Workplace) -> list[tuple[str]]:
    """The recordings that are registered."""
    return workplace.rows("SELECT sha256 FROM recording")


def send(url: str) -> httpx2.Response:
    """Send a recording as a body."""
    return httpx2.post(f"{url}/v1/recordings", params=FIELDS, content=SOUND, headers=HEADERS, timeout=LONGEST_WAIT_S)


def grow_old(paths: list[Path]) -> None:
    """Let files have come long ago."""
    then_s = time.time() - UPLOAD_BROKEN_OFF.total_seconds() - 60
    for path in paths:
        os.utime(path, (then_s, then_s))


def test_half_a_recording_is_none(shop: Workplace) -> None:
    """No row, no interview, nothing to play; the half is swept away once nobody can be sending it any more."""
    with shop.service() as (service, url):
        address = urlsplit(url)
        with socket.create_connection((str(address.hostname), address.port or 0)) as connection:
            head = f"POST /v1/recordings?study=shop&participant=P01 HTTP/1.1\r\nHost: {address.netloc}\r\n"
            head += f"Content-Type: audio/wav\r\nContent-Length: {2 * len(SOUND)}\r\n\r\n"
            connection.sendall(head.encode() + SOUND)
            until = time.monotonic() + LONGEST_WAIT_S
            while not any(path.stat().st_size for path in kept(shop)):
                assert time.monotonic() < until, "nothing came in"
            service.kill()
            service.wait()
    assert recordings(shop) == []
    assert [path.parent.name for path in kept(shop)] == ["incoming"]
    tidy(shop.services)
    assert len(kept(shop)) == 1
    grow_old(kept(shop))
    tidy(shop.services)
    assert kept(shop) == []


@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_killed_while_it_registers(shop: Workplace, moment: str) -> None:
    """Sent again, the recording is there once; what was never registered goes, what was stays."""
    with shop.service(moment, "register") as (service, url):
        with pytest.raises(httpx2.TransportError):
            send(url)
        assert service.wait(LONGEST_WAIT_S) == -9
    grow_old(kept(shop))
    tidy(shop.services)
    assert len(kept(shop)) == len(recordings(shop))
    assert moment == "during" or len(recordings(shop)) == (moment == "after")
    with shop.service() as (_, url):
        assert send(url).status_code == 202
    assert [path.name for path in kept(shop)] == [sha256 for (sha256,) in recordings(shop)]
    assert len(recordings(shop)) == 1


def test_what_comes_in_while_it_is_swept_is_kept(shop: Workplace) -> None:
    """The file lay there for long and belonged to nobody; who registers it now, and who sweeps, take turns."""
    services = shop.services
    sessions, blobs = services.database.sessions, services.blobs
    blobs.put(iter([SOUND]), len(SOUND))
    grow_old(kept(shop))
    arrived = blobs.receive(iter([SOUND]), len(SOUND))
    sweeper = threading.Thread(target=sweep_unused, args=(sessions, blobs, UPLOAD_BROKEN_OFF))
    ((study_id, interview_id),) = shop.rows("SELECT study_id, id FROM interview")
    with sessions.begin() as session:
        hold_file(session, arrived.sha256)
        sweeper.start()
        shop.wait_until("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        recording = Recording(sha256=arrived.sha256, name="call.wav", size_bytes=arrived.size_bytes)
        recording.study_id, recording.interview_id = study_id, interview_id
        session.add(recording)
        grow_old([blobs_path for blobs_path in kept(shop) if blobs_path.name == arrived.sha256])
        blobs.settle(arrived)
    sweeper.join()
    assert [path.name for path in kept(shop)] == [arrived.sha256]
