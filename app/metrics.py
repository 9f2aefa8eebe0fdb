"""What the service does, in numbers for Prometheus: nothing of what is asked or said, and no names."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_REGISTRY = CollectorRegistry()
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30)

_requests = Histogram(
    "verbatim_request_seconds",
    "Requests by route.",
    ("method", "route", "status"),
    buckets=_SECONDS,
    registry=_REGISTRY,
)
_answers = Counter(
    "verbatim_answers", "Answers by status and why no model wrote them.", ("status", "fallback"), registry=_REGISTRY
)
_stages = Histogram(
    "verbatim_answer_stage_seconds",
    "Stages of answers, retrieval among them.",
    ("stage",),
    buckets=_SECONDS,
    registry=_REGISTRY,
)
_calls = Counter("verbatim_chat_calls", "Calls of the chat model.", registry=_REGISTRY)
_tokens = Counter("verbatim_chat_tokens", "Tokens of the chat model, read and written.", registry=_REGISTRY)
_dropped = Counter(
    "verbatim_dropped", "What a model wrote and nobody was shown, by reason.", ("reason",), registry=_REGISTRY
)
_queue = Gauge("verbatim_runs", "Interviews on their way, by status.", ("status",), registry=_REGISTRY)


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request."""
    _requests.labels(method, route, str(status)).observe(seconds)


def observe_answer(
    status: str, fallback: str | None, timings_ms: Mapping[str, float], dropped: Mapping[str, int]
) -> None:
    """Count an answer with its stages and what was dropped on the way."""
    _answers.labels(status, fallback or "").inc()
    for stage, time_ms in timings_ms.items():
        _stages.labels(stage).observe(time_ms / 1000)
    for reason, count in dropped.items():
        _dropped.labels(reason).inc(count)


def observe_chat(calls: int, tokens: int) -> None:
    """Count what an answer asked of the chat model."""
    _calls.inc(calls)
    _tokens.inc(tokens)


def render_metrics(runs: Mapping[str, int]) -> bytes:
    """All numbers of this process, and the runs of the queue by status."""
    _queue.clear()
    for status, count in runs.items():
        _queue.labels(status).set(count)
    return generate_latest(_REGISTRY)
