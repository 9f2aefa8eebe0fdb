"""Logs: one line an event on stderr, for people or as JSON, without anything that a participant or a user said."""

import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.errors import AppError
from app.settings import Settings


def configure_logging(settings: Settings) -> None:
    """Send the log of this process, and what libraries log, to stderr in the configured shape."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    logging.captureWarnings(capture=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def describe_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:  # noqa: ARG001 a processor
    """Replace an exception by its type and the places that it came through, the innermost first.

    Messages of exceptions quote what they stumbled over: rows of the database, words of a transcript, a key. Only our
    own errors, whose messages are written for the user, keep theirs, and on level `debug` all.
    """
    error = _exception_of(event.pop("exc_info", None))
    if error is not None:
        name = type(error).__name__
        is_told = isinstance(error, AppError) or logging.getLogger().isEnabledFor(logging.DEBUG)
        event["error"] = f"{name}: {error}" if is_told else name
        event["raised_at"] = " < ".join(map(_place, reversed(traceback.extract_tb(error.__traceback__))))
    return event


def _place(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}"


def _exception_of(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exc_info()[1] if exc_info else None


def _renderer(settings: Settings) -> Processor:
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to what stderr is at the time, which a progress bar replaces while it is shown."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """The current stderr."""
        return sys.stderr


_SHARED: list[Callable[[WrappedLogger, str, EventDict], EventDict]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    describe_exception,
]

# Libraries that announce their every step, or requests with what was asked in them.
_TALKATIVE = (
    *("alembic", "anthropic", "httpcore", "httpcore2", "httpx", "httpx2", "langchain", "langsmith", "mcp", "openai"),
    *("procrastinate", "sentence_transformers", "urllib3", "uvicorn"),
)
