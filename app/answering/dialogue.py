"""What is said to the chat model on the way to one answer: which prompts, within which allowance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from app.chat import Allowance, Chat, ChatError, ChatReason
from app.prompts import Prompt

Output = TypeVar("Output", bound=BaseModel)

_MAY_PASS: frozenset[ChatReason] = frozenset({"malformed", "refused"})


@dataclass
class Dialogue:
    """The chat model for one answer.

    `used` gathers version and hash of the prompts by name, `calls` counts how often the model was asked; `failure` is
    why it was of no use the last time.
    """

    chat: Chat
    prompts: Mapping[str, Prompt]
    allowance: Allowance
    used: dict[str, str] = field(default_factory=dict)
    calls: int = 0
    tokens: int = 0
    cost: float | None = None
    failure: ChatReason | None = None

    @property
    def may_help(self) -> bool:
        """Whether there is a point in asking for more: the model can be reached and paid."""
        return self.failure is None or self.failure in _MAY_PASS

    def ask(self, name: str, values: Mapping[str, str], output: type[Output]) -> Output | None:
        """Ask for a value by a prompt; `None` where the model gives nothing that can be used.

        Raises:
            ChatError: whoever asked has left.
        """
        prompt = self.prompts[name]
        self.used[name] = prompt.provenance
        self.calls += 1
        try:
            reply = self.chat.ask(prompt, values, output, self.allowance)
        except ChatError as error:
            if error.reason == "cancelled":
                raise
            self.failure = error.reason
            return None
        self.tokens += reply.tokens_in + reply.tokens_out
        cost = self.chat.cost(reply.tokens_in, reply.tokens_out)
        self.cost = self.cost if cost is None else (self.cost or 0.0) + cost
        return reply.value
