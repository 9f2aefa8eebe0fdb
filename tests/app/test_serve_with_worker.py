"""`verbatim serve` with the embedded database: a worker runs beside it, and ends with it however that ends."""

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil  # type: ignore[import-untyped]
import pytest
from cli_runner import read_until, run, started
from workplace import SPEECH_MODEL

from app.embedded_postgres import postgres_status

URL = re.compile(r"http://\S+:\d+")
MANIFEST = """\
study: shop
languages: [de]
participants: [{id: P01, language: de}]
interviews: [{id: I01, participant: P01, files: [P01.txt]}]
"""
LONGEST_WAIT_S = 60


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with a small study in its embedded database."""
    (tmp_path / "study.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "P01.txt").write_text("Anna: Was war?\nP01: Ich hatte Angst um mein Geld.\n", encoding="utf-8")
    monkeypatch.setenv("VERBATIM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VERBATIM_PORT", "0")
    monkeypatch.setenv("VERBATIM_WHISPER_MODEL", str(SPEECH_MODEL))
    assert run("ingest", str(tmp_path)).code == 0
    return tmp_path / "data"


@pytest.fixture
def serving(data: Path) -> Iterator[tuple["subprocess.Popen[str]", psutil.Process, str]]:
    """The service, its worker, and where it serves."""
    with started("serve") as process:
        url = URL.findall(read_until(process, "serves on"))[0]
        read_until(process, "waits for interviews")
        children = psutil.Process(process.pid).children()
        (worker,) = [child for child in children if "--until-input-ends" in child.cmdline()]
        yield process, worker, url


Serving = tuple["subprocess.Popen[str]", psutil.Process, str]


def job_events(url: str) -> list[str]:
    """Send a recording and follow its job to the end; the data of the events."""
    data = {"study": "shop", "participant": "P01"}
    sent = httpx2.post(f"{url}/v1/recordings", data=data, files={"file": ("call.wav", b"no sound at all")})
    assert sent.status_code == 202
    with httpx2.stream(
        "GET", url + sent.headers["location"], headers={"Accept": "text/event-stream"}, timeout=LONGEST_WAIT_S
    ) as events:
        return [line.removeprefix("data: ") for line in events.iter_lines() if line.startswith("data: ")]


def test_what_comes_in_is_processed_beside_it(serving: Serving, data: Path) -> None:
    """A recording that is none fails with its reason; the service ends with its worker and its database."""
    service, worker, url = serving
    assert '"status":"failed"' in job_events(url)[-1]
    service.send_signal(signal.SIGINT)
    service.communicate()
    assert service.returncode == 0
    assert not worker.is_running()
    assert not postgres_status(data).running


def test_a_worker_that_dies_is_replaced(serving: Serving) -> None:
    """What comes in afterwards is processed all the same."""
    service, worker, url = serving
    worker.kill()
    assert '"status":"failed"' in job_events(url)[-1]
    service.send_signal(signal.SIGTERM)
    service.communicate()
    assert service.returncode == 0


def test_the_worker_ends_with_a_killed_service(serving: Serving) -> None:
    """Nobody is left behind who would keep the database open."""
    service, worker, _ = serving
    service.kill()
    gone, _ = psutil.wait_procs([worker], timeout=LONGEST_WAIT_S)
    assert gone == [worker]
