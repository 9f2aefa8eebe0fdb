"""A table of one row a customer."""

from collections.abc import Sequence

from app.research.customers.cells import CellReader
from app.research.customers.facts import CustomerFacts, Told, content_of, customer_key, read_code
from app.research.customers.sheet import Sheet

LONGEST_ATTRIBUTE = 300


def read_customers(sheet: Sheet, reader: CellReader) -> Told:
    """Read a table of one row a customer; of several rows of one customer the first counts."""
    seen: dict[str, tuple[str, int]] = {}
    customers: list[CustomerFacts] = []
    rows = 0
    for line, cells in sheet.rows():
        rows += 1
        code = read_code(line, cells, sheet, reader)
        if code is None:
            continue
        content = content_of(cells, reader, without="customer_id")
        known = seen.get(customer_key(code))
        if known is not None:
            _log_again(line, code, content, known, reader)
            continue
        seen[customer_key(code)] = code, content
        customers.append(_customer(line, code, cells, reader))
    return Told(tuple(customers), rows)


def _log_again(line: int, code: str, content: int, known: tuple[str, int], reader: CellReader) -> None:
    if code != known[0]:
        reader.log.add("other_spelling", line)
    reader.log.add("repeated" if content == known[1] else "duplicate", line)


def _customer(line: int, code: str, cells: Sequence[str], reader: CellReader) -> CustomerFacts:
    revenue_eur, ltv_eur = reader.euros(line, cells, "revenue_eur"), reader.euros(line, cells, "ltv_eur")
    if any(value is not None and value < 0 for value in (revenue_eur, ltv_eur)):
        reader.log.add("negative_value", line)
    last = reader.day(line, cells, "last_purchase")
    attributes = {
        name: cells[place][:LONGEST_ATTRIBUTE]
        for name, place in reader.columns.others.items()
        if place < len(cells) and cells[place]
    }
    return CustomerFacts(
        code,
        line,
        first_purchase=reader.day(line, cells, "first_purchase"),
        purchases=reader.count(line, cells, "purchases"),
        revenue_eur=revenue_eur,
        ltv_eur=ltv_eur,
        attributes={**attributes, "last_purchase": last.isoformat()} if last else attributes,
    )
