"""Numbers as people and programs write them: 1.234,56 €, $1,234.56, (12.00); which mark is decimal is found."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from app.research.customers.settings import DecimalMark

LARGEST = Decimal(10) ** 10
"""What no customer brings, in euros."""

_MOST_REMEMBERED = 100_000
_POINT = re.compile(
    r"\d*\.\d+(?:[eE][+-]?\d{1,2})?|\d+(?:[eE][+-]?\d{1,2})?|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII
)
_COMMA = re.compile(r"\d*,\d+|\d+|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_SYMBOLS = {"€": "EUR", "EURO": "EUR", "$": "USD", "US$": "USD", "£": "GBP"}
_SYMBOL = r"[Ee][Uu][Rr][Oo]|US\$|[A-Za-z]{3}|[€$£]"
_WRITTEN = re.compile(
    rf"[+-]?(?P<before>{_SYMBOL})?[+-]?(?P<digits>\d[\d.,]*(?:[eE][+-]?\d{{1,2}})?|[.,]\d+)-?(?P<after>{_SYMBOL})?-?",
    re.ASCII,
)
_GROUPED = re.compile(r"(?<=\d)['’\s](?=\d{3}(?:\D|$))")
_SPACES = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_NOTHING = frozenset(["", "-", "–", "—", "n/a", "na", "nan", "null", "none", "nil", "#n/a", "k.a.", "k. a.", "s/d"])


@dataclass(frozen=True)
class Written:
    """A number as it is written: its digits and marks without sign, and the currency that stands beside it."""

    digits: str
    is_negative: bool
    currency: str | None


@dataclass
class Evidence:
    """What the cells of a column say of its decimal mark; `doubtful` is the first line that leaves it open."""

    point: int = 0
    comma: int = 0
    doubtful: int | None = None

    def see(self, line: int, written: Written) -> None:
        """Take a cell into account."""
        is_point, is_comma = (bool(form.fullmatch(written.digits)) for form in (_POINT, _COMMA))
        if is_point != is_comma:
            self.point += is_point
            self.comma += is_comma
        elif is_point and self.doubtful is None and not written.digits.isdigit():
            self.doubtful = line

    def decide(self) -> DecimalMark | None:
        """The mark that most cells speak for, if any does."""
        if self.point == self.comma == 0:
            return None
        return "point" if self.point >= self.comma else "comma"


def is_missing(cell: str) -> bool:
    """Whether a cell says that nothing is known."""
    return cell.casefold() in _NOTHING


@lru_cache(_MOST_REMEMBERED)
def read_written(cell: str) -> Written | None:
    """Take a number apart: sign before or after it, brackets for a negative one, a currency beside it."""
    text = _SPACES.sub("", _GROUPED.sub("", cell)).replace("−", "-")
    in_brackets = text.startswith("(") and text.endswith(")")
    found = _WRITTEN.fullmatch(text[1:-1] if in_brackets else text)
    if not found:
        return None
    around = text[: found.start("digits") + in_brackets] + text[found.end("digits") + in_brackets :]
    minuses, pluses = around.count("-"), around.count("+")
    if minuses + pluses + in_brackets > 1:
        return None
    currency = currency_of(found["before"] or found["after"] or "")
    return Written(found["digits"], bool(minuses) or in_brackets, currency)


def currency_of(text: str) -> str | None:
    """The currency that a sign, a code or the word for euros stands for."""
    return _SYMBOLS.get(text.upper(), text.upper()) or None


def number_of(written: Written, mark: DecimalMark) -> Decimal | None:
    """The number that digits stand for under a decimal mark; none where they do not fit it, or are too many."""
    form = _POINT if mark == "point" else _COMMA
    if not form.fullmatch(written.digits):
        return None
    thousands, decimal = (",", ".") if mark == "point" else (".", ",")
    number = Decimal(written.digits.replace(thousands, "").replace(decimal, "."))
    return (-number if written.is_negative else number) if number < LARGEST else None
