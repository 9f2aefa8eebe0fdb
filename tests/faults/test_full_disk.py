"""A disk that is full, a real one: what cannot be written is refused or waits, and whoever reads never notices."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from workplace import (
    LONGEST_WAIT_S,
    ROOT,
    SPEECH_MODEL,
    SPOKEN,
    Processes,
    Workplace,
    environment_for,
    make_study,
    until,
)

MEGABYTE = 1_000_000
LONG = ROOT / "examples" / "nido" / "recordings" / "P01.opus"
FIELDS = {"study": "shop", "participant": "P01", "interview": "I77"}


@dataclass(frozen=True)
class SmallDisk:
    """A disk that only processes see that are started with `enter`; `files` is how everybody else reaches it."""

    enter: tuple[str, ...]
    files: Path

    @contextmanager
    def full(self) -> Iterator[None]:
        """Let nothing be written to it any more."""
        filler = self.files / f"filler-{uuid.uuid4()}"
        with filler.open("wb", buffering=0) as file:
            size = MEGABYTE
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2
        try:
            yield
        finally:
            filler.unlink()


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a small disk in a namespace of its own, which needs no privileges where users may have one."""
    if not sys.platform.startswith("linux") or not (shutil.which("unshare") and shutil.which("nsenter")):
        pytest.skip("a small disk needs the namespaces of Linux, unshare and nsenter")
    folder.mkdir()
    own = () if os.geteuid() == 0 else ("--map-root-user",)
    script = 'mount -t tmpfs -o mode=755,size="$1m" tmpfs "$0" && echo mounted && exec cat'
    command = ["unshare", *own, "--mount", "sh", "-c", script, str(folder), str(megabytes)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as holder:
        assert holder.stdout is not None
        if holder.stdout.readline() != "mounted\n":
            pytest.skip("this system lets nobody mount a disk in a namespace")
        into = ("--preserve-credentials", "--user") if own else ()
        enter = ("nsenter", "--target", str(holder.pid), *into, "--mount", "--")
        try:
            yield SmallDisk(enter, Path(f"/proc/{holder.pid}/root{folder}"))
        finally:
            holder.kill()


def send(url: str, content: Iterator[bytes] | bytes, **fields: str) -> httpx2.Response:
    """Send a recording as a body."""
    headers = {"Content-Type": "audio/ogg"}
    return httpx2.post(
        f"{url}/v1/recordings", params=FIELDS | fields, content=content, headers=headers, timeout=LONGEST_WAIT_S
    )


def get(url: str) -> Any:
    """What a service answers, which must be well."""
    answer = httpx2.get(url, timeout=LONGEST_WAIT_S)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_upload_that_does_not_fit(workplace: Workplace, tmp_path: Path) -> None:
    """It is refused with 507, and nothing of it stays; smaller ones are taken, and some room is left to others."""
    workplace.prepare(make_study(tmp_path / "study", texts=1))
    with mounted(tmp_path / "small", 32) as disk:
        environment = workplace.environment | {"VERBATIM_DATA_DIR": str(tmp_path / "small")}
        with replace(workplace, environment=environment, around=disk.enter).service() as (_, url):
            refused = send(url, (bytes(MEGABYTE) for _ in range(60)))
            assert (refused.status_code, refused.json()["type"]) == (507, "/problems#insufficient-storage")
            assert [path for path in disk.files.rglob("*") if path.is_file()] == []
            assert get(f"{url}/v1/studies")["studies"]
            assert send(url, SPOKEN.read_bytes()).status_code == 202
            with disk.full():
                assert send(url, LONG.read_bytes(), interview="I78").status_code == 507
                assert get(f"{url}/v1/studies")["studies"]
    assert len(workplace.rows("SELECT 1 FROM recording")) == 1


@pytest.mark.models
def test_everything_on_one_full_disk(tmp_path: Path) -> None:
    """Database, files and temporary files: the interview waits and says for what, then it is published.

    Its model comes late, so that the disk is full before it is heard.
    """
    study, model = make_study(tmp_path / "study", texts=1), tmp_path / "model"
    with mounted(tmp_path / "small", 400) as disk:
        environment = environment_for("", tmp_path / "small", TMPDIR=str(tmp_path / "small"))
        environment["VERBATIM_WHISPER_MODEL"] = str(model)
        del environment["VERBATIM_DATABASE_URL"]
        ingest = [*disk.enter, sys.executable, "-c", "from app.cli import main; main()", "ingest", str(study)]
        ingested = subprocess.run(ingest, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert ingested.returncode == 0, ingested.stderr
        with Processes(environment=environment, around=disk.enter).service() as (service, url):
            sent = send(url, SPOKEN.read_bytes())
            assert sent.status_code == 202
            job = url + sent.headers["location"]
            until(lambda: "VERBATIM_WHISPER_MODEL" in str(get(job)["error"]))
            with disk.full():
                model.symlink_to(SPEECH_MODEL)
                until(lambda: "no room is left" in str(get(job)["error"]))
                assert (get(job)["status"], get(job)["error"]["status"]) == ("queued", 503)
                with disk.full():  # whoever gave up meanwhile left room
                    assert send(url, LONG.read_bytes(), interview="I78").status_code == 507
                assert get(f"{url}/v1/interviews?study=shop")["interviews"]
            until(lambda: get(job)["status"] == "published")
            service.terminate()
            assert service.wait(LONGEST_WAIT_S) == 0
