"""The job queue, in the same Postgres: which runs and deliveries a worker is to process. A job holds an id alone.

Jobs only say where to look: what became of a run stands in `ingest_run`, and its lease decides who may work on it; what
became of a delivery stands in `delivery`.
"""

import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.manager import JobManager
from procrastinate.sql import queries
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector
from procrastinate.tasks import configure_task
from sqlalchemy import text
from sqlalchemy.orm import Session

PROCESS = "process"
"""The task that processes one run; its argument is `run_id`."""

DELIVER = "deliver"
"""The task that does what a delivery waits for; its argument is `delivery_id`."""

KEEP_PROMISES = "keep_promises"
"""The task of now and then, which has no argument: whoever is there first of all workers does it."""

_ARGUMENTS = {PROCESS: "run_id", DELIVER: "delivery_id"}

STALLED_S = 30
"""A worker that has not been heard of for so long is taken for dead."""

GRACE_S = 20.0
"""How long the run in hand may still take when a worker is told to end; then another worker starts it anew."""

_STATE = """
SELECT (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :stalled_s)),
  count(*) FILTER (WHERE status = 'queued'), count(*) FILTER (WHERE status = 'running')
FROM ingest_run
"""

_CONNECTOR = SyncPsycopgConnector()  # never opened: every query goes over the connection of a session
_MANAGER = JobManager(_CONNECTOR)


@dataclass(frozen=True)
class QueueState:
    """How many workers live, and how many runs wait and are worked on."""

    workers: int
    waiting: int
    running: int


def queue_state(session: Session) -> QueueState:
    """Who works, and on how much."""
    return QueueState(*session.execute(text(_STATE), {"stalled_s": STALLED_S}).one())


def enqueue(session: Session, run_ids: Iterable[uuid.UUID]) -> None:
    """Let workers process runs as soon as the session's transaction is committed; who waits already waits once."""
    _defer(session, PROCESS, run_ids)


def enqueue_deliveries(session: Session, delivery_ids: Iterable[uuid.UUID]) -> None:
    """Let workers do what deliveries wait for, as soon as the session's transaction is committed."""
    _defer(session, DELIVER, delivery_ids)


def requeue_stalled_jobs(session: Session) -> None:
    """Queue anew what workers had in hand that died or froze; who wakes up finds the job taken from it.

    What is done now and then is only given up: its time comes again.
    """
    connection = _driver_connection(session)
    for task in (*_ARGUMENTS, KEEP_PROMISES):
        stalled = _CONNECTOR.execute_query_all_with_connection(
            connection,
            query=queries["select_stalled_jobs_by_heartbeat"],
            queue=None,
            task_name=task,
            seconds_since_heartbeat=STALLED_S,
        )
        for job in stalled:
            # Another worker may have taken it away in the meantime.
            with suppress(ConnectorException), session.begin_nested():
                _CONNECTOR.execute_query_one_with_connection(
                    connection, query=queries["finish_job"], job_id=job["id"], status="failed", delete_job=True
                )
        if argument := _ARGUMENTS.get(task):
            _defer(session, task, [uuid.UUID(job["args"][argument]) for job in stalled])


def _defer(session: Session, task: str, ids: Iterable[uuid.UUID]) -> None:
    waiting = set(session.scalars(text("SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo'")))
    for name in map(str, ids):
        if name not in waiting:
            with suppress(AlreadyEnqueued), session.begin_nested():
                connection = _driver_connection(session)
                job = configure_task(name=task, job_manager=_MANAGER, queueing_lock=name, connection=connection)
                job.defer(**{_ARGUMENTS[task]: name})


def _driver_connection(session: Session) -> psycopg.Connection:
    return cast("psycopg.Connection", session.connection().connection.driver_connection)
