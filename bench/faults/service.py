"""A real service over the sample study, with its own embedded database, worker and keys."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.services import open_services
from app.settings import Settings
from ingest.pipeline import ingest_study

ROOT = Path(__file__).resolve().parents[2]
NIDO = ROOT / "examples" / "nido"
VERBATIM = (sys.executable, "-c", "from app.cli import main; main()")
_ADDRESS = re.compile(r"http://[^\s;]+")
_LONGEST_START_S = 90


@dataclass(frozen=True)
class Served:
    """Where a service is reached, its process, and the folder of its data."""

    url: str
    pid: int
    folder: Path

    @property
    def resident_bytes(self) -> int:
        """Memory of the process, in bytes."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    @property
    def open_files(self) -> int:
        """File descriptors of the process: files and connections."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))


def ingest_sample(folder: Path) -> None:
    """Put the sample study into a data directory."""
    with open_services(Settings(data_dir=folder)) as services:
        ingest_study(NIDO, services, lambda *_: None)


def make_key(folder: Path, role: str) -> str:
    """A new API key with a role."""
    command = [*VERBATIM, "keys", "create", "--role", role]
    made = subprocess.run(command, env=_environment(folder), capture_output=True, text=True, check=True)  # noqa: S603
    return made.stdout.split()[-1]


@contextmanager
def served(folder: Path, settings: Mapping[str, str] = {}, within: tuple[str, ...] = ()) -> Iterator[Served]:
    """Serve what a data directory holds, on a port of its own; `within` starts it, as `unshare` does."""
    log = folder / "serve.log"
    with log.open("w") as errors:
        command = [*within, *VERBATIM, "serve"]
        environment = {**_environment(folder), "VERBATIM_PORT": "0", **settings}
        with subprocess.Popen(command, env=environment, stderr=errors, stdout=errors) as process:  # noqa: S603
            try:
                yield Served(_address(process, log), process.pid, folder)
            finally:
                process.terminate()


def _environment(folder: Path) -> dict[str, str]:
    """Limits of speed are far away: what is measured is what happens below them."""
    limits = {"VERBATIM_REQUESTS_PER_MINUTE": "1000000", "VERBATIM_QUESTIONS_PER_MINUTE": "1000000"}
    return {**os.environ, **limits, "VERBATIM_DATA_DIR": str(folder)}


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """The address that a service writes once it can be reached."""
    for _ in range(_LONGEST_START_S * 10):
        found = _ADDRESS.search(log.read_text("utf-8", "replace"))
        if found:
            return found[0]
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise RuntimeError(f"the service did not start: {log.read_text('utf-8', 'replace')[-500:]}")
