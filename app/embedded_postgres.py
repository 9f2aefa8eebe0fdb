"""The embedded PostgreSQL: the first command that needs it starts it, others share it, the last one stops it.

Two locked files stand in for any bookkeeping of process numbers; the kernel lets go of them however a process ends.
`users.lock` is held shared by every command that uses the server, and exclusively by the last one while it stops it.
`server.lock` is held exclusively by whoever starts the server, and is inherited by initdb and by every process of the
server: as long as it is held, something of the server lives; once it is free, nothing does.
"""

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL

from app.errors import UnavailableError
from app.postgres_cluster import (
    DATABASE,
    PORT,
    StartedServer,
    answers,
    bound_log,
    check_version,
    connect,
    last_complaint,
    start_server,
)
from app.postgres_home import PostgresHome, create_home, locate_home, os_errors_explained, try_lock
from app.postgres_processes import find_server, installed_versions, is_alive

START_TIMEOUT_S = 300.0
START_NOTICE_INTERVAL_S = 10.0
MAX_STARTS = 3
FAST_STOP_TIMEOUT_S = 60.0
IMMEDIATE_STOP_TIMEOUT_S = 10.0
SHORTEST_POLL_INTERVAL_S = 0.02
LONGEST_POLL_INTERVAL_S = 0.5
SHORTEST_WATCH_INTERVAL_S = 1.0
LONGEST_WATCH_INTERVAL_S = 60.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PostgresStatus:
    """The state of the embedded database; `problem` is a sentence with its remedy, `None` when all is well."""

    running: bool
    version: str | None
    pgvector_version: str | None
    data_directory: Path
    socket_directory: Path
    pid: int | None
    problem: str | None


@contextmanager
def embedded_postgres(data_directory: Path) -> Iterator[str]:
    """Yield the URL of the embedded database below a data directory, for as long as the context lasts.

    The server is started, or shared with the commands that use it already; it is started again when it is killed, and
    stopped at the end if nobody else uses it. Raises `UnavailableError` with the reason and the remedy.
    """
    with os_errors_explained(data_directory):
        home = create_home(data_directory)
        users = home.open_file("users.lock")
    with _counted_as_user(home, users):
        with os_errors_explained(home.path):
            _ensure_running(home, threading.Event())
        with _watched(home):
            yield _database_url(home)


def postgres_status(data_directory: Path) -> PostgresStatus:
    """Look at the embedded database below a data directory; nothing is started or changed."""
    home = locate_home(data_directory)
    postmaster = find_server(home.cluster).postmaster
    version, pgvector_version = None, None
    problem = None
    try:
        with os_errors_explained(home.path):
            version, pgvector_version = installed_versions()
            if home.cluster.exists():
                check_version(home)
        if postmaster is not None:
            connect(home).close()
    except UnavailableError as error:
        problem = error.message
    except psycopg.OperationalError:
        problem = f"The server runs and does not answer: it may be recovering, so wait; or read {home.log}."
    return PostgresStatus(
        running=postmaster is not None,
        version=version,
        pgvector_version=pgvector_version,
        data_directory=home.cluster,
        socket_directory=home.socket_directory,
        pid=postmaster.pid if postmaster else None,
        problem=problem,
    )


@contextmanager
def _counted_as_user(home: PostgresHome, users: int) -> Iterator[None]:
    """Count as a user of the server; at the end, stop it if there is no other. Closes the descriptor `users`."""
    try:
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while the last user stops the server
        try:
            yield
        finally:
            # Whoever leaves lets go first and tries then: the last to let go finds no other user, and of two that try
            # at the same moment one is refused because the other stops the server.
            fcntl.flock(users, fcntl.LOCK_UN)
            if try_lock(users, fcntl.LOCK_EX):
                _stop(home)
    finally:
        os.close(users)


def _ensure_running(home: PostgresHome, given_up: threading.Event) -> None:
    """Return when the server answers: start it if nothing of it lives, else wait for what somebody else started."""
    starts: list[StartedServer] = []
    next_notice_s = START_NOTICE_INTERVAL_S
    for waited_s in _polls(START_TIMEOUT_S, given_up):
        with _free_server_lock(home) as lock:
            if lock is not None:
                if starts and (len(starts) == MAX_STARTS or not starts[-1].was_killed()):
                    raise UnavailableError(
                        f"The embedded database stopped while it started: {last_complaint(home, starts[-1].log_start)} "
                        f"(the whole log: {home.log})."
                    )
                starts.append(start_server(home, lock))
        if lock is None and answers(home):
            return
        if waited_s > next_notice_s:
            next_notice_s += START_NOTICE_INTERVAL_S
            logger.warning("The embedded database is still starting after %d s; its log: %s", waited_s, home.log)
    if not given_up.is_set():
        postmaster = find_server(home.cluster).postmaster
        raise UnavailableError(
            f"The embedded database does not answer (process {postmaster.pid if postmaster else 'unknown'}): "
            f"read {home.log}; if it makes no progress, end that process and try again."
        )


@contextmanager
def _free_server_lock(home: PostgresHome) -> Iterator[int | None]:
    """Yield the server lock, held, if nothing of the server lives, else `None`; a child that inherited it keeps it."""
    lock = home.open_file("server.lock")
    try:
        yield lock if try_lock(lock, fcntl.LOCK_EX) else None
    finally:
        os.close(lock)


@contextmanager
def _watched(home: PostgresHome) -> Iterator[None]:
    """Start the server again whenever it dies, as long as the context lasts."""
    leaving = threading.Event()
    watcher = threading.Thread(target=_watch, args=(home, leaving), name="verbatim-postgres-watcher", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        leaving.set()
        watcher.join()


def _watch(home: PostgresHome, leaving: threading.Event) -> None:
    postmaster = find_server(home.cluster).postmaster
    interval_s = SHORTEST_WATCH_INTERVAL_S
    while not leaving.wait(interval_s):
        try:
            with os_errors_explained(home.path):
                bound_log(home)
                if postmaster is None or not is_alive(postmaster):
                    _ensure_running(home, leaving)
                    postmaster = find_server(home.cluster).postmaster
            interval_s = SHORTEST_WATCH_INTERVAL_S
        except UnavailableError as error:
            logger.error("%s", error.message)
            interval_s = min(2 * interval_s, LONGEST_WATCH_INTERVAL_S)


def _stop(home: PostgresHome) -> None:
    """Stop the server with a checkpoint; if that lasts too long, without, to recover at the next start."""
    for signal_number, timeout_s in (
        (signal.SIGINT, FAST_STOP_TIMEOUT_S),
        (signal.SIGQUIT, IMMEDIATE_STOP_TIMEOUT_S),
    ):
        for _ in _polls(timeout_s, threading.Event()):
            with _free_server_lock(home) as lock:
                if lock is not None:
                    return
            server = find_server(home.cluster)
            server.send_signal(signal_number)
            server.kill_orphans()
    logger.error("The embedded database does not stop; its log: %s", home.log)


def _polls(timeout_s: float, given_up: threading.Event) -> Iterator[float]:
    """Yield the seconds since the first poll, at growing intervals, until the time is over or somebody gives up."""
    begun_s = time.monotonic()
    interval_s = SHORTEST_POLL_INTERVAL_S
    while (waited_s := time.monotonic() - begun_s) < timeout_s:
        yield waited_s
        if given_up.wait(interval_s):
            return
        interval_s = min(1.5 * interval_s, LONGEST_POLL_INTERVAL_S)


def _database_url(home: PostgresHome) -> str:
    query = {"host": str(home.socket_directory), "port": str(PORT)}
    return URL.create("postgresql+psycopg", username=DATABASE, database=DATABASE, query=query).render_as_string()
