"""The base of the values that are handed on: nobody changes them, and nothing beyond their fields is in them."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value that nobody changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
