"""The chat model: a prompt and its values in, a validated value out, within an allowance; any failure is one error."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

import structlog
from pydantic import BaseModel

from app.chat_allowance import Allowance, Cancellation, grant_allowance
from app.chat_failures import ChatError, ChatReason
from app.chat_provider import Message, open_provider
from app.chat_replies import MalformedReplyError, read_reply
from app.chat_requests import Requests
from app.chat_spending import Budget, Prices
from app.chat_usage import Usage, UsageLedger
from app.database import Database
from app.prompts import Prompt
from app.settings import Settings

__all__ = ["Allowance", "Cancellation", "Chat", "ChatError", "ChatReason", "Reply", "grant_allowance", "open_chat"]

T = TypeVar("T", bound=BaseModel)

_LONGEST_QUOTED_REPLY = 20_000
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """A validated value and what it took; `repaired` if the model had to be told what was wrong with its first one."""

    value: T
    tokens_in: int
    tokens_out: int
    duration_ms: float
    repaired: bool


@dataclass(frozen=True)
class Chat:
    """An opened chat model, safe to use from many threads; `identity` is stored beside whatever it made."""

    identity: str
    requests: Requests
    prices: Prices | None = None

    def ask(self, prompt: Prompt, values: Mapping[str, str], output: type[T], allowance: Allowance) -> Reply[T]:
        """Ask for a value of the form `output`; a reply that does not fit may be put right once.

        Raises:
            ChatError: there is no usable reply within the allowance, for the `reason` it gives.
        """
        started_s, spent, reason = time.monotonic(), Usage(), "answered"
        try:
            value, repaired = self._value(prompt, values, output, allowance, spent)
        except ChatError as error:
            reason = error.reason
            raise
        finally:
            duration_ms = (time.monotonic() - started_s) * 1000
            _log.info(
                "chat model asked",
                prompt=prompt.name,
                model=self.identity,
                outcome=reason,
                duration_ms=round(duration_ms, 1),
                tokens_in=spent.tokens_in,
                tokens_out=spent.tokens_out,
            )
        return Reply(value, spent.tokens_in, spent.tokens_out, duration_ms, repaired)

    def cost(self, tokens_in: int, tokens_out: int) -> float | None:
        """The price of these tokens; `None` where the settings tell no prices."""
        return self.prices.of(tokens_in, tokens_out) if self.prices else None

    def _value(
        self, prompt: Prompt, values: Mapping[str, str], output: type[T], allowance: Allowance, spent: Usage
    ) -> tuple[T, bool]:
        """The value, and whether it had to be put right."""
        schema = _schema_of(output)
        messages = _messages(prompt, values, schema)
        first = self.requests.complete(messages, schema, allowance, spent).text
        try:
            return read_reply(first, output), False
        except MalformedReplyError as error:
            again = [*messages, ("ai", first[:_LONGEST_QUOTED_REPLY] or "{"), ("human", _REPAIR.format(error))]
        try:
            return read_reply(self.requests.complete(again, schema, allowance, spent).text, output), True
        except MalformedReplyError as error:
            raise ChatError("malformed") from error


_FORM = "Reply with one JSON object that fits this JSON schema, and with nothing else:\n{}"
_REPAIR = "That does not fit: {}. Write the whole JSON object again, and nothing else."


@contextmanager
def open_chat(settings: Settings, database: Database) -> Iterator[Chat | None]:
    """Open the configured chat model, whose tokens are charged in the database; `None` where none is configured.

    Raises:
        UnavailableError: the provider's package or key is missing, or there is no such provider.
    """
    if settings.chat_model is None:
        yield None
        return
    ledger = UsageLedger(database, Budget(settings.chat_tokens_per_day, settings.chat_cost_per_day))
    prices = None
    if settings.chat_input_price is not None and settings.chat_output_price is not None:
        prices = Prices(settings.chat_input_price, settings.chat_output_price)
    with open_provider(settings) as provider:
        yield Chat(settings.chat_model, Requests(provider, ledger, prices), prices)


@cache
def _schema_of(output: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a form; making one takes longer than reading a reply."""
    return output.model_json_schema()


def _messages(prompt: Prompt, values: Mapping[str, str], schema: Mapping[str, Any]) -> list[Message]:
    rendered = prompt.render(values)
    form = _FORM.format(json.dumps(schema, ensure_ascii=False))
    return [("system", f"{rendered.system}\n\n{form}"), ("human", rendered.user)]
