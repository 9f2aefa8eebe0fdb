"""The cells of a table as values: how its numbers and days are written, found over all rows, then row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.errors import Fault, InvalidInputError
from app.research.customers.columns import Columns
from app.research.customers.dates import DateEvidence, read_date
from app.research.customers.numbers import LARGEST, Evidence, currency_of, is_missing, number_of, read_written
from app.research.customers.problems import ProblemLog
from app.research.customers.settings import DATES, EURO, MONEY, DateOrder, DecimalMark, FieldName, ImportSettings
from app.research.customers.sheet import Sheet

_CENT = Decimal("0.01")
_MOST_PURCHASES = 1_000_000_000
_NUMBERS: frozenset[FieldName] = MONEY | {"purchases"}


@dataclass(frozen=True)
class Formats:
    """How the numbers of each column, and all days, are written."""

    marks: Mapping[FieldName, DecimalMark]
    date_order: DateOrder


def find_formats(sheet: Sheet, columns: Columns, settings: ImportSettings) -> Formats:
    """Find out how numbers and days are written; a column that leaves it open follows the others.

    Raises:
        InvalidInputError: nothing says which mark is decimal, or which number is the day.
    """
    exact = {name for name, place in columns.places.items() if sheet.columns[place] in sheet.exact}
    numbers, days = _evidence(sheet, {name: at for name, at in columns.places.items() if name not in exact})
    marks = {name: settings.decimal_mark or evidence.decide() for name, evidence in numbers.items()}
    common = _common([mark for mark in marks.values() if mark])
    order = settings.date_order or days.decide()
    faults = [
        _open_mark(sheet, columns, name, numbers[name])
        for name, mark in marks.items()
        if not (mark or common) and numbers[name].doubtful is not None
    ]
    if order is None and days.doubtful is not None:
        remedy = "say it: --date-order dmy or mdy, `date_order` over HTTP"
        faults.append(Fault(f"{sheet.name}:{days.doubtful}", "nothing says which number of a date is the day", remedy))
    if faults:
        raise InvalidInputError("the customers cannot be imported; nothing was changed", tuple(faults))
    found: dict[FieldName, DecimalMark] = {name: mark or common or "point" for name, mark in marks.items()}
    return Formats({**dict.fromkeys(exact, "point"), **found}, order or "dmy")


def _evidence(sheet: Sheet, places: Mapping[FieldName, int]) -> tuple[dict[FieldName, Evidence], DateEvidence]:
    """What all cells say of how numbers and days are written."""
    numbers: dict[FieldName, Evidence] = {name: Evidence() for name in places if name in _NUMBERS}
    days = DateEvidence()
    for line, cells in sheet.rows():
        for name, place in places.items():
            cell = cells[place] if place < len(cells) else ""
            if name in numbers and (written := read_written(cell)):
                numbers[name].see(line, written)
            elif name in DATES:
                days.see(line, cell)
    return numbers, days


def _common(marks: Sequence[DecimalMark]) -> DecimalMark | None:
    """The mark that all columns agree upon."""
    return marks[0] if marks and len(set(marks)) == 1 else None


def _open_mark(sheet: Sheet, columns: Columns, name: FieldName, evidence: Evidence) -> Fault:
    problem = f"nothing says whether a point or a comma is the decimal mark of {sheet.columns[columns.places[name]]!r}"
    remedy = "say it: --decimal point or comma, `decimal_mark` over HTTP"
    return Fault(f"{sheet.name}:{evidence.doubtful}", problem, remedy)


@dataclass(frozen=True)
class CellReader:
    """Reads the cells of rows; what cannot be used is logged with its line, and is nothing."""

    columns: Columns
    formats: Formats
    settings: ImportSettings
    today: date
    log: ProblemLog
    currencies: set[str] = field(default_factory=set)
    """Those that there is no rate for."""

    def text(self, cells: Sequence[str], name: FieldName) -> str:
        """What a cell says; empty where it says nothing."""
        place = self.columns.places.get(name)
        cell = cells[place] if place is not None and place < len(cells) else ""
        return "" if is_missing(cell) else cell

    def euros(self, line: int, cells: Sequence[str], name: FieldName) -> Decimal | None:
        """An amount in euros, to the cent."""
        if not (cell := self.text(cells, name)):
            return None
        written = read_written(cell)
        number = number_of(written, self.formats.marks[name]) if written else None
        if written is None or number is None:
            self.log.add("unreadable_number", line)
            return None
        rate = self._rate(written.currency, currency_of(self.text(cells, "currency")), name)
        if rate is None:
            self.log.add("unknown_currency", line)
            return None
        euros = (number * rate).quantize(_CENT, ROUND_HALF_UP)
        if abs(euros) >= LARGEST:
            self.log.add("unreadable_number", line)
            return None
        return euros

    def count(self, line: int, cells: Sequence[str], name: FieldName) -> int | None:
        """A number of things."""
        if not (cell := self.text(cells, name)):
            return None
        written = read_written(cell)
        number = number_of(written, self.formats.marks[name]) if written else None
        if number is None or number != int(number) or not 0 <= number <= _MOST_PURCHASES:
            self.log.add("unreadable_number", line)
            return None
        return int(number)

    def day(self, line: int, cells: Sequence[str], name: FieldName) -> date | None:
        """A day that has been."""
        if not (cell := self.text(cells, name)):
            return None
        day = read_date(cell, self.formats.date_order)
        if day is None or day > self.today:
            self.log.add("unreadable_date" if day is None else "future_date", line)
            return None
        return day

    def _rate(self, beside: str | None, told: str | None, name: FieldName) -> Decimal | None:
        """How many euros one unit is worth; nothing where the cell and its row name different currencies."""
        if beside and told and beside != told:
            return None
        currency = beside or told or self.columns.currencies.get(name) or self.settings.currency
        if currency == EURO:
            return Decimal(1)
        if currency not in self.settings.rates:
            self.currencies.add(currency)
        return self.settings.rates.get(currency)
