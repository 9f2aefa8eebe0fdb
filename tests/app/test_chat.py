"""The chat model against a real server that speaks OpenAI's protocol and goes wrong when it is told to."""

import threading

import pytest
from chat_sample import GOOD, PROMPT, Counted, allow, failing
from scripted_provider import Asked, Behaviour, Breaks, Fails, Hangs, Says, ScriptedProvider
from structlog.testing import capture_logs

from app.chat import Chat, ChatError


@pytest.fixture(autouse=True)
def _counting(provider: ScriptedProvider) -> None:
    """Let the server answer what these tests ask."""
    provider.rule = lambda _: GOOD


def test_a_value_is_asked_for_in_a_form_and_validated(chat: Chat, provider: ScriptedProvider) -> None:
    """The schema goes along twice, for servers that keep to it and for those that read it."""
    reply = chat.ask(PROMPT, {"things": "a, b"}, Counted, allow())
    assert reply.value == Counted(count=2, things=("a", "b"))
    assert not reply.repaired
    assert reply.tokens_in > 0
    assert reply.tokens_out > 0
    asked = provider.asked[0]
    assert asked.body["response_format"]["json_schema"]["name"] == "Counted"
    assert asked.output == "Counted"
    assert asked.data("things") == "a, b"
    assert asked.body["max_tokens"] > 0


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"count": 2}\n```',
        'Here you are {as asked}:\n{"count": 2}\nAnything else? {"count": 3}',
        '<think>{"count": 9}</think>\n\n{"count": 2}',
        '{"count": 2, "things": ["a\\u0000\\u202eb\\ud800"]}',
    ],
)
def test_an_object_is_found_in_whatever_is_around_it(text: str, chat: Chat, provider: ScriptedProvider) -> None:
    """Fences, prose and thoughts are left aside, and no control or lone surrogate comes through."""
    provider.will(Says(text))
    value = chat.ask(PROMPT, {"things": "a"}, Counted, allow()).value
    assert value.count == 2
    assert value.things in ((), ("ab",))
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        Says('{"count": 2, "things": ["a", {"count": 1}'),
        Says('{"count": 2, "things": ["a'),
        Says(""),
        Says("I would rather talk about the weather."),
        Says({"count": 11}),
        Says({"count": 2, "extra": True}),
        Says('{"count": NaN}'),
        Says("[" * 50_000),
        Says('{"things":' * 5_000),
        Says("x" * 200_000),
        Says({"count": 2}, finish="length"),
    ],
)
def test_what_does_not_fit_is_put_right_once(behaviour: Behaviour, chat: Chat, provider: ScriptedProvider) -> None:
    """The model is told what is wrong; when it fails again, there is no value."""
    provider.will(behaviour, GOOD)
    reply = chat.ask(PROMPT, {"things": "a, b"}, Counted, allow(tokens=200_000))
    assert reply.repaired
    assert reply.value.count == 2
    assert [asked.is_repair for asked in provider.asked] == [False, True]
    provider.will(behaviour, behaviour)
    assert failing(chat, allow(tokens=200_000)) == "malformed"


def test_a_refusal_is_final(chat: Chat, provider: ScriptedProvider) -> None:
    """A model that will not is not asked again."""
    provider.will(Says("", refusal="I cannot help with that."))
    assert failing(chat) == "refused"
    assert len(provider.asked) == 1


def test_what_may_pass_is_tried_again(chat: Chat, provider: ScriptedProvider) -> None:
    """A server that is busy or broken for a moment costs time only."""
    provider.will(Fails(429, {"Retry-After": "0"}), Fails(500, {"Retry-After": "0"}))
    assert chat.ask(PROMPT, {"things": "a, b"}, Counted, allow()).value.count == 2
    assert len(provider.asked) == 3


@pytest.mark.parametrize(
    ("behaviour", "reason", "requests"),
    [
        (Fails(429, {"Retry-After": "0"}), "busy", 3),
        (Fails(429, {"Retry-After": "3600"}), "busy", 1),
        (Fails(503, {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}), "unreachable", 1),
        (Fails(500, {"Retry-After": "0"}), "unreachable", 3),
        (Breaks(), "unreachable", 3),
        (Fails(401), "credentials", 1),
        (Fails(403), "credentials", 1),
        (Fails(404), "rejected", 2),
        (Fails(400), "rejected", 2),
    ],
)
def test_a_server_that_fails_gives_a_reason(
    behaviour: Behaviour, reason: str, requests: int, chat: Chat, provider: ScriptedProvider
) -> None:
    """Attempts are bounded, and none is made that the deadline or the answer makes pointless."""
    provider.rule = lambda _: behaviour
    assert failing(chat) == reason
    assert len(provider.asked) == requests


@pytest.mark.parametrize("behaviour", [Hangs(), Says({"count": 2}, drip_s=0.2)])
def test_a_deadline_ends_the_request(behaviour: Behaviour, chat: Chat, provider: ScriptedProvider) -> None:
    """Silence and a drip alike end at the deadline, and the server sees the connection go."""
    provider.will(behaviour)
    assert failing(chat, allow(seconds=0.3)) == "timeout"
    assert provider.left.wait(5)


def test_cancelling_ends_the_request(chat: Chat, provider: ScriptedProvider) -> None:
    """Whoever asked leaves: the request is over at once, and the server sees the connection go."""
    allowance = allow()

    def hang(_: Asked) -> Behaviour:
        threading.Timer(0, allowance.cancelled.set).start()
        return Hangs()

    provider.will(hang)
    assert failing(chat, allowance) == "cancelled"
    assert provider.left.wait(5)
    assert failing(chat, allowance) == "cancelled"
    assert len(provider.asked) == 1


def test_a_server_without_schemas_is_asked_without(chat: Chat, provider: ScriptedProvider) -> None:
    """It is found out once."""
    provider.takes_schemas = False
    for _ in range(2):
        assert chat.ask(PROMPT, {"things": "a, b"}, Counted, allow()).value.count == 2
    assert ["response_format" in asked.body for asked in provider.asked] == [True, False, False]


def test_logs_and_errors_tell_nothing_that_was_said(chat: Chat, provider: ScriptedProvider) -> None:
    """Durations, tokens and reasons only."""
    provider.will(Says({"count": 2, "things": ["what the model says"]}), *[Says("what the model says")] * 2)
    with capture_logs() as events:
        chat.ask(PROMPT, {"things": "what somebody said"}, Counted, allow())
        with pytest.raises(ChatError) as failure:
            chat.ask(PROMPT, {"things": "what somebody said"}, Counted, allow())
    told = f"{events}{failure.value}"
    assert [event["outcome"] for event in events] == ["answered", "malformed"]
    assert not any(secret in told for secret in ("somebody", "model says", "You count"))
