"""Days as people and programs write them: 2026-03-02, 02.03.2026, 3/2/2026 10:15; which number is the day is found."""

import re
from dataclasses import dataclass
from datetime import date

from app.research.customers.settings import DateOrder

_TIME = r"(?:[T ,].*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DOTTED = re.compile(rf"(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?(\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_EITHER = re.compile(rf"(\d{{1,2}})([/-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_MOST_MONTHS = 12


@dataclass
class DateEvidence:
    """What the cells of all columns of days say of the order; `doubtful` is the first line that leaves it open."""

    dmy: int = 0
    mdy: int = 0
    doubtful: int | None = None

    def see(self, line: int, cell: str) -> None:
        """Take a cell into account."""
        if not (found := _EITHER.fullmatch(cell)):
            return
        first, second = int(found[1]), int(found[3])
        self.dmy += first > _MOST_MONTHS
        self.mdy += second > _MOST_MONTHS
        if max(first, second) <= _MOST_MONTHS and first != second and self.doubtful is None:
            self.doubtful = line

    def decide(self) -> DateOrder | None:
        """The order that most cells speak for, if any does."""
        if self.dmy == self.mdy == 0:
            return None
        return "dmy" if self.dmy >= self.mdy else "mdy"


def read_date(cell: str, order: DateOrder) -> date | None:
    """The day that a cell names, whatever time follows it; none where it names none."""
    if found := _YEAR_FIRST.fullmatch(cell):
        return _day(found[1], found[3], found[4])
    if found := _COMPACT.fullmatch(cell):
        return _day(found[1], found[2], found[3])
    if found := _DOTTED.fullmatch(cell):
        return _day(found[3], found[2], found[1])
    if found := _EITHER.fullmatch(cell):
        day, month = (found[1], found[3]) if order == "dmy" else (found[3], found[1])
        return _day(found[4], month, day)
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
