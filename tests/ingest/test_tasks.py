"""The worker: what waits or was left behind is finished, once; what another process holds is left alone."""

import threading
import uuid
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from app.blobs import Blobs
from app.database import Database
from app.embedding import Embedder
from app.models import Calibration, IngestRun, Interview, Passage
from app.queue import enqueue
from app.services import Services
from app.settings import Settings
from ingest import tasks
from ingest.pipeline import InterviewReport, ingest_study
from ingest.runs import LeaseLostError, advance, claim_run, hand_back
from ingest.speech.recordings import SpeechProcess
from ingest.tasks import process, sweep, work

MANIFEST = """\
study: shop
languages: [de]
participants: [{id: P01, language: de}, {id: P02, language: de}]
interviews:
  - {id: I01, participant: P01, files: [P01.txt]}
  - {id: I02, participant: P02, files: [P02.txt]}
"""
WORDS = "Ich hatte Angst um mein Geld, und die Bank hat wochenlang keinen einzigen meiner Briefe beantwortet."


@pytest.fixture
def left_behind(tmp_path: Path, own_database: Database, embedder: Embedder, blobs: Blobs) -> Services:
    """Two interviews that a process has read and not published before it was killed."""
    services = Services(Settings(), own_database, embedder, blobs)
    (tmp_path / "study.yaml").write_text(MANIFEST, encoding="utf-8")
    for person in ("P01", "P02"):
        (tmp_path / f"{person}.txt").write_text(f"Anna: Und dann?\n{person}: {WORDS}\n", encoding="utf-8")
    ingest_study(tmp_path, services, lambda *_: None)
    with services.database.sessions.begin() as session:
        session.execute(delete(Passage))
        session.execute(delete(Calibration))
        session.execute(update(Interview).values(transcript_id=None))
        session.execute(update(IngestRun).values(status="running", lease_until=func.now() - func.make_interval(0, 1)))
    return services


def run_of(services: Services, interview: str) -> uuid.UUID:
    """The run of an interview."""
    with services.database.sessions() as session:
        statement = select(IngestRun.id).join(Interview, Interview.id == IngestRun.interview_id)
        return session.scalars(statement.where(Interview.code == interview)).one()


def jobs(session: Session) -> list[str]:
    """The runs for which jobs wait, the first to be done first."""
    rows = session.scalars(text("SELECT args ->> 'run_id' FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"))
    return [str(row) for row in rows]


def count_of(services: Services, table: type[Passage] | type[Calibration]) -> int | None:
    """How many rows a table has."""
    with services.database.sessions() as session:
        return session.scalar(select(func.count()).select_from(table))


def work_until(services: Services, interviews: int) -> list[InterviewReport]:
    """Run a worker until it has told of so many interviews."""
    ending = threading.Event()
    reports: list[InterviewReport] = []

    def report(outcome: InterviewReport) -> None:
        reports.append(outcome)
        if len(reports) == interviews:
            ending.set()

    work(services, ending, report, lambda: None)
    return reports


def test_what_a_killed_process_left_is_published(left_behind: Services) -> None:
    """Each interview once, and the study is calibrated, so that its words can be evidence; no job is left."""
    reports = work_until(left_behind, 2)
    assert sorted((report.interview, report.status) for report in reports) == [
        ("I01", "published"),
        ("I02", "published"),
    ]
    assert count_of(left_behind, Passage) == 2
    assert count_of(left_behind, Calibration) == 1
    with left_behind.database.sessions() as session:
        left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name <> 'keep_promises'"
        assert session.scalar(text(left)) == 0


def test_the_worker_ends_after_the_interview_in_hand(left_behind: Services) -> None:
    """Told to end while it works, it finishes that interview and begins no other."""
    assert [outcome.status for outcome in work_until(left_behind, 1)] == ["published"]


def test_what_another_process_holds_is_left_alone(left_behind: Services) -> None:
    """A lease that has not expired is respected, by the sweep and by a job that is there all the same."""
    with left_behind.database.sessions.begin() as session:
        session.execute(update(IngestRun).values(lease_until=func.now() + func.make_interval(0, 1)))
    sweep(left_behind)
    with left_behind.database.sessions() as session:
        assert jobs(session) == []
    process(
        run_of(left_behind, "I01"),
        left_behind,
        SpeechProcess(),
        lambda _: pytest.fail("a run of another process was taken"),
    )


def test_a_job_for_what_is_published_only_rounds_off(left_behind: Services) -> None:
    """A worker killed between publication and calibration leaves a job, which calibrates."""
    work_until(left_behind, 2)
    with left_behind.database.sessions.begin() as session:
        session.execute(delete(Calibration))
    process(run_of(left_behind, "I01"), left_behind, SpeechProcess(), lambda _: pytest.fail("it was published already"))
    assert count_of(left_behind, Calibration) == 1


def test_a_job_for_a_run_that_is_gone_does_nothing(services: Services) -> None:
    """What was erased in the meantime is no fault of the worker."""
    process(uuid.uuid4(), services, SpeechProcess(), lambda _: pytest.fail("there is nothing to process"))


def test_a_run_waits_once(left_behind: Services) -> None:
    """However often it is queued, also while another transaction does the same."""
    run_id = run_of(left_behind, "I02")
    sweep(left_behind)
    sweep(left_behind)
    with left_behind.database.sessions.begin() as session:
        enqueue(session, [run_id, run_id])
        assert sorted(jobs(session)) == sorted(str(run_of(left_behind, code)) for code in ("I01", "I02"))


def test_a_job_comes_with_the_transaction(left_behind: Services) -> None:
    """What is rolled back was never queued, and a job that is there twice rolls nothing else back."""
    with left_behind.database.sessions() as session:
        enqueue(session, [run_of(left_behind, "I01")])
        session.rollback()
        assert jobs(session) == []


@pytest.mark.parametrize("dead", [True, False])
def test_jobs_of_dead_workers_are_queued_anew(left_behind: Services, dead: bool) -> None:
    """A worker that was not heard of for long is dead; one that was heard of keeps its job."""
    run_id = run_of(left_behind, "I01")
    with left_behind.database.sessions.begin() as session:
        session.execute(update(IngestRun).values(status="published"))
        enqueue(session, [run_id])
        silent_s = {"seconds": 60 if dead else 0}
        worker = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => :seconds))"
        session.execute(text(worker), silent_s)
        session.execute(
            text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)")
        )
    sweep(left_behind)
    with left_behind.database.sessions() as session:
        assert jobs(session) == ([str(run_id)] if dead else [])
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 1


def test_a_run_that_lasts_is_left_to_another_worker(left_behind: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told to end, the worker waits a while for the run in hand; then that waits again, and publishes nothing."""
    monkeypatch.setattr(tasks, "GRACE_S", 0.0)
    ending = threading.Event()
    reports: list[InterviewReport] = []
    worker = threading.Thread(target=work, args=(left_behind, ending, reports.append, lambda: None))
    with left_behind.database.engine.begin() as holding:
        holding.execute(text("LOCK TABLE code IN ACCESS EXCLUSIVE MODE"))
        worker.start()
        wait_until(left_behind, "SELECT EXISTS (SELECT 1 FROM ingest_run WHERE lease_until > now())")
        ending.set()
        wait_until(left_behind, "SELECT NOT EXISTS (SELECT 1 FROM ingest_run WHERE lease_until > now())")
    worker.join()
    assert [report.status for report in reports] == ["waiting"]
    assert count_of(left_behind, Passage) == 0


def wait_until(services: Services, query: str) -> None:
    """Wait until a query says yes."""
    with services.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(600):
            if connection.scalar(text(query)):
                return
            connection.execute(text("SELECT pg_sleep(0.05)"))
    pytest.fail(f"never so: {query}")


def test_what_is_handed_back_is_not_counted_as_an_attempt(left_behind: Services) -> None:
    """Who had it in hand can write no more, and the next one starts anew."""
    run_id = run_of(left_behind, "I01")
    with left_behind.database.sessions.begin() as session:
        attempts = session.get_one(IngestRun, run_id).attempts
        lease = claim_run(session, run_id)
        assert lease is not None
        hand_back(session, run_id)
    with left_behind.database.sessions.begin() as session:
        run = session.get_one(IngestRun, run_id)
        assert (run.status, run.attempts) == ("queued", attempts)
        with pytest.raises(LeaseLostError):
            advance(session, lease, "tag")


def test_what_was_promised_is_kept_now_and_then(left_behind: Services) -> None:
    """A worker does it beside its interviews; what a dead one had in hand of it is given up."""
    ending = threading.Event()
    work(left_behind, ending, lambda _: None, ending.set)
    with left_behind.database.sessions.begin() as session:
        session.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"))
        session.execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, lock) "
                "SELECT 'default', 'keep_promises', 'doing', max(id), 'keep_promises' FROM procrastinate_workers"
            )
        )
    sweep(left_behind)
    with left_behind.database.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")) == 0
