"""OpenTelemetry, where it is wanted and installed: spans and durations of requests, without what was asked."""

import importlib.util

from fastapi.telemetry import TelemetryConfig

from app.errors import UnavailableError
from app.settings import Settings

OFF: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp")


def telemetry_of(settings: Settings) -> TelemetryConfig:
    """What FastAPI is to export; nothing unless the settings say so, whatever exporter the environment configures.

    Raises:
        UnavailableError: it is wanted, and the extra is not installed.
    """
    if not settings.telemetry:
        return OFF
    try:
        missing = [package for package in PACKAGES if importlib.util.find_spec(package) is None]
    except ModuleNotFoundError:
        missing = list(PACKAGES)
    if missing:
        raise UnavailableError("VERBATIM_TELEMETRY needs more packages: pip install -e '.[opentelemetry]'")
    return _exporting()


def _exporting() -> TelemetryConfig:
    """Export as `OTEL_EXPORTER_OTLP_ENDPOINT` and the other variables of OpenTelemetry say."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    class WithoutQuery(SpanProcessor):
        """Takes the query out of a span: it holds what people ask."""

        def on_start(self, span: Span, parent_context: object = None) -> None:  # noqa: ARG002 the interface
            """Forget the query."""
            if span.attributes and "url.query" in span.attributes:
                span.set_attribute("url.query", "")

    provider = TracerProvider(resource=Resource.create({"service.name": "verbatim"}))
    provider.add_span_processor(WithoutQuery())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return {"tracing": True, "metrics": False, "logs": False, "tracer_provider": provider}
