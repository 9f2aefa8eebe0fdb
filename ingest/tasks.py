"""The worker: it processes the interviews that wait, and those that a process left behind when it died."""

import threading
import uuid
from collections.abc import Callable

import structlog
from sqlalchemy.exc import OperationalError

from app.services import Services
from ingest.pipeline import InterviewReport, process_run, round_off
from ingest.runs import waiting_runs
from ingest.store import read_source

POLL_S = 3.0

log = structlog.get_logger()

Reported = Callable[[InterviewReport], None]


def work(services: Services, ending: threading.Event, reported: Reported) -> None:
    """Process waiting interviews until `ending` is set; the one in hand is finished first."""
    while not ending.is_set():
        try:
            drain(services, ending, reported)
        except OperationalError:
            log.warning("the database does not answer; the worker tries again", in_s=POLL_S)
        ending.wait(POLL_S)


def drain(services: Services, ending: threading.Event, reported: Reported) -> None:
    """Process the interviews that wait now, the longest waiting first."""
    with services.database.sessions() as session:
        runs = waiting_runs(session)
    studies: set[uuid.UUID] = set()
    for run_id in runs:
        if ending.is_set():
            break
        with services.database.sessions() as session:
            source = read_source(session, run_id)
        report = process_run(run_id, source.interview, services)
        reported(report)
        if report.status == "published":
            studies.add(source.study_id)
    for study_id in sorted(studies):
        round_off(study_id, services)
