"""What a table says of each customer, whether its rows are customers or orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.research.customers.cells import CellReader
from app.research.customers.settings import FieldName
from app.research.customers.sheet import Sheet

LONGEST_CODE = 200


@dataclass(frozen=True)
class CustomerFacts:
    """What is known of one customer; `None` where nothing is."""

    code: str
    line: int
    first_purchase: date | None = None
    purchases: int | None = None
    revenue_eur: Decimal | None = None
    ltv_eur: Decimal | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """All customers of a table, in its order, with how many rows, orders and refunds they come from."""

    customers: tuple[CustomerFacts, ...]
    rows: int
    orders: int = 0
    refunds: int = 0


def customer_key(code: str) -> str:
    """What an id is compared by: case and spaces do not tell customers apart."""
    return "".join(code.split()).casefold()


def read_code(line: int, cells: Sequence[str], sheet: Sheet, reader: CellReader) -> str | None:
    """The customer's id of a row; none where the row cannot be used."""
    if any(cells[len(sheet.columns) :]):
        reader.log.add("wrong_width", line)
        return None
    code = " ".join(reader.text(cells, "customer_id").split())
    if not code or len(code) > LONGEST_CODE:
        reader.log.add("missing_id", line)
        return None
    return code


def content_of(cells: Sequence[str], reader: CellReader, without: FieldName) -> int:
    """What tells a row from another one of the same customer or order."""
    skipped = reader.columns.places[without]
    return hash(tuple(cell for place, cell in enumerate(cells) if place != skipped))
