"""What an attribute of a customer must be to speak for a criterion: a number in a range, or one of some words. Pure."""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

AttributeValue = bool | int | float | str

_SAME = {"true": "yes", "ja": "yes", "sí": "yes", "si": "yes", "false": "no", "nein": "no"}


@dataclass(frozen=True)
class AttributeTest:
    """A range of numbers, both ends included, or some words; case and white space of words do not matter."""

    at_least: float | None = None
    at_most: float | None = None
    one_of: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "AttributeTest":
        """A test as the segment holds it."""
        return cls(stored.get("at_least"), stored.get("at_most"), tuple(stored.get("one_of", ())))

    def holds(self, value: AttributeValue) -> bool | None:
        """Whether a value passes; `None` where it cannot be tested, because it is no number."""
        if self.one_of:
            return plain_value(value) in {plain_value(each) for each in self.one_of}
        number = _number(value)
        if number is None:
            return None
        return (self.at_least is None or number >= self.at_least) and (self.at_most is None or number <= self.at_most)


def plain_name(name: str) -> str:
    """What is the same of names of attributes that are written differently: `Monthly saving`, `monthly_saving`."""
    return "_".join(_plain(name).replace("-", " ").replace("_", " ").split())


def plain_value(value: AttributeValue) -> str:
    """What is the same of values that are written differently: `Ja`, `yes` and true; `34`, `34.0` and 34."""
    number = None if isinstance(value, bool) else _number(value)
    if number is not None:
        return f"{number:g}"
    text = _plain(str(value))
    return _SAME.get(text, text)


def _number(value: AttributeValue) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
