"""What the tests of the chat model ask it, and how they open it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field
from scripted_provider import Says, ScriptedProvider

from app.chat import Allowance, Chat, ChatError, open_chat
from app.chat_spending import Budget
from app.database import Database
from app.prompts import read_prompt
from app.settings import Settings

PROMPT = read_prompt(
    "count_things",
    """\
---
name: count_things
version: 1
purpose: Counts.
inputs: {things: data}
output: Counted
---
# System
You count.
# User
$things
""",
)


class Counted(BaseModel):
    """What is asked for."""

    model_config = ConfigDict(extra="forbid")

    count: int = Field(ge=0, le=10)
    things: tuple[str, ...] = ()


GOOD = Says({"count": 2, "things": ["a", "b"]})


@contextmanager
def opened(provider: ScriptedProvider, database: Database, **others: Any) -> Iterator[Chat]:
    """The chat model of a server, with other settings."""
    settings = Settings(chat_model="openai:scripted", chat_base_url=provider.url, **others)
    with open_chat(settings, database) as chat:
        assert chat is not None
        yield chat


def allow(seconds: float = 20.0, tokens: int = 80_000, charge_to: str = "a key") -> Allowance:
    """An allowance from now on."""
    return Allowance(time.monotonic() + seconds, Budget(tokens), charge_to)


def failing(chat: Chat, allowance: Allowance | None = None) -> str:
    """The reason for which there is no reply."""
    with pytest.raises(ChatError) as failure:
        chat.ask(PROMPT, {"things": "a, b"}, Counted, allowance or allow())
    return failure.value.reason
