"""What can go wrong with a chat model, as one error whose message names the remedy and never what was said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from app.errors import UnavailableError

ChatReason = Literal[
    "unreachable", "timeout", "cancelled", "busy", "credentials", "rejected", "refused", "malformed", "budget"
]

_REMEDIES: dict[ChatReason, str] = {
    "unreachable": "the chat model cannot be reached; check VERBATIM_CHAT_BASE_URL and that its server runs",
    "timeout": "the chat model took too long; raise VERBATIM_CHAT_TIMEOUT_S or choose a faster model",
    "cancelled": "whoever asked has left",
    "busy": "the chat model's server refuses more requests for now; try later or raise its limits",
    "credentials": "the chat model's server does not accept the key; set VERBATIM_CHAT_API_KEY",
    "rejected": "the chat model's server rejects the request; check the name in VERBATIM_CHAT_MODEL and its context",
    "refused": "the chat model refuses to answer this; ask in other words or choose another VERBATIM_CHAT_MODEL",
    "malformed": "the chat model does not keep to the form asked for; choose a larger VERBATIM_CHAT_MODEL",
    "budget": "the tokens or the cost allowed are used up; raise VERBATIM_CHAT_TOKENS_PER_ANSWER, …_PER_DAY or "
    "VERBATIM_CHAT_COST_…, or ask tomorrow",
}


class ChatError(UnavailableError):
    """The chat model gave nothing that can be used; what needs no chat model still works."""

    title = "Chat model unavailable"

    def __init__(self, reason: ChatReason) -> None:
        super().__init__(_REMEDIES[reason])
        self.reason: ChatReason = reason


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed request means: `may_pass` if asking again may help, after `wait_s` where the server says so."""

    reason: ChatReason
    may_pass: bool = False
    wait_s: float | None = None


def judge_failure(error: Exception, now: datetime) -> Failure:
    """Say what an exception of a provider's library means: by LangChain's classes, else by its HTTP status."""
    from langchain_core import exceptions as known

    status = _status(error)
    if isinstance(error, TimeoutError | known.ModelTimeoutError):
        return Failure("timeout")
    if isinstance(error, known.ModelRateLimitError) or status == 429:
        return Failure("busy", may_pass=True, wait_s=_retry_after_s(error, now))
    if isinstance(error, known.ModelAuthenticationError | known.ModelPermissionDeniedError) or status in (401, 403):
        return Failure("credentials")
    if isinstance(error, known.ModelAPIError) or (status is not None and status >= 500):
        return Failure("unreachable", may_pass=True, wait_s=_retry_after_s(error, now))
    if isinstance(error, known.ModelConnectionError | OSError) or _is_transport(error):
        return Failure("unreachable", may_pass=True)
    return Failure(_BY_NAME.get(type(error).__name__, "rejected"))


# What the OpenAI library raises for a reply that it does not want to parse.
_BY_NAME: dict[str, ChatReason] = {
    "LengthFinishReasonError": "malformed",
    "ContentFilterFinishReasonError": "refused",
    "OpenAIRefusalError": "refused",
    "JSONDecodeError": "malformed",
    "APIResponseValidationError": "malformed",
}


def _is_transport(error: Exception) -> bool:
    return not {"TransportError", "APIConnectionError"}.isdisjoint(kind.__name__ for kind in type(error).__mro__)


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def _retry_after_s(error: Exception, now: datetime) -> float | None:
    """Read `Retry-After`: seconds, or a date."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    said = headers.get("retry-after") if isinstance(headers, Mapping) else None
    if not said:
        return None
    if said.strip().isdecimal():
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
