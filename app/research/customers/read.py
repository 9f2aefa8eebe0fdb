"""A file of customers, read as a whole before anything is stored."""

from dataclasses import dataclass, replace
from datetime import date

from app.errors import InvalidInputError
from app.research.customers.cells import CellReader, Formats, find_formats
from app.research.customers.columns import Columns, find_columns
from app.research.customers.customer_rows import read_customers
from app.research.customers.facts import Told
from app.research.customers.order_rows import read_orders
from app.research.customers.problems import ProblemLog, RowProblem
from app.research.customers.settings import MONEY, FieldName, ImportSettings
from app.research.customers.sheet import Sheet, Unit, read_sheet, refused


@dataclass(frozen=True)
class CustomerTable:
    """Customers as a file tells of them; `given` are the columns of the customer base that it speaks of."""

    file: str
    unit: Unit
    settings: ImportSettings
    columns: Columns
    named: dict[FieldName, str]
    told: Told
    given: frozenset[str]
    problems: tuple[RowProblem, ...]
    notes: tuple[str, ...]


def read_table(name: str, content: bytes, settings: ImportSettings, today: date) -> CustomerTable:
    """Read a CSV or Parquet file of customers or of their orders.

    Args:
        name: what the file is called.
        content: of the file.
        settings: what the file does not say.
        today: what is later has not been yet.

    Raises:
        InvalidInputError: the file cannot be used; everything that is wrong with its columns is said at once.
    """
    sheet = read_sheet(name, content)
    columns = find_columns(name, sheet.columns, settings.mapping)
    formats = find_formats(sheet, columns, settings)
    reader = CellReader(columns, formats, settings, today, ProblemLog())
    told = read_orders(sheet, reader) if columns.shape == "orders" else read_customers(sheet, reader)
    if not told.rows:
        raise refused(name, "there are no rows below the header", "export it again")
    if not told.customers:
        raise _nobody(name, reader.log)
    told, given = _with_ltv(sheet, told, reader)
    notes = (*sheet.notes, *_notes(reader, formats, told, given))
    named = columns.named(sheet.columns)
    return CustomerTable(name, sheet.unit, settings, columns, named, told, given, reader.log.told(), notes)


def _nobody(name: str, log: ProblemLog) -> InvalidInputError:
    """Why no row can be used."""
    wide = next((problem for problem in log.told() if problem.kind == "wrong_width"), None)
    if wide:
        remedy = "put cells that hold the delimiter in quotes, or use another delimiter"
        return refused(f"{name}:{wide.lines[0]}", "the rows have more cells than there are columns", remedy)
    return refused(name, "no row says which customer it is about", "say which column does: --map customer_id=COLUMN")


def _with_ltv(sheet: Sheet, told: Told, reader: CellReader) -> tuple[Told, frozenset[str]]:
    """Take the revenue for the lifetime value if so told; say who has none, where the file speaks of it."""
    places = reader.columns.places
    if reader.columns.shape == "orders":
        given = {"purchases", "revenue_eur"} | ({"first_purchase"} if "date" in places else set())
    else:
        given = {"first_purchase", "purchases", "revenue_eur", "ltv_eur"} & set(places)
    if reader.settings.ltv_from_revenue:
        if "ltv_eur" in given or "revenue_eur" not in given:
            has = "has a column for the lifetime value" if "ltv_eur" in given else "does not say the revenue"
            raise refused(sheet.name, f"the file {has}", "leave `ltv_from_revenue` out")
        given |= {"ltv_eur"}
        told = replace(told, customers=tuple(replace(each, ltv_eur=each.revenue_eur) for each in told.customers))
    if "ltv_eur" in given:
        for customer in told.customers:
            if customer.ltv_eur is None:
                reader.log.add("missing_ltv", customer.line)
    return told, frozenset(given)


def _notes(reader: CellReader, formats: Formats, told: Told, given: frozenset[str]) -> list[str]:
    """What whoever imports should know of how the file was read."""
    places, problems = reader.columns.places, {problem.kind for problem in reader.log.told()}
    marks = sorted({mark for name, mark in formats.marks.items() if name in MONEY})
    notes = [f"amounts were read with a decimal {' or '.join(marks)}"] if marks else []
    if "currency" not in places and not reader.columns.currencies:
        notes.append(f"amounts are in {reader.settings.currency} where no cell says otherwise")
    if reader.currencies:
        named = ", ".join(sorted(reader.currencies))
        notes.append(
            f"no rate is known for {named}: say how many euros one is worth, --rate {min(reader.currencies)}=…"
        )
    if "ltv_eur" not in given:
        notes.append("no column holds the lifetime value; --ltv-from-revenue takes the revenue for it")
    if reader.columns.shape == "orders" and "order_id" not in places:
        notes.append("no column holds the id of an order: rows that are alike count each")
    if told.orders and "duplicate" in problems:
        notes.append("rows with the id of an earlier order do not count; if they are its articles, say --map order_id=")
    elif "duplicate" in problems:
        notes.append("of several rows of a customer the first counts; if rows are orders, say --map amount=COLUMN")
    return notes
