"""What is wrong with single rows of a table, and what was done about each: counted, with the first lines."""

from collections import Counter, defaultdict
from typing import Literal

from app.frozen import Frozen

MOST_LINES = 20

Kind = Literal[
    "missing_id",
    "wrong_width",
    "other_spelling",
    "repeated",
    "duplicate",
    "missing_amount",
    "unreadable_number",
    "unknown_currency",
    "negative_value",
    "negative_total",
    "unreadable_date",
    "future_date",
    "cancelled",
    "unknown_type",
    "missing_ltv",
]

_SENTENCES: dict[Kind, tuple[str, str]] = {
    "missing_id": ("no customer id", "the row was left out"),
    "wrong_width": ("more cells than there are columns", "the row was left out"),
    "other_spelling": ("the id differs from another in case or spaces alone", "taken for the same customer"),
    "repeated": ("the same row again", "counted once"),
    "duplicate": ("the same customer or order again, with other values", "the first one counts"),
    "missing_amount": ("no amount", "the revenue of the customer stays unknown"),
    "unreadable_number": ("not a number", "left empty; money that depends on it stays unknown"),
    "unknown_currency": ("another currency than euros, without a rate", "the money of the customer stays unclassified"),
    "negative_value": ("a negative value", "kept; below zero there is no band and no class"),
    "negative_total": ("more was refunded than paid", "kept; the customer is in no class"),
    "unreadable_date": ("not a date", "left empty"),
    "future_date": ("a date that is still to come", "left empty; the rest of the row counts"),
    "cancelled": ("a cancelled order", "not counted"),
    "unknown_type": ("a type that is not known", "counted as a purchase, or as a refund where the amount is negative"),
    "missing_ltv": ("no lifetime value", "unclassified"),
}


class RowProblem(Frozen):
    """One kind of problem: in how many rows, the first of them, and what was done."""

    kind: Kind
    problem: str
    done: str
    count: int
    lines: tuple[int, ...]


class ProblemLog:
    """The problems found so far."""

    def __init__(self) -> None:
        self._count: Counter[Kind] = Counter()
        self._lines: defaultdict[Kind, list[int]] = defaultdict(list)

    def add(self, kind: Kind, line: int) -> None:
        """Count one; a line is listed once for each kind."""
        lines = self._lines[kind]
        self._count[kind] += 1
        if len(lines) < MOST_LINES and line not in lines:
            lines.append(line)

    def told(self) -> tuple[RowProblem, ...]:
        """All kinds that there are."""
        return tuple(
            RowProblem(
                kind=kind, problem=problem, done=done, count=self._count[kind], lines=tuple(sorted(self._lines[kind]))
            )
            for kind, (problem, done) in _SENTENCES.items()
            if self._count[kind]
        )
