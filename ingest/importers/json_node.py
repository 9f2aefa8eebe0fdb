"""JSON read with suspicion: every value knows its place, a JSON pointer (RFC 6901), and says so when it is wrong."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from ingest.importers.refusal import refusal
from ingest.importers.timestamps import MAX_TIME_MS

_NAMES: dict[type, str] = {dict: "an object", list: "a list", str: "a text", bool: "a truth value", type(None): "null"}


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document and its place; absent and null are the same, a value of `None`."""

    value: object
    place: str = ""

    def __getitem__(self, key: str) -> "Node":
        """The value under a key; absent in anything but an object."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(value, f"{self.place}/{key}")

    def items(self) -> Iterator["Node"]:
        """The elements of a list; none when it is absent."""
        if self.value is not None and not isinstance(self.value, list):
            raise self._wrong("a list")
        for index, value in enumerate(cast("list[object]", self.value or [])):
            yield Node(value, f"{self.place}/{index}")

    def text(self) -> str:
        """A text that must be there."""
        if not isinstance(self.value, str):
            raise self._wrong("a text")
        return self.value

    def label(self) -> str | None:
        """A speaker: a text as it is, a number as `Speaker 0`."""
        if self.value is None or isinstance(self.value, str):
            return self.value
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return f"Speaker {self.value}"
        raise self._wrong("a text or a whole number")

    def time_ms(self, unit_ms: int) -> int | None:
        """A time in milliseconds, given in units of `unit_ms`; it may be absent."""
        time = self.number()
        if time is not None and not 0 <= time * unit_ms < MAX_TIME_MS:
            raise refusal(f"{time} is no time of a recording", "give a time from 0 to 48 hours", self.place)
        return None if time is None else round(time * unit_ms)

    def number(self) -> float | None:
        """A finite number; it may be absent."""
        if self.value is None:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not math.isfinite(self.value):
            raise self._wrong("a number")
        return self.value

    def share(self) -> float | None:
        """A number brought into [0, 1], such as a confidence; it may be absent."""
        number = self.number()
        return None if number is None else min(1.0, max(0.0, number))

    def _wrong(self, expected: str) -> Exception:
        found = _NAMES.get(type(self.value), "a number")
        return refusal(f"{found} where {expected} belongs", f"write {expected}", self.place)
