"""One cluster of the embedded PostgreSQL: made, started, asked and stopped; who may do so when is not decided here."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.errors import UnavailableError
from app.postgres_home import PostgresHome, make_private
from app.postgres_processes import POSTGRES_MAJOR, find_server, reap_when_dead, start_program

DATABASE = "verbatim"
PORT = 5432
PID_FILE = "postmaster.pid"
CONNECT_TIMEOUT_S = 5
MAX_LOG_BYTES = 4 * 2**20
MIN_SHARED_MEMORY_BYTES = 2**30

# Trust, because the socket lies in a directory that only its owner and root can enter, and those can read the data
# itself: a password would keep out nobody.
INITDB_ARGUMENTS = (
    f"--username={DATABASE}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    *(["--sync-method=syncfs"] if sys.platform == "linux" else []),
)

SERVER_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # What was erased must not live on in the log: after a checkpoint its files are removed, not kept to be used again.
    "wal_recycle": "off",
    "min_wal_size": "32MB",
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # Neither failed statements nor details: both repeat what people said, and the application reports errors itself.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
}

# LC_CTYPE besides the builtin locale: the parser of text search asks the C library what a letter is, and under `C`
# every character beyond ASCII is one (»„Ärger“« with its quotation marks would be a word of its own). macOS spells it
# en_US.UTF-8.
CREATE_DATABASE = f"""
    CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING UTF8 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'
    LC_COLLATE 'C' LC_CTYPE '{"en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"}'
"""


@dataclass(frozen=True)
class StartedServer:
    """A server that we started: its postmaster, and the byte of the log at which its messages begin."""

    process: subprocess.Popen[bytes]
    log_start: int

    def was_killed(self) -> bool:
        """Wait for the end of the postmaster, and say whether a signal from outside caused it."""
        return self.process.wait() < 0


def start_server(home: PostgresHome, lock: int) -> StartedServer:
    """Start the server, making its cluster first if there is none; `lock` is the server lock, which it inherits."""
    if home.socket_directory != home.cluster:
        make_private(home.socket_directory, home.account)
    if not home.cluster.exists():
        _initialise(home, lock)
    check_version(home)
    _clear_remains(home)
    settings = SERVER_SETTINGS | {
        "unix_socket_directories": "." if home.socket_directory == home.cluster else str(home.socket_directory),
        "dynamic_shared_memory_type": _shared_memory_type(),
    }
    arguments = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
    bound_log(home)
    log = home.open_file(home.log.name, os.O_APPEND)
    try:
        log_start = os.fstat(log).st_size
        process = start_program("postgres", arguments, home.cluster, home.account, lock, log)
    finally:
        os.close(log)
    reap_when_dead(process)
    return StartedServer(process, log_start)


def check_version(home: PostgresHome) -> None:
    """Refuse a cluster that another major version of PostgreSQL has made, or that is none."""
    try:
        found = (home.cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise UnavailableError(
            f"{home.cluster} is not a complete PostgreSQL data directory: restore it from a backup, "
            "or move it away to start with an empty database."
        ) from None
    if found != POSTGRES_MAJOR:
        raise UnavailableError(
            f"{home.cluster} was made by PostgreSQL {found[:20]}, but this is PostgreSQL {POSTGRES_MAJOR}: run "
            "`verbatim export` with the version of Verbatim that made it, move the directory away, and import; "
            f"or let PostgreSQL {found[:20]} serve it and set VERBATIM_DATABASE_URL."
        )


def connect(home: PostgresHome) -> psycopg.Connection:
    """Open a connection for administration, in autocommit mode; raises `psycopg.OperationalError` without a server."""
    return psycopg.connect(
        host=str(home.socket_directory),
        port=PORT,
        user=DATABASE,
        dbname="postgres",
        connect_timeout=CONNECT_TIMEOUT_S,
        autocommit=True,
    )


def answers(home: PostgresHome) -> bool:
    """Say whether the server takes connections; the first to find that it does makes the database."""
    # Following the postmaster's own notes spares us connections that it would refuse, and log, while it recovers.
    state = _noted_state(home)
    if state not in ("ready", None):
        return False
    try:
        connection = connect(home)
    except psycopg.OperationalError:
        if state == "ready":
            find_server(home.cluster).kill_orphans()
        return False
    with connection:
        try:
            _create_database(connection)
        except psycopg.Error as error:
            if connection.broken:
                return False
            raise UnavailableError(f"The embedded database cannot be created: {error}. The log: {home.log}") from error
    if state is None:
        _mend_pid_file(home)
    return True


def bound_log(home: PostgresHome) -> None:
    """Empty the log once it is too long; the server, which appends, goes on at its start."""
    log = home.open_file(home.log.name)
    try:
        if os.fstat(log).st_size > MAX_LOG_BYTES:
            os.ftruncate(log, 0)
    finally:
        os.close(log)


def last_complaint(home: PostgresHome, log_start: int) -> str:
    """Return what the log says last, from a byte offset on, about why the server gave up."""
    with os.fdopen(home.open_file(home.log.name), "rb") as log:
        log.seek(max(log_start, log.seek(0, os.SEEK_END) - 65_536))
        lines = log.read().decode(errors="replace").splitlines()
    complaints = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return " ".join(complaints[-1:] or lines[-3:]) or "it wrote nothing to its log"


def _initialise(home: PostgresHome, lock: int) -> None:
    """Make a cluster beside its place and move it there when it is complete, so that a half-made one is never used."""
    shutil.rmtree(home.unfinished_cluster, ignore_errors=True)
    make_private(home.unfinished_cluster, home.account)
    with start_program(
        "initdb", INITDB_ARGUMENTS, home.unfinished_cluster, home.account, lock, subprocess.PIPE
    ) as initdb:
        try:
            output, _ = initdb.communicate()
        except BaseException:
            initdb.kill()
            raise
    if initdb.returncode != 0:
        reason = " ".join(output.decode(errors="replace").split()[-60:])
        raise UnavailableError(f"The embedded database cannot be made in {home.path}: … {reason}")
    home.unfinished_cluster.rename(home.cluster)
    directory = os.open(home.path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _clear_remains(home: PostgresHome) -> None:
    """Remove the files by which PostgreSQL would take a process with a reused number, or a zombie, for its postmaster.

    We hold the server lock, so no server of ours lives; one that was started by hand does not hold it.
    """
    pid_file = home.cluster / PID_FILE
    if pid_file.exists() and (stranger := find_server(home.cluster).postmaster):
        raise UnavailableError(
            f"Process {stranger.pid}, which Verbatim did not start, serves {home.cluster}: "
            f"stop it (`kill -INT {stranger.pid}`) and try again."
        )
    socket = home.socket_directory / f".s.PGSQL.{PORT}"
    for remains in (pid_file, socket, socket.with_name(f"{socket.name}.lock")):
        remains.unlink(missing_ok=True)


def _shared_memory_type() -> str:
    """Choose files in the data directory where /dev/shm is too small for parallel queries, as in many containers."""
    shared_memory = Path("/dev/shm")  # noqa: S108 - only measured
    if sys.platform != "linux":
        return "posix"
    roomy = os.access(shared_memory, os.W_OK) and shutil.disk_usage(shared_memory).free >= MIN_SHARED_MEMORY_BYTES
    return "posix" if roomy else "mmap"


def _noted_state(home: PostgresHome) -> str | None:
    """Return what the postmaster noted of itself in its file ("starting", "ready" …); `None` if that is damaged."""
    try:
        lines = (home.cluster / PID_FILE).read_bytes().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return None
    return lines[7].strip() if len(lines) >= 8 and lines[0].isdecimal() else None


def _mend_pid_file(home: PostgresHome) -> None:
    """Write the file of a living postmaster anew: without its number there, it would shut down within a minute."""
    postmaster = find_server(home.cluster).postmaster
    if postmaster is None:
        return
    lines = [postmaster.pid, home.cluster, int(postmaster.create_time()), PORT, home.socket_directory, "", "", "ready"]
    with os.fdopen(home.open_file(f"{home.cluster.name}/{PID_FILE}"), "w") as pid_file:
        pid_file.write("".join(f"{line}\n" for line in lines))
        pid_file.truncate()


def _create_database(connection: psycopg.Connection) -> None:
    connection.execute("SELECT pg_advisory_lock(1)")  # until the connection is closed
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount == 0:
        connection.execute(CREATE_DATABASE)
