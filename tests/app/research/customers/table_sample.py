"""Tables of customers as texts, read as of one day."""

from datetime import date
from typing import Any

from app.research.customers.facts import CustomerFacts
from app.research.customers.read import CustomerTable, read_table
from app.research.customers.settings import ImportSettings

TODAY = date(2026, 11, 30)


def table_of(content: str | bytes, name: str = "file.csv", **settings: Any) -> CustomerTable:
    """Read a table."""
    data = content.encode() if isinstance(content, str) else content
    return read_table(name, data, ImportSettings(**settings), TODAY)


def facts_of(table: CustomerTable) -> dict[str, CustomerFacts]:
    """The customers of a table, by code."""
    return {customer.code: customer for customer in table.told.customers}


def problems_of(table: CustomerTable) -> dict[str, tuple[int, ...]]:
    """The lines of each kind of problem."""
    return {problem.kind: problem.lines for problem in table.problems}
