"""OpenTelemetry against a collector on loopback: what it is told, and what not."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from study_factory import MadeStudy

from app.main import create_app
from app.services import Services

WAITING_S = 60


@dataclass
class Collector:
    """What a collector was sent, and whether that of a whole request was among it."""

    url: str
    spans: list[Span] = field(default_factory=list)
    told: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector that takes spans by OTLP over HTTP."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            request = ExportTraceServiceRequest.FromString(body)
            for resource in request.resource_spans:
                for scope in resource.scope_spans:
                    received.spans.extend(scope.spans)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            if any(span.kind == Span.SPAN_KIND_SERVER for span in received.spans):
                received.told.set()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        received = Collector(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield received
        server.shutdown()
        thread.join()


def test_spans_tell_the_route_and_not_the_question(
    services: Services, study: MadeStudy, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question in a URL stays here."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    wanted = replace(services, settings=services.settings.model_copy(update={"telemetry": True}))
    with TestClient(create_app(wanted, require_keys=False), base_url="http://127.0.0.1") as client:
        assert client.get("/v1/quotes?study=acme&q=Angst").status_code == 200
        assert collector.told.wait(WAITING_S)
    assert any(span.name.endswith("/quotes") for span in collector.spans)
    assert not [span for span in collector.spans if "Angst" in str(span)]
