"""Every response has an id and the headers of safety; foreign hosts, long addresses and our own faults stop here."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import sessionmaker
from structlog.testing import capture_logs
from study_factory import MadeStudy

from app.database import Database, make_engine
from app.embedding import Embedder, EmbedderIdentity, Vectors
from app.main import create_app
from app.services import Services
from app.settings import Settings


class BrokenEmbedder:
    """A model that fails with the words that it was given."""

    def __init__(self, identity: EmbedderIdentity) -> None:
        self.identity = identity

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Fail."""
        raise RuntimeError(f"cannot embed {texts}")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Fail."""
        raise RuntimeError(f"cannot embed {texts}")


@pytest.mark.parametrize("url", ["/livez", "/v1/studies", "/v1/nothing", "/static/style.css", "/docs", "/openapi.json"])
def test_every_response_has_the_headers_of_safety(client: TestClient, url: str) -> None:
    """No sniffing, no framing, no referrer, nothing from elsewhere: on pages, data, errors and files."""
    headers = client.get(url).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-request-id"]
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-1.2_X", True), ("a" * 65, False), ("a b", False), ("ä", False), ("", False)]
)
def test_a_safe_request_id_is_kept(client: TestClient, given: str, kept: bool) -> None:
    """An id that fits a log line is used, in the header and in the problem; any other is replaced."""
    response = client.get("/v1/nothing", headers={b"X-Request-ID": given.encode()})
    assert (response.headers["x-request-id"] == given) is kept
    assert response.json()["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8321", "localhost", "LOCALHOST:80", "[::1]:8321"])
def test_this_machine_is_answered_by_its_names(client: TestClient, host: str) -> None:
    """Requests to loopback names and addresses are answered without a key."""
    assert client.get("/livez", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "10.0.0.1", "", "[::1", "localhost.", "0"],
)
@pytest.mark.parametrize("url", ["/livez", "/v1/studies", "/"])
def test_other_names_are_refused_while_no_key_is_needed(client: TestClient, host: str, url: str) -> None:
    """A page of elsewhere that points its own host name at this machine gets nothing."""
    response = client.get(url, headers={"Host": host})
    assert (response.status_code, response.json()["type"]) == (421, "/problems#misdirected-request")


def test_with_keys_any_host_name_is_answered(services: Services) -> None:
    """Where keys protect the data the host name does not matter."""
    with TestClient(create_app(services, require_keys=True), base_url="http://verbatim.example") as client:
        assert client.get("/livez").status_code == 200


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (f"/v1/studies?cursor={'a' * 8000}", 414),
        (f"/{'a' * 8000}", 414),
        ("/v1/studies/%00", 400),
        ("/?study=%00", 400),
    ],
)
def test_unusable_addresses_are_refused(client: TestClient, url: str, status: int) -> None:
    """Addresses that are too long, or hold NUL, are refused at the door."""
    response = client.get(url)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_a_fault_of_ours_tells_nothing(services: Services, study: MadeStudy) -> None:
    """An unexpected error is a 500 with an id to look for in the log, without its message or the question."""
    broken: Embedder = BrokenEmbedder(services.embedder.identity)
    with (
        TestClient(
            create_app(replace(services, embedder=broken), require_keys=False), base_url="http://localhost"
        ) as client,
        capture_logs() as logs,
    ):
        response = client.post("/v1/answers", json={"question": "my secret words", "study": "acme"})
        page = client.get("/?study=acme&q=my+secret+words", headers={"Accept": "text/html"})
    assert (response.status_code, response.json()["type"]) == (500, "/problems#internal-error")
    failed = [entry["request_id"] for entry in logs if entry["event"] == "request failed"]
    assert failed == [response.json()["request_id"], page.headers["x-request-id"]]
    assert "secret" not in response.text
    assert (page.status_code, page.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert page.headers["x-request-id"] in page.text
    assert "embed" not in page.text
    assert "Traceback" not in response.text


def test_without_a_database_the_service_says_so(services: Services) -> None:
    """A database that cannot be reached is a 503 that asks to come again; the process itself lives."""
    engine = make_engine("postgresql://127.0.0.1:1/away_test", Settings())
    away = replace(services, database=Database(engine, sessionmaker(engine)))
    with TestClient(create_app(away, require_keys=False), base_url="http://localhost") as client:
        for url in ("/v1/studies", "/readyz", "/"):
            response = client.get(url)
            assert (response.status_code, response.json()["type"]) == (503, "/problems#unavailable")
            assert int(response.headers["retry-after"]) > 0
        assert client.get("/livez").status_code == 200
