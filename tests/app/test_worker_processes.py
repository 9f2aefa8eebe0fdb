"""Workers as real processes, really killed, frozen and cut off: everything is published once, as if nothing had been.

A worker is held at a place by locking a table that it needs there. Time is not waited for: what would have run out is
set into the past.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli_runner import point_at, read_until, started
from sqlalchemy import text

from app.blobs import Blobs
from app.database import Database
from app.embedding import Embedder
from app.services import Services
from app.settings import Settings
from ingest.pipeline import ingest_study

WORDS = "Ich hatte Angst um mein Geld, und die Bank hat wochenlang keinen einzigen meiner Briefe beantwortet."
LONGEST_WAIT_S = 60
RESULT = """
SELECT utterance.id::text, utterance.role, utterance.text, passage.question_id::text,
  (SELECT count(*) FROM tagging WHERE tagging.utterance_id = utterance.id) AS taggings
FROM utterance LEFT JOIN passage ON passage.utterance_id = utterance.id ORDER BY utterance.id
"""
FORGET = (
    "DELETE FROM tagging",
    "DELETE FROM passage",
    "DELETE FROM calibration",
    "UPDATE interview SET transcript_id = NULL",
    "DELETE FROM utterance",
    "UPDATE ingest_run SET status = 'queued', stage = 'waiting', attempts = 0, lease_token = NULL, lease_until = NULL",
)
TIME_PASSES = (
    "UPDATE ingest_run SET lease_until = now() - interval '1 second' WHERE status = 'running'",
    "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'",
)
ALL_DONE = (
    "SELECT NOT EXISTS (SELECT 1 FROM ingest_run WHERE status <> 'published') "
    "AND EXISTS (SELECT 1 FROM calibration) AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs)"
)
SOMEBODY_WAITS_FOR_A_LOCK = (
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
)

Rows = list[tuple[object, ...]]


def make_study(folder: Path, interviews: int) -> None:
    """Write a study of short interviews."""
    codes = [f"{number:02d}" for number in range(1, interviews + 1)]
    people = ", ".join(f"{{id: P{code}, language: de}}" for code in codes)
    entries = "\n".join(f"  - {{id: I{code}, participant: P{code}, files: [P{code}.txt]}}" for code in codes)
    manifest = f"study: shop\nlanguages: [de]\nparticipants: [{people}]\ninterviews:\n{entries}\n"
    (folder / "study.yaml").write_text(manifest, encoding="utf-8")
    for code in codes:
        (folder / f"P{code}.txt").write_text(f"Anna: Und dann?\nP{code}: {WORDS} {code}\n", encoding="utf-8")


@pytest.fixture
def services(
    own_database: Database, embedder: Embedder, blobs: Blobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Services:
    """Services over a database of one's own, to which commands are set too."""
    point_at(own_database, monkeypatch, tmp_path / "data")
    return Services(Settings(), own_database, embedder, blobs)


def queued(services: Services, folder: Path, interviews: int) -> Rows:
    """Queue a study; gives what an undisturbed run makes of it."""
    make_study(folder, interviews)
    assert ingest_study(folder, services, lambda *_: None).succeeded
    result = rows(services, RESULT)
    execute(services, *FORGET)
    return result


def rows(services: Services, query: str) -> Rows:
    """The rows of a query."""
    with services.database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def execute(services: Services, *statements: str) -> None:
    """Execute statements in one transaction."""
    with services.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def wait_until(services: Services, query: str) -> None:
    """Wait until a query says yes."""
    with services.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(LONGEST_WAIT_S * 20):
            if connection.scalar(text(query)):
                return
            connection.execute(text("SELECT pg_sleep(0.05)"))
    raise AssertionError(f"never so: {query}")


@contextmanager
def locked(services: Services, table: str) -> Iterator[None]:
    """Let nobody use a table."""
    with services.database.engine.begin() as connection:
        connection.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield


@pytest.mark.parametrize("table", ["code", "tagging", "passage", "calibration"])
def test_a_killed_worker_is_as_if_it_had_never_been(services: Services, tmp_path: Path, table: str) -> None:
    """Before its work, on the way, in the publishing transaction, after it: another one ends it, nothing is twice."""
    undisturbed = queued(services, tmp_path, 1)
    with locked(services, table), started("worker") as victim:
        wait_until(services, SOMEBODY_WAITS_FOR_A_LOCK)
        victim.kill()
        victim.wait()
    execute(services, *TIME_PASSES)
    with started("worker") as successor:
        wait_until(services, ALL_DONE)
        successor.send_signal(signal.SIGTERM)
        assert successor.wait() == 0
    assert rows(services, RESULT) == undisturbed


def test_a_frozen_worker_writes_nothing_when_it_wakes(services: Services, tmp_path: Path) -> None:
    """Another one has done its work meanwhile; it sees that, and goes on with other work."""
    undisturbed = queued(services, tmp_path, 1)
    with started("worker") as frozen:
        with locked(services, "code"):
            wait_until(services, SOMEBODY_WAITS_FOR_A_LOCK)
            frozen.send_signal(signal.SIGSTOP)
        execute(services, *TIME_PASSES)
        with started("worker") as successor:
            wait_until(services, ALL_DONE)
            published = rows(services, "SELECT published_at FROM interview")
            frozen.send_signal(signal.SIGCONT)
            assert "I01: waiting" in read_until(frozen, "I01: ")
            for worker in (successor, frozen):
                worker.send_signal(signal.SIGTERM)
                assert worker.wait() == 0
    assert rows(services, RESULT) == undisturbed
    assert rows(services, "SELECT published_at FROM interview") == published


def test_two_workers_share_the_work(services: Services, tmp_path: Path) -> None:
    """Each interview is processed once, by one of them."""
    undisturbed = queued(services, tmp_path, 12)
    with started("worker") as one, started("worker") as other:
        wait_until(services, ALL_DONE)
        for worker in (one, other):
            worker.send_signal(signal.SIGTERM)
            assert worker.wait() == 0
    assert rows(services, RESULT) == undisturbed
    assert rows(services, "SELECT DISTINCT attempts FROM ingest_run") == [(1,)]


def test_a_worker_outlives_its_connections(services: Services, tmp_path: Path) -> None:
    """Cut off from the database, as when that starts anew, it comes back and works."""
    undisturbed = queued(services, tmp_path, 1)
    with started("worker") as worker:
        wait_until(services, ALL_DONE)
        execute(
            services,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        services.database.engine.dispose()
        execute(services, *FORGET)
        wait_until(services, ALL_DONE)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait() == 0
    assert rows(services, RESULT) == undisturbed


def test_a_worker_ends_with_its_input(services: Services) -> None:
    """As it does when the service that started it is killed."""
    with started("worker", "--until-input-ends") as worker:
        read_until(worker, "waits for interviews")
        assert worker.stdin is not None
        worker.stdin.close()
        assert worker.wait() == 0
