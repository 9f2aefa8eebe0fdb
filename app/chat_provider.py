"""The chat model's side: LangChain, any provider, requests that can be aborted."""

import asyncio
import json
import os
import threading
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from app.chat_allowance import Allowance
from app.chat_failures import ChatError
from app.errors import UnavailableError
from app.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

T = TypeVar("T")
Message = tuple[Literal["system", "human", "ai"], str]

REPLY_TOKENS = 8_000
EXTRAS = ("anthropic", "google-genai", "mistralai", "ollama", "openai")
_NO_KEY = "none"
_GATEWAY = "LANGSMITH_GATEWAY"
_CLOSING_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back from one request; tokens are 0 where the provider does not count them."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0
    refused: bool = False


class Provider:
    """An opened model and the thread whose event loop its requests run on.

    LangChain's clients end a request only when a task is cancelled; that is why this one edge is asynchronous.
    """

    def __init__(self, model: "BaseChatModel", *, traced: bool) -> None:
        self._model = model
        self._traced = traced
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="chat", daemon=True)
        self._thread.start()

    def complete(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None, allowance: Allowance
    ) -> Completion:
        """Send one request, and end it for good when the allowance is cancelled or its time is over.

        With a schema, the provider is asked to keep to it; whether it does is for the caller to check.

        Raises:
            ChatError: it was cancelled, or took too long.
            Exception: whatever the provider's library raises.
        """
        allowance.check()
        future = asyncio.run_coroutine_threadsafe(self._request(messages, schema), self._loop)
        try:
            with allowance.cancelled.ends(future.cancel):
                return future.result(timeout=allowance.left_s)
        except CancelledError as error:
            raise ChatError("cancelled") from error
        except TimeoutError as error:
            future.cancel()
            raise ChatError("timeout") from error

    def close(self) -> None:
        """Close the connections and end the thread."""
        self._finish(self._end_requests())
        client = getattr(self._model, "http_async_client", None)
        if client is not None:
            self._finish(client.aclose())
        self._finish(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CLOSING_TIMEOUT_S)
        if not self._thread.is_alive():
            self._loop.close()

    async def _request(self, messages: Sequence[Message], schema: Mapping[str, Any] | None) -> Completion:
        from langsmith import tracing_context

        with tracing_context(enabled=None if self._traced else False):
            model = self._model if schema is None else self._keeping_to(schema)
            return _completion(await model.ainvoke(list(messages)))

    def _keeping_to(self, schema: Mapping[str, Any]) -> Any:
        """The model told to keep to a schema, without LangChain's parser: it is slow on what is no JSON.

        Its time grows with the square of the reply, so that one long reply would hold up all requests.
        """
        return getattr(self._model.with_structured_output(dict(schema), method="json_schema"), "first", self._model)

    async def _end_requests(self) -> None:
        requests = asyncio.all_tasks() - {asyncio.current_task()}
        for request in requests:
            request.cancel()
        await asyncio.gather(*requests, return_exceptions=True)

    def _finish(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_CLOSING_TIMEOUT_S)


@contextmanager
def open_provider(settings: Settings) -> Iterator[Provider]:
    """Open the configured model; its connections are closed at the end.

    Raises:
        UnavailableError: the provider's package or key is missing, or there is no such provider.
    """
    provider = Provider(_open_model(settings), traced=settings.chat_tracing)
    try:
        yield provider
    finally:
        provider.close()


def _open_model(settings: Settings) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    name, _, model = (settings.chat_model or "").partition(":")
    try:
        with _without_gateway(settings):
            opened: BaseChatModel = init_chat_model(model, model_provider=name, **_arguments(name, settings))
    except ImportError as error:
        extra = name.replace("_", "-")
        package = f"'verbatim[{extra}]'" if extra in EXTRAS else f"langchain-{extra}"
        raise UnavailableError(f"the chat models of {name} need a package: pip install {package}") from error
    except Exception as error:  # every provider has exceptions of its own
        raise UnavailableError(
            f"the chat model {settings.chat_model} cannot be opened; check VERBATIM_CHAT_MODEL (provider:model), "
            f"VERBATIM_CHAT_BASE_URL and VERBATIM_CHAT_API_KEY; providers with an extra: {', '.join(EXTRAS)}"
        ) from error
    return opened


@contextmanager
def _without_gateway(settings: Settings) -> Iterator[None]:
    """Keep LangChain from sending everything through LangSmith because a variable of its own says so."""
    gateway = None if settings.chat_tracing else os.environ.pop(_GATEWAY, None)
    try:
        yield
    finally:
        if gateway is not None:
            os.environ[_GATEWAY] = gateway


def _arguments(name: str, settings: Settings) -> dict[str, Any]:
    """What `init_chat_model` is given: we repeat requests ourselves, so that the libraries must not.

    A provider's own key, from its own variable, is never sent to another address than the provider's.
    """
    if name == "ollama":
        return {"base_url": settings.chat_base_url, "num_predict": REPLY_TOKENS}
    arguments: dict[str, Any] = {"timeout": settings.chat_timeout_s, "max_tokens": REPLY_TOKENS}
    arguments["max_retries"] = 1 if name == "google_genai" else 0
    if settings.chat_api_key is not None:
        arguments["api_key"] = settings.chat_api_key.get_secret_value()
    elif settings.chat_base_url:
        arguments["api_key"] = _NO_KEY
    if settings.chat_base_url:
        arguments["base_url"] = settings.chat_base_url
    return arguments | (_for_openai(settings) if name == "openai" else {})


def _for_openai(settings: Settings) -> dict[str, Any]:
    """A client of this process's own; servers that speak OpenAI's protocol know its first form, and `max_tokens`."""
    from openai import DefaultAsyncHttpxClient

    client = {"http_async_client": DefaultAsyncHttpxClient()}
    if not settings.chat_base_url:
        return client
    return client | {"use_responses_api": False, "extra_body": {"max_tokens": REPLY_TOKENS}}


def _completion(message: "AIMessage") -> Completion:
    usage = message.usage_metadata
    told = message.response_metadata
    text = json.dumps(message.tool_calls[0]["args"]) if message.tool_calls else str(message.text)
    return Completion(
        text,
        usage["input_tokens"] if usage else 0,
        usage["output_tokens"] if usage else 0,
        bool(message.additional_kwargs.get("refusal"))
        or not {"content_filter", "refusal"}.isdisjoint(map(str, (told.get("finish_reason"), told.get("stop_reason")))),
    )
