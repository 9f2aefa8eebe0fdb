"""Load: many who ask at once, a database that stops again and again, and a long day."""

import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from app.embedded_postgres import postgres_status
from bench.faults.outcome import Outcome
from bench.faults.service import Served, ingest_sample, served
from bench.faults.traffic import Traffic, traffic

RESTART_EVERY_S = 20
RESTARTS_S = 300
LONGEST_RECOVERY_S = 5.0
SOAK_S = 1200
LARGEST_GROWTH = 0.05
ASKING = 50
CROWD_S = 60


@contextmanager
def sample_service() -> Iterator[Served]:
    """The sample study, served out of a fresh data directory."""
    with tempfile.TemporaryDirectory(prefix="verbatim-faults-") as name:
        ingest_sample(Path(name))
        with served(Path(name)) as service:
            yield service


def measure_restarts(scale: float) -> Outcome:
    """Stop the database at once, every 20 seconds, while eight people use the service."""
    with sample_service() as service, traffic(service.url, 8, thinking_s=0.2) as seen:
        time.sleep(5)
        files = service.open_files
        struck_s = []
        for _ in range(max(1, int(RESTARTS_S * scale) // RESTART_EVERY_S)):
            struck_s.append(time.monotonic())
            _stop_database(service.folder)
            time.sleep(RESTART_EVERY_S)
        files_after = service.open_files
    recovery_s = max(seen.longest_gap_s(moment) for moment in struck_s)
    bad = [visit for visit in seen.visits if not (visit.status < 400 or (visit.status == 503 and visit.retry_after))]
    refused = seen.statuses()[503]
    return Outcome(
        f"{len(struck_s)} restarts, {len(seen.visits):,} requests: {refused} × 503 with Retry-After, "
        f"{len(bad)} other errors; "
        f"longest recovery {recovery_s:.1f} s; open files {files} → {files_after}",
        not bad and recovery_s <= LONGEST_RECOVERY_S and files_after <= files + 16,
    )


def _stop_database(folder: Path) -> None:
    pid = postgres_status(folder).pid
    if pid is not None:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).send_signal(signal.SIGQUIT)


def measure_crowd(scale: float) -> Outcome:
    """Fifty people who ask without a pause, and one who looks through lists meanwhile."""
    with (
        sample_service() as service,
        traffic(service.url, ASKING, only="ask") as asked,
        traffic(service.url, 1, only="list") as looked,
    ):
        time.sleep(CROWD_S * scale)
    errors = _errors(asked) + _errors(looked)
    return Outcome(
        f"{ASKING} people at once, {len(asked.visits):,} answers, {errors} errors; "
        f"lists meanwhile p95 {looked.p95_ms('list'):.0f} ms",
        errors == 0 and looked.p95_ms("list") <= 150,
    )


def measure_soak(scale: float) -> Outcome:
    """Four people for twenty minutes; memory is compared once all has been used."""
    with sample_service() as service, traffic(service.url, 4, thinking_s=0.4) as seen:
        time.sleep(SOAK_S * scale / 5)
        early_bytes, early_files = service.resident_bytes, service.open_files
        time.sleep(SOAK_S * scale * 4 / 5)
        late_bytes, late_files = service.resident_bytes, service.open_files
    growth = late_bytes / early_bytes - 1
    return Outcome(
        f"{SOAK_S * scale / 60:.0f} min, {len(seen.visits):,} requests, {_errors(seen)} errors; memory "
        f"{early_bytes >> 20} → {late_bytes >> 20} MB ({growth:+.1%}) after the first fifth; "
        f"open files {early_files} → {late_files}",
        growth <= LARGEST_GROWTH and late_files <= early_files + 8 and _errors(seen) == 0,
    )


def _errors(seen: Traffic) -> int:
    return sum(count for status, count in seen.statuses().items() if not 200 <= status < 400)
