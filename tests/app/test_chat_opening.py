"""How the chat model is configured: providers, keys, addresses, prices, and nothing that leaves by itself."""

import os
from collections.abc import Mapping
from contextlib import suppress

import pytest
from chat_sample import GOOD, PROMPT, Counted, allow, failing, opened
from langchain_core.tracers.langchain import wait_for_all_tracers
from langsmith.utils import get_env_var
from scripted_provider import ScriptedProvider, scripted_provider
from structlog.testing import capture_logs

from app.chat import ChatError, grant_allowance, open_chat
from app.chat_spending import Spending
from app.database import Database
from app.errors import InvalidInputError, UnavailableError
from app.settings import Settings, read_settings

SECRET = "sk-not-to-be-told"


@pytest.fixture(autouse=True)
def _counting(provider: ScriptedProvider) -> None:
    """Let the server answer what these tests ask."""
    provider.rule = lambda _: GOOD


def test_a_server_that_is_not_there(provider: ScriptedProvider, database: Database) -> None:
    """Nobody listens: unreachable, and soon."""
    settings = Settings(chat_model="openai:x", chat_base_url="http://127.0.0.1:9/v1")
    with open_chat(settings, database) as chat:
        assert chat is not None
        assert failing(chat) == "unreachable"


@pytest.mark.parametrize("is_wanted", [False, True])
def test_nothing_goes_to_a_tracer_unless_wanted(
    is_wanted: bool, monkeypatch: pytest.MonkeyPatch, provider: ScriptedProvider, database: Database
) -> None:
    """The variables that make LangChain export prompts do so only where our own setting allows it."""
    with scripted_provider(lambda _: GOOD) as tracer:
        for name, value in {"TRACING": "true", "ENDPOINT": tracer.url, "API_KEY": "lsv2_x"}.items():
            monkeypatch.setenv(f"LANGSMITH_{name}", value)
        get_env_var.cache_clear()  # type: ignore[attr-defined]
        with opened(provider, database, chat_tracing=is_wanted) as chat:
            chat.ask(PROMPT, {"things": "a"}, Counted, allow())
        wait_for_all_tracers()
        get_env_var.cache_clear()  # type: ignore[attr-defined]
        assert bool(tracer.visits) == is_wanted
    assert len(provider.asked) == 1


@pytest.mark.parametrize("is_wanted", [False, True])
def test_no_gateway_is_taken_unless_wanted(
    is_wanted: bool, monkeypatch: pytest.MonkeyPatch, provider: ScriptedProvider, database: Database
) -> None:
    """A variable of LangChain's sends prompts through somebody else's server only where our own setting allows it."""
    monkeypatch.setenv("LANGSMITH_GATEWAY", provider.url.removesuffix("/v1"))
    monkeypatch.setenv("LANGSMITH_GATEWAY_API_KEY", "lsv2_x")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings = Settings(chat_model="openai:scripted", chat_api_key=SECRET, chat_tracing=is_wanted)
    with open_chat(settings, database) as chat, suppress(ChatError):
        assert chat is not None
        chat.ask(PROMPT, {"things": "a"}, Counted, allow())
    assert bool(provider.visits) == is_wanted
    assert os.environ["LANGSMITH_GATEWAY"]


def test_a_key_from_the_provider_s_variable_stays_with_the_provider(
    monkeypatch: pytest.MonkeyPatch, provider: ScriptedProvider, database: Database
) -> None:
    """A server of one's own never gets the key to somebody else's."""
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    settings = Settings(chat_model="openai:scripted", chat_base_url=provider.url)
    with open_chat(settings, database) as chat:
        assert chat is not None
        chat.ask(PROMPT, {"things": "a"}, Counted, allow())
    assert SECRET not in str(provider.asked[0].headers)


def test_the_key_is_sent_and_not_logged(provider: ScriptedProvider, database: Database) -> None:
    """A server that wants a key gets it; nobody else reads it."""
    with capture_logs() as events, opened(provider, database, chat_api_key=SECRET) as chat:
        chat.ask(PROMPT, {"things": "a"}, Counted, allow())
    assert provider.asked[0].headers["authorization"] == f"Bearer {SECRET}"
    assert SECRET not in f"{events}{chat}"


def test_no_model_is_a_mode_of_its_own(database: Database) -> None:
    """Nothing configured, nothing opened."""
    with open_chat(Settings(), database) as chat:
        assert chat is None


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"chat_model": "cohere:command"}, "pip install langchain-cohere"),
        ({"chat_model": "mistralai:large"}, r"pip install 'verbatim\[mistralai\]'"),
        ({"chat_model": "nobody:x"}, "VERBATIM_CHAT_MODEL"),
        ({"chat_model": "openai:gpt-4.1"}, "VERBATIM_CHAT_API_KEY"),
    ],
)
def test_what_is_missing_is_named(
    settings: Mapping[str, str], remedy: str, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    """A package, a key, a provider: the message says what to do, before anybody asks anything."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(UnavailableError, match=remedy), open_chat(Settings.model_validate(settings), database):
        pass


def test_a_model_without_a_provider_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting says how it is written."""
    monkeypatch.setenv("VERBATIM_CHAT_MODEL", "gpt-4.1")
    with pytest.raises(InvalidInputError) as refused:
        read_settings()
    assert "provider:model" in refused.value.faults[0].problem


def test_prices_make_tokens_a_cost(provider: ScriptedProvider, database: Database) -> None:
    """A cost needs both prices."""
    with opened(provider, database, chat_input_price=2.0, chat_output_price=8.0) as chat:
        assert chat.cost(500_000, 250_000) == 3.0
    with opened(provider, database, chat_input_price=2.0) as chat:
        assert chat.cost(1, 1) is None


def test_an_allowance_begins_now() -> None:
    """Time and tokens are those of the settings."""
    allowance = grant_allowance(Settings(chat_timeout_s=10, chat_tokens_per_answer=12_000), "a key")
    assert 9 < allowance.left_s <= 10
    allowance.reserve(Spending(12_000))
    with pytest.raises(ChatError):
        allowance.reserve(Spending(1))
