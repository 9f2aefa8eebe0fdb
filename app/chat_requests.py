"""Requests to the chat model: paid for, sent again where that may help, with a schema where the server takes one."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.chat_allowance import Allowance
from app.chat_failures import ChatError, Failure, judge_failure
from app.chat_provider import REPLY_TOKENS, Completion, Message, Provider
from app.chat_spending import Prices, spend
from app.chat_usage import Ledger, Usage

_MOST_ATTEMPTS = 3
_FIRST_WAIT_S = 0.4
_CHARACTERS_PER_TOKEN = 3


class Requests:
    """All requests of one process to one model; safe to use from many threads."""

    def __init__(self, provider: Provider, ledger: Ledger, prices: Prices | None) -> None:
        self._provider = provider
        self._ledger = ledger
        self._prices = prices
        self._takes_schema = True

    def complete(
        self, messages: Sequence[Message], schema: Mapping[str, Any], allowance: Allowance, spent: Usage
    ) -> Completion:
        """Get one completion, and add what it took to `spent`; the schema may be kept to or not.

        Raises:
            ChatError: the model refuses, or gives nothing within the allowance.
        """
        expected_in = (sum(len(text) for _, text in messages) + len(str(schema))) // _CHARACTERS_PER_TOKEN
        reserved, usage = spend(expected_in, REPLY_TOKENS, self._prices), Usage(self._prices)
        allowance.check()
        allowance.reserve(reserved)
        try:
            with self._ledger.reserved(allowance.charge_to, reserved, usage):
                return self._repeated(messages, schema, allowance, usage, expected_in)
        finally:
            allowance.settle(reserved, usage.spending)
            spent.add(usage)

    def _repeated(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        allowance: Allowance,
        usage: Usage,
        expected_in: int,
    ) -> Completion:
        """Try a few times; what was begun and abandoned is counted as if the model had read it."""
        for attempt in range(1, _MOST_ATTEMPTS + 1):
            try:
                completion = self._once(messages, schema, allowance)
            except ChatError:
                usage.tokens_in += expected_in
                raise
            except Exception as error:
                failure = judge_failure(error, datetime.now(UTC))
                wait_s = _wait_s(failure, attempt)
                if failure.reason == "malformed":
                    completion = Completion("")
                elif not failure.may_pass or attempt == _MOST_ATTEMPTS or wait_s >= allowance.left_s:
                    raise ChatError(failure.reason) from error
                else:
                    allowance.cancelled.wait(wait_s)
                    continue
            usage.tokens_in += completion.tokens_in or expected_in
            usage.tokens_out += completion.tokens_out or len(completion.text) // _CHARACTERS_PER_TOKEN
            if completion.refused:
                raise ChatError("refused")
            return completion
        raise AssertionError("the last attempt returns or raises")

    def _once(self, messages: Sequence[Message], schema: Mapping[str, Any], allowance: Allowance) -> Completion:
        """Ask with the schema as long as no server has rejected it and gone on to answer without."""
        if self._takes_schema:
            try:
                return self._provider.complete(messages, schema, allowance)
            except ChatError:
                raise
            except Exception as error:
                if judge_failure(error, datetime.now(UTC)).reason != "rejected":
                    raise
        completion = self._provider.complete(messages, None, allowance)
        self._takes_schema = False
        return completion


def _wait_s(failure: Failure, attempt: int) -> float:
    """As long as the server says; unless it does, longer each time, and not all at the same moment."""
    if failure.wait_s is not None:
        return failure.wait_s
    return _FIRST_WAIT_S * float(2 ** (attempt - 1)) * random.uniform(0.8, 1.2)  # noqa: S311 no secret
