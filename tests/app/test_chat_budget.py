"""What the chat model may cost: tokens of an answer, of a day, and of many who ask at once."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from chat_sample import GOOD, PROMPT, Counted, allow, failing, opened
from scripted_provider import Fails, Hangs, Says, ScriptedProvider
from sqlalchemy import select

from app.chat import Allowance, Chat, ChatError
from app.chat_spending import Budget
from app.database import Database
from app.errors import InvalidInputError
from app.models import ChatUsage
from app.settings import read_settings


@pytest.fixture(autouse=True)
def _counting(provider: ScriptedProvider) -> None:
    """Let the server answer what these tests ask."""
    provider.rule = lambda _: GOOD


def reason(chat: Chat, charge_to: str) -> str | None:
    """Why a call gives nothing, if it does not."""
    try:
        chat.ask(PROMPT, {"things": "a"}, Counted, allow(charge_to=charge_to))
    except ChatError as error:
        return error.reason
    return None


def test_many_may_ask_at_the_same_time(provider: ScriptedProvider, own_database: Database) -> None:
    """Each gets the reply to what it asked, and the tokens of all are counted."""
    provider.rule = lambda asked: Says({"count": 1, "things": [asked.data("things")]}, delay_s=0.05)
    with opened(provider, own_database) as chat, ThreadPoolExecutor(12) as threads:
        values = [f"thing {number}" for number in range(64)]
        replies = list(threads.map(lambda value: chat.ask(PROMPT, {"things": value}, Counted, allow()), values))
    assert [reply.value.things for reply in replies] == [(value,) for value in values]
    with own_database.sessions() as session:
        usage = session.scalars(select(ChatUsage)).one()
    assert usage.tokens_in == sum(reply.tokens_in for reply in replies)
    assert usage.tokens_out == sum(reply.tokens_out for reply in replies)
    assert (usage.calls, usage.tokens_reserved) == (64, 0)


def test_the_budget_of_a_day_holds_when_all_ask_at_once(provider: ScriptedProvider, own_database: Database) -> None:
    """Fifty ask at the same time with one key: no more tokens are used than allowed, others are told so."""
    provider.rule = lambda _: Says({"count": 1}, delay_s=0.05)
    with opened(provider, own_database, chat_tokens_per_day=20_000) as chat, ThreadPoolExecutor(50) as threads:
        reasons = list(threads.map(lambda _: reason(chat, "busy key"), range(50)))
        assert set(reasons) == {None, "budget"}
        assert reason(chat, "other key") is None
    with own_database.sessions() as session:
        usage = session.get_one(ChatUsage, ("busy key", session.scalars(select(ChatUsage.day)).first()))
    assert usage.tokens_in + usage.tokens_out <= 20_000
    assert usage.calls == reasons.count(None)
    assert usage.tokens_reserved == 0


def test_the_tokens_of_an_answer_are_bounded(chat: Chat, provider: ScriptedProvider) -> None:
    """What one call did not need, the next may; a call that might need more than is left is not made."""
    allowance = allow(tokens=9_000)
    reply = chat.ask(PROMPT, {"things": "a"}, Counted, allowance)
    assert allowance.spent.tokens == reply.tokens_in + reply.tokens_out
    with pytest.raises(ChatError) as failure:
        chat.ask(PROMPT, {"things": "a" * 3_000}, Counted, allowance)
    assert failure.value.reason == "budget"
    assert len(provider.asked) == 1


def test_the_cost_of_an_answer_is_bounded(provider: ScriptedProvider, database: Database) -> None:
    """By what its calls may cost at most; what they did not need is given back."""
    with opened(provider, database, chat_input_price=1.0, chat_output_price=100.0) as chat:
        allowance = Allowance(time.monotonic() + 20, Budget(cost=0.81), "a key")
        reply = chat.ask(PROMPT, {"things": "a"}, Counted, allowance)
        assert allowance.spent.cost == pytest.approx(chat.cost(reply.tokens_in, reply.tokens_out))
        with pytest.raises(ChatError) as failure:
            chat.ask(PROMPT, {"things": "a" * 60_000}, Counted, allowance)
        assert failure.value.reason == "budget"
    assert len(provider.asked) == 1


def test_the_cost_of_a_day_is_bounded(provider: ScriptedProvider, own_database: Database) -> None:
    """For each key apart, however many ask at once; what was not needed is given back, to the cent."""
    prices = {"chat_input_price": 1.0, "chat_output_price": 100.0, "chat_cost_per_day": 1.7}
    provider.rule = lambda _: Says({"count": 1}, delay_s=0.05)
    with opened(provider, own_database, **prices) as chat, ThreadPoolExecutor(8) as threads:
        reasons = list(threads.map(lambda _: reason(chat, "busy key"), range(8)))
        assert reasons.count(None) == 2
        assert set(reasons) == {None, "budget"}
        assert reason(chat, "other key") is None
    with own_database.sessions() as session:
        usage = session.get_one(ChatUsage, ("busy key", session.scalars(select(ChatUsage.day)).first()))
    assert usage.cost == pytest.approx((usage.tokens_in + 100 * usage.tokens_out) / 1e6)
    assert usage.cost_reserved == pytest.approx(0)


def test_a_limit_of_costs_needs_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without them nobody knows what is spent."""
    monkeypatch.setenv("VERBATIM_CHAT_COST_PER_DAY", "5")
    with pytest.raises(InvalidInputError) as refused:
        read_settings()
    assert "VERBATIM_CHAT_INPUT_PRICE" in refused.value.faults[0].problem


def test_failures_charge_only_what_may_have_been_read(
    chat: Chat, provider: ScriptedProvider, database: Database
) -> None:
    """A server that refuses costs nothing; one that was abandoned may have read the prompt."""
    provider.will(Fails(401))
    failing(chat)
    with database.sessions() as session:
        assert session.scalars(select(ChatUsage.tokens_in)).one() == 0
    provider.will(Hangs())
    failing(chat, allow(seconds=0.2))
    with database.sessions() as session:
        usage = session.scalars(select(ChatUsage)).one()
    assert usage.tokens_in > 0
    assert (usage.tokens_out, usage.tokens_reserved) == (0, 0)
