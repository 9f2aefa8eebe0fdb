"""The worker: it takes runs and deliveries from the queue, and puts on it again what a process left when it died."""

import asyncio
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from psycopg import Error as DriverError
from sqlalchemy.exc import SQLAlchemyError

from app.database import is_away, is_disk_full
from app.errors import AppError
from app.kept_files import sweep_unused
from app.queue import (
    DELIVER,
    GRACE_S,
    KEEP_PROMISES,
    PROCESS,
    STALLED_S,
    enqueue,
    enqueue_deliveries,
    requeue_stalled_jobs,
)
from app.services import Services
from ingest.delivered import sweep_delivered_folders
from ingest.deliveries import conclude_deliveries, deliver, forget_old_deliveries, waiting_deliveries
from ingest.enrichment.enrich import enrich_study
from ingest.pipeline import InterviewReport, process_run, round_off
from ingest.runs import find_run, hand_back, is_through, waiting_runs
from ingest.speech.recordings import SpeechProcess
from ingest.speech.workspace import LEFT_BEHIND, sweep_sound_folders

SWEEP_EVERY_S = 10.0
RECONNECT_S = 3.0
UPLOAD_BROKEN_OFF = timedelta(hours=1)
_SWEEPS_PER_TIDYING = 360
_EVERY_TEN_MINUTES = "*/10 * * * *"

log = structlog.get_logger()

Reported = Callable[[InterviewReport], None]
Promises = Callable[[], object]


@dataclass(frozen=True)
class _Work:
    """What the parts of a worker share; `in_hand` is the run that is processed now."""

    services: Services
    speech: SpeechProcess
    ending: threading.Event
    reported: Reported
    promises: Promises
    in_hand: set[uuid.UUID] = field(default_factory=set)


def work(services: Services, ending: threading.Event, reported: Reported, promises: Promises) -> None:
    """Process what is queued until `ending` is set; the run in hand is finished first, or handed back.

    `promises` is what is to be done every ten minutes, by one of all workers.
    """
    with SpeechProcess() as speech:
        task = _Work(services, speech, ending, reported, promises)
        while not ending.is_set():
            with _loss_outlived():
                sweep(services)
                asyncio.run(_work_connected(task))
            ending.wait(RECONNECT_S)


def sweep(services: Services) -> None:
    """Queue every run and delivery that waits, or that a process left behind when it died."""
    with services.database.sessions.begin() as session:
        requeue_stalled_jobs(session)
        enqueue(session, waiting_runs(session))
        enqueue_deliveries(session, waiting_deliveries(session))


def tidy(services: Services) -> None:
    """Remove what is left of uploads and of work that broke off, and files that were kept and never registered."""
    sweep_sound_folders(LEFT_BEHIND)
    sweep_delivered_folders(services.settings)
    forget_old_deliveries(services)
    try:
        services.blobs.sweep(UPLOAD_BROKEN_OFF)
        sweep_unused(services.database.sessions, services.blobs, UPLOAD_BROKEN_OFF)
    except AppError as error:
        log.warning("uploads that broke off cannot be removed", reason=error.message)


def process(run_id: uuid.UUID, services: Services, speech: SpeechProcess, reported: Reported) -> None:
    """Process one run, unless it is done or in other hands; round its study off when nothing of it is left to do."""
    with services.database.sessions() as session:
        run = find_run(session, run_id)
    if run is None:
        return
    if run.waits:
        reported(process_run(run_id, run.interview, services, speech))
    with services.database.sessions() as session:
        through = is_through(session, run.study_id)
    if through:
        enrich_study(run.study_id, services, lambda *_: None)
        round_off(run.study_id, services)
    conclude_deliveries(run.study_id, services)


@contextmanager
def _loss_outlived() -> Iterator[None]:
    """End in peace when the database goes away, or has no room to write: another try may find it well."""
    try:
        yield
    except (ConnectorException, DriverError, SQLAlchemyError) as error:
        if isinstance(error, SQLAlchemyError) and not (is_away(error) or is_disk_full(error)):
            raise
        log.warning("the database cannot be used; the worker tries again", in_s=RECONNECT_S, reason=_reason(error))


def _reason(error: Exception) -> str:
    return type(getattr(error, "orig", None) or error.__cause__ or error).__name__


async def _work_connected(task: _Work) -> None:
    """Work for as long as the database answers."""
    url = task.services.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    queue = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=3))
    queue.task(name=PROCESS)(_processing(task))
    queue.task(name=DELIVER)(_delivering(task))
    kept = queue.task(name=KEEP_PROMISES, lock=KEEP_PROMISES, queueing_lock=KEEP_PROMISES)(_keeping(task))
    queue.periodic(cron=_EVERY_TEN_MINUTES)(kept)
    worker = Worker(queue, delete_jobs="always", install_signal_handlers=False, stalled_worker_timeout=STALLED_S)
    async with queue.open_async():
        watch = asyncio.create_task(_watch(task, worker))
        try:
            await worker.run()  # type: ignore[no-untyped-call]
        finally:
            watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


def _processing(task: _Work) -> Callable[[str], None]:
    def processed(run_id: str) -> None:
        run = uuid.UUID(run_id)
        task.in_hand.add(run)
        try:
            _do_despite_losses(partial(process, run, task.services, task.speech, task.reported), task)
        finally:
            task.in_hand.discard(run)

    return processed


def _delivering(task: _Work) -> Callable[[str], None]:
    def delivered(delivery_id: str) -> None:
        _do_despite_losses(partial(deliver, uuid.UUID(delivery_id), task.services), task)

    return delivered


def _keeping(task: _Work) -> Callable[[int], None]:
    def kept(timestamp: int) -> None:  # noqa: ARG001 procrastinate tells when it was due
        try:
            _do_despite_losses(task.promises, task)
        except AppError as error:
            log.warning("erasures and retention are left for another time", reason=error.message)

    return kept


def _do_despite_losses(work: Callable[[], object], task: _Work) -> None:
    """Do something, once more whenever the database went away on the way: what is done is seen, and not done twice."""
    done = False
    while not done:
        with _loss_outlived():
            work()
            done = True
        done = done or task.ending.wait(RECONNECT_S)


async def _watch(task: _Work, worker: Worker) -> None:
    """Sweep now and then; when the end is wanted, stop the worker, and take the run in hand from it if that lasts."""
    try:
        for turn in count():
            if turn % _SWEEPS_PER_TIDYING == 0:
                await asyncio.to_thread(tidy, task.services)
            if await asyncio.to_thread(task.ending.wait, SWEEP_EVERY_S):
                break
            await asyncio.to_thread(sweep, task.services)
    finally:
        worker.stop()  # type: ignore[no-untyped-call]
    await asyncio.sleep(GRACE_S)
    await asyncio.to_thread(_hand_back, task)


def _hand_back(task: _Work) -> None:
    with task.services.database.sessions.begin() as session:
        for run_id in tuple(task.in_hand):
            hand_back(session, run_id)
