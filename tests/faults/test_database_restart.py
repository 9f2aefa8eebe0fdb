"""A database that stops in the middle of work, as when the power fails: once it is back, the work goes on by itself."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import psutil  # type: ignore[import-untyped]
import pytest
from workplace import ALL_DONE, LONGEST_WAIT_S, SPEECH_MODEL, SPOKEN, Workplace, environment_for, make_study, until

from app.embedded_postgres import postgres_status
from app.services import open_services
from app.settings import Settings

RUNNING = "SELECT EXISTS (SELECT 1 FROM ingest_run WHERE status = 'running' AND stage = '{}')"


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Workplace]:
    """A workplace with an embedded database of its own."""
    settings = Settings(data_dir=tmp_path / "data", whisper_model=str(SPEECH_MODEL))
    environment = environment_for("", tmp_path / "data")
    del environment["VERBATIM_DATABASE_URL"]
    with open_services(settings) as services:
        yield Workplace(services=services, environment=environment)


def stop_at_once(workplace: Workplace) -> None:
    """Stop the server as `pg_ctl stop -m immediate` does; whoever uses it starts it again."""
    pid = postgres_status(workplace.services.settings.data_dir).pid
    assert pid is not None
    with suppress(psutil.NoSuchProcess):
        server = psutil.Process(pid)
        server.send_signal(signal.SIGQUIT)
        server.wait(LONGEST_WAIT_S)


@pytest.mark.models
def test_the_work_goes_on_when_the_database_is_back(embedded: Workplace, tmp_path: Path) -> None:
    """Each interview is published once; the service says 503 meanwhile, and nobody sees a traceback."""
    undisturbed = embedded.prepare(make_study(tmp_path / "study", texts=4, recordings=[SPOKEN]))
    answers: list[httpx2.Response] = []
    with embedded.service() as (service, url), httpx2.Client(base_url=url, timeout=LONGEST_WAIT_S) as client:
        embedded.wait_until(RUNNING.format("transcribe"))
        for _ in range(2):
            stop_at_once(embedded)
            until(lambda: _answered(client, answers))
        embedded.wait_until(ALL_DONE)
        service.send_signal(signal.SIGINT)
        assert service.wait(LONGEST_WAIT_S) == 0
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert all(answer.json()["type"] == "/problems#unavailable" for answer in answers if answer.status_code == 503)
    assert embedded.result() == undisturbed
    assert embedded.publications() == {1}
    assert "Traceback" not in "".join(embedded.said)


def _answered(client: httpx2.Client, answers: list[httpx2.Response]) -> bool:
    answers.append(client.get("/v1/studies"))
    return answers[-1].status_code == 200
