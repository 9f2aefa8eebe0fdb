"""The numbers for Prometheus, who may read them, and the lines of the log."""

import json

import pytest
from fastapi.testclient import TestClient
from log_state import logs_restored
from study_factory import MadeStudy

from app.logging import configure_logging
from app.main import create_app
from app.privacy.keys import KeyRole, create_key
from app.services import Services

QUESTION = {"question": "Were people afraid of losing their money?", "study": "acme"}


def test_requests_answers_and_stages_are_counted(client: TestClient, study: MadeStudy) -> None:
    """By route, not by address; nothing of what was asked or answered is in them."""
    assert client.post("/v1/answers", json=QUESTION).status_code == 200
    assert client.get("/v1/participants/P01?study=acme").status_code == 200
    numbers = client.get("/metrics")
    assert numbers.headers["content-type"].startswith("text/plain")
    assert 'verbatim_answers_total{fallback="",status="answered"}' in numbers.text
    assert 'verbatim_answer_stage_seconds_count{stage="retrieve"}' in numbers.text
    assert 'verbatim_request_seconds_count{method="GET",route="/v1/participants/{code}",status="200"}' in numbers.text
    assert 'verbatim_dropped_total{reason="fabricated"}' in numbers.text
    for secret in ("P01", "acme", "afraid", "Angst"):
        assert secret not in numbers.text


def test_the_numbers_are_for_keys_of_all_studies(services: Services, study: MadeStudy) -> None:
    """They are of the whole service."""
    with services.database.sessions.begin() as session:
        keys = [create_key(session, "a", KeyRole.ADMIN, studies=["acme"]), create_key(session, "b", KeyRole.VIEWER)]
    with TestClient(create_app(services, require_keys=True)) as client:
        assert client.get("/metrics").status_code == 401
        statuses = [client.get("/metrics", headers={"Authorization": f"Bearer {key}"}).status_code for key in keys]
    assert statuses == [403, 200]


def test_each_request_is_a_line(services: Services, study: MadeStudy, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON with the id that the response has, the route and the time, and without the question."""
    app = create_app(services, require_keys=False)
    with logs_restored(), TestClient(app, base_url="http://127.0.0.1") as client:
        configure_logging(services.settings.model_copy(update={"log_format": "json"}))
        response = client.get("/v1/quotes?study=acme&q=Angst")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line["request_id"] == response.headers["x-request-id"]
    assert (line["method"], line["status"], "Angst" in str(line), "took_ms" in line) == ("GET", 200, False, True)
