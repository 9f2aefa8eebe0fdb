"""Jobs are followed, cancelled and tried again."""

import asyncio
import threading
import uuid

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text, update
from study_factory import MadeStudy

from app.library.jobs import read_job
from app.main import create_app
from app.models import IngestRun, Interview
from app.privacy.keys import KeyRole, create_key
from app.rest import jobs
from app.services import Services


@pytest.fixture
def run_id(services: Services, study: MadeStudy) -> uuid.UUID:
    """A queued run of the study."""
    with services.database.sessions.begin() as session:
        interview = session.scalars(select(Interview).where(Interview.code == "I01")).one()
        run = IngestRun(
            study_id=study.study_id, interview_id=interview.id, fingerprint="f", status="queued", stage="waiting"
        )
        session.add(run)
        session.flush()
        return run.id


def put(services: Services, run_id: uuid.UUID, **values: object) -> None:
    """Say how far a run is."""
    with services.database.sessions.begin() as session:
        session.execute(update(IngestRun).where(IngestRun.id == run_id).values(**values))


def test_a_job_tells_how_far_it_is(client: TestClient, services: Services, run_id: uuid.UUID) -> None:
    """Status, stage, seconds of audio; and when to ask again, while there is something to wait for."""
    put(services, run_id, status="running", stage="transcribe", done=12, total=60)
    response = client.get(f"/v1/jobs/{run_id}")
    job = response.json()
    assert [job[name] for name in ("status", "stage", "done", "total", "error")] == [
        "running",
        "transcribe",
        12,
        60,
        None,
    ]
    assert (job["study"], job["interview"]) == ("acme", "I01")
    assert "retry-after" in response.headers
    put(services, run_id, status="published")
    assert "retry-after" not in client.get(f"/v1/jobs/{run_id}").headers


def test_a_failed_job_says_why(client: TestClient, services: Services, run_id: uuid.UUID) -> None:
    """As a problem object."""
    put(services, run_id, status="failed", error="the recording is empty")
    error = client.get(f"/v1/jobs/{run_id}").json()["error"]
    assert error == {
        "type": "/problems#invalid-input",
        "title": "Invalid input",
        "status": 422,
        "detail": "the recording is empty",
    }


def test_an_unknown_job_is_not_found(client: TestClient, study: MadeStudy) -> None:
    """Whatever is wanted of it, also as events."""
    url = f"/v1/jobs/{uuid.uuid4()}"
    assert client.get(url).status_code == 404
    assert client.get(url, headers={"Accept": "text/event-stream"}).status_code == 404
    assert client.post(f"{url}/cancel").status_code == 404
    assert client.post(f"{url}/retry").status_code == 404


def test_a_finished_job_is_two_events(client: TestClient, services: Services, run_id: uuid.UUID) -> None:
    """Its status, and that it is done; then the stream ends."""
    put(services, run_id, status="published", stage="published")
    response = client.get(f"/v1/jobs/{run_id}", headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [block.splitlines() for block in response.text.strip().split("\n\n")]
    assert [[line.partition(":")[0] for line in event] for event in events] == [["event", "data", "id"]] * 2
    assert [event[0] for event in events] == ["event: status", "event: done"]
    assert [event[2] for event in events] == ["id: 1", "id: 2"]


def test_changes_are_told_once(services: Services, run_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between changes a sign of life comes now and then; the end of the job ends the stream."""
    monkeypatch.setattr(jobs, "LOOK_EVERY_S", 0.001)
    monkeypatch.setattr(jobs, "SILENT_AT_MOST_S", 0.002)
    with services.database.sessions() as session:
        job = read_job(session, run_id)
    steps: list[dict[str, object]] = [
        {"status": "running", "stage": "transcribe", "done": 5, "total": 9},
        {"status": "published", "stage": "published"},
    ]

    async def follow() -> list[str]:
        told = []
        async for event in jobs.follow(services, job, threading.Event()):
            told.append(event.decode().partition("\n")[0])
            if event.startswith(b": ping") and steps:
                put(services, run_id, **steps.pop(0))
        return told

    told = asyncio.run(follow())
    assert [event for event in told if event != ": ping"] == ["event: status"] * 3 + ["event: done"]
    assert told.count(": ping") >= 2


def test_streams_end_with_the_service(services: Services, run_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a job when the service is to end."""
    monkeypatch.setattr(jobs, "LOOK_EVERY_S", 0.001)
    ending = threading.Event()
    ending.set()
    with services.database.sessions() as session:
        job = read_job(session, run_id)

    async def follow() -> list[bytes]:
        return [event async for event in jobs.follow(services, job, ending)]

    assert len(asyncio.run(follow())) == 1


def test_a_cancelled_job_is_taken_from_its_worker(client: TestClient, services: Services, run_id: uuid.UUID) -> None:
    """Its lease is gone, so that nothing of it is published; cancelling it again changes nothing."""
    put(services, run_id, status="running", lease_token=uuid.uuid4())
    assert client.post(f"/v1/jobs/{run_id}/cancel").json()["status"] == "cancelled"
    assert client.post(f"/v1/jobs/{run_id}/cancel").json()["status"] == "cancelled"
    with services.database.sessions() as session:
        assert session.get_one(IngestRun, run_id).lease_token is None


@pytest.mark.parametrize(
    ("status", "cancelled", "retried"), [("published", 409, 409), ("failed", 409, 202), ("queued", 200, 202)]
)
def test_what_is_done_stays_done(
    client: TestClient, services: Services, run_id: uuid.UUID, status: str, cancelled: int, retried: int
) -> None:
    """Only what is on its way can be cancelled, only what was given up tried again."""
    put(services, run_id, status=status)
    assert client.post(f"/v1/jobs/{run_id}/cancel").status_code == cancelled
    assert client.post(f"/v1/jobs/{run_id}/retry").status_code == retried


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_what_was_given_up_is_queued_again(
    client: TestClient, services: Services, run_id: uuid.UUID, status: str
) -> None:
    """From the beginning, with all its attempts, and with a job for a worker."""
    put(services, run_id, status=status, stage="tag", attempts=5, error="no", done=3, total=9)
    response = client.post(f"/v1/jobs/{run_id}/retry")
    job = response.json()
    assert response.status_code == 202
    assert [job[name] for name in ("status", "stage", "attempts", "done", "total", "error")] == [
        "queued",
        "waiting",
        0,
        0,
        0,
        None,
    ]
    with services.database.sessions() as session:
        assert session.scalars(text("SELECT args ->> 'run_id' FROM procrastinate_jobs")).all() == [str(run_id)]


def test_viewers_look_on(services: Services, run_id: uuid.UUID) -> None:
    """They see how far a job is, and change nothing."""
    with services.database.sessions.begin() as session:
        key = create_key(session, "ben", KeyRole.VIEWER)
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(create_app(services, require_keys=True), base_url="http://127.0.0.1") as client:
        assert client.get(f"/v1/jobs/{run_id}", headers=headers).status_code == 200
        for action in ("cancel", "retry"):
            assert client.post(f"/v1/jobs/{run_id}/{action}", headers=headers).status_code == 403
