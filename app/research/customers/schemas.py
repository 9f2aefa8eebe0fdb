"""What came of an import of customers."""

from typing import Literal

from pydantic import Field

from app.frozen import Frozen
from app.research.customers.problems import RowProblem
from app.research.customers.settings import FieldName, Shape


class UnknownCustomer(Frozen):
    """A participant whose customer the study does not know."""

    participant: str
    customer_id: str


class ImportReport(Frozen):
    """What a table of customers came to; `dry_run` says that nothing was changed.

    `mapping` is the one that was used, `attributes` are columns that were kept as they are, `left_out` those that
    were not. `unclassified` customers of the table have no lifetime value.
    """

    study: str
    file: str
    dry_run: bool
    shape: Shape
    unit: Literal["line", "row"] = Field(description="what problems are counted in")
    mapping: dict[FieldName, str]
    attributes: tuple[str, ...]
    left_out: tuple[str, ...]
    rows: int
    orders: int
    refunds: int
    customers: int
    added: int
    updated: int
    removed: int
    unclassified: int
    problems: tuple[RowProblem, ...]
    notes: tuple[str, ...]
    unknown_customers: tuple[UnknownCustomer, ...]
