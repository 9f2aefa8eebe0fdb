"""What a row of the catalogue asks for, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What was measured, in words with numbers, and whether it reaches the target."""

    result: str
    passed: bool


@dataclass(frozen=True)
class Row:
    """One thing that can go wrong, what may come of it at worst, and how it is measured; scale 1 is the whole run."""

    number: str
    what: str
    target: str
    measure: Callable[[float], Outcome]
