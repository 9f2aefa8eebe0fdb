"""Jobs that are given up, by who waits for them or by what they do to their decoder; the others never notice."""

import subprocess
from contextlib import suppress
from pathlib import Path

import httpx2
import psutil  # type: ignore[import-untyped]
import pytest
from workplace import LONGEST_WAIT_S, ROOT, TIME_PASSES, Workplace, make_study

from ingest.runs import MOST_ATTEMPTS

pytestmark = pytest.mark.models

LONG = ROOT / "examples" / "nido" / "recordings" / "P01.opus"
HEARS = "SELECT EXISTS (SELECT 1 FROM ingest_run WHERE stage = 'transcribe' AND status = 'running')"
TEXTS_DONE = (
    "SELECT NOT EXISTS (SELECT 1 FROM procrastinate_jobs) AND count(*) = 2 FROM interview "
    "WHERE published_at IS NOT NULL AND id NOT IN (SELECT interview_id FROM recording)"
)
SPOKEN_RUN = (
    "SELECT ingest_run.id::text, status, stage, attempts, error FROM ingest_run "
    "WHERE interview_id IN (SELECT interview_id FROM recording)"
)


@pytest.fixture
def busy(workplace: Workplace, tmp_path: Path) -> Workplace:
    """A workplace with two texts, and a recording that takes its time."""
    workplace.queue(make_study(tmp_path / "study", texts=2, recordings=[LONG]))
    return workplace


def change(url: str, job: str, what: str) -> httpx2.Response:
    """Cancel or retry a job."""
    return httpx2.post(f"{url}/v1/jobs/{job}/{what}", timeout=LONGEST_WAIT_S)


def kill_decoders(worker: "subprocess.Popen[str]") -> None:
    """Kill what hears for a worker."""
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(worker.pid).children(recursive=True):
            child.kill()


def test_cancelled_while_it_is_heard(busy: Workplace) -> None:
    """The work stops, the others go on, nothing of it is seen; tried again, it is published."""
    ((job, *_),) = busy.rows(SPOKEN_RUN)
    with busy.service() as (_, url), busy.worker() as worker:
        busy.wait_until(HEARS, worker)
        cancelled = change(url, job, "cancel")
        assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
        busy.wait_until(TEXTS_DONE, worker)
        assert busy.rows(SPOKEN_RUN)[0][1] == "cancelled"
        assert busy.rows("SELECT 1 FROM utterance JOIN recording USING (interview_id)") == []
        assert change(url, job, "retry").json()["status"] == "queued"
        busy.wait_until("SELECT bool_and(published_at IS NOT NULL) FROM interview", worker)
    assert busy.publications() == {1}


def test_cancelled_while_it_waits(busy: Workplace) -> None:
    """No worker takes it any more."""
    ((job, *_),) = busy.rows(SPOKEN_RUN)
    with busy.service() as (_, url):
        assert change(url, job, "cancel").json()["status"] == "cancelled"
    with busy.worker() as worker:
        busy.wait_until(TEXTS_DONE, worker)
    assert busy.rows(SPOKEN_RUN) == [(job, "cancelled", "waiting", 0, None)]


def test_what_kills_its_decoder_is_given_up_alone(busy: Workplace) -> None:
    """Five attempts, then it has failed, with a problem that says why; the others are published, and its file stays."""
    ((job, *_),) = busy.rows(SPOKEN_RUN)
    with busy.worker() as worker:
        for attempt in range(1, MOST_ATTEMPTS + 1):
            busy.wait_until(HEARS, worker)
            assert busy.rows(SPOKEN_RUN)[0][3] == attempt
            while busy.rows(HEARS)[0][0]:
                kill_decoders(worker)
            busy.execute(*TIME_PASSES)
        busy.wait_until(TEXTS_DONE, worker)
    assert busy.rows(SPOKEN_RUN)[0][1:4] == ("failed", "transcribe", MOST_ATTEMPTS)
    with busy.service() as (_, url):
        failed = httpx2.get(f"{url}/v1/jobs/{job}", timeout=LONGEST_WAIT_S).json()
        assert (failed["status"], failed["error"]["status"]) == ("failed", 422)
        assert "brought the decoder down" in failed["error"]["detail"]
    ((sha256,),) = busy.rows("SELECT sha256 FROM recording")
    assert busy.services.blobs.exists(sha256)
