"""What clients of OpenAI's API send and are given: the part of it that is understood here."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.answering.schemas import Answer


class ContentPart(BaseModel):
    """A part of a message; only text is understood."""

    type: str
    text: str | None = None


class ChatMessage(BaseModel):
    """A message of a conversation."""

    role: str = Field(examples=["user"])
    content: str | tuple[ContentPart, ...] | None = None

    @property
    def text(self) -> str:
        """Its text, whatever else it holds."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text" and part.text)

    @property
    def other_types(self) -> list[str]:
        """What it holds besides text."""
        parts = () if isinstance(self.content, str) else self.content or ()
        return sorted({part.type for part in parts} - {"text"})


class StreamOptions(BaseModel):
    """What a stream holds besides the answer."""

    include_usage: StrictBool | None = None


class ChatRequest(BaseModel):
    """A conversation, the last message of the user in which is the question; parameters not named here do nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": "verbatim-nido",
                    "messages": [{"role": "user", "content": "What made people hesitate before they paid?"}],
                    "stream": False,
                }
            ]
        }
    )

    model: str = Field(min_length=1, max_length=100, description="one of `/v1/models`")
    messages: tuple[ChatMessage, ...] = Field(min_length=1, max_length=2000)
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(1, description="only 1: a question has one answer")


class Usage(BaseModel):
    """Tokens that a chat model used, all told as those of the prompt; without one there are none."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class CompletionMessage(BaseModel):
    """The answer as Markdown: the summary with links, the quotes as block quotations, what is missing."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(BaseModel):
    """The only choice."""

    index: Literal[0] = 0
    message: CompletionMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatCompletion(BaseModel):
    """An answer as OpenAI's API gives it; `verbatim` is the whole answer with all its citations."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: tuple[Choice]
    usage: Usage
    verbatim: Answer


class ModelEntry(BaseModel):
    """A study, as the model that knows it."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "verbatim"


class ModelList(BaseModel):
    """All models."""

    object: Literal["list"] = "list"
    data: tuple[ModelEntry, ...]
