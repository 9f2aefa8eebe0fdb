"""`verbatim economics import`: the customer base of a study from a file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from app.commands import options
from app.commands.opening import opened_database
from app.commands.output import Line, line, tell, write, write_json
from app.commands.progress import progress_bar
from app.commands.studies import choose_study
from app.errors import AppError
from app.research.customers.importing import import_customers
from app.research.customers.read import read_table
from app.research.customers.schemas import ImportReport
from app.research.customers.settings import EURO, FIELD_NAMES, DateOrder, DecimalMark, ImportSettings
from app.research.customers.sheet import MOST_BYTES

_MOST_NAMED = 10


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or Parquet: one row a customer, or one an order.")],
    study: options.StudyName = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--map", help=f"Which column holds what: ltv_eur=LTV. Repeatable: {', '.join(FIELD_NAMES)}."),
    ] = None,
    rate: Annotated[list[str] | None, typer.Option(help="Euros for one unit of a currency: USD=0.92.")] = None,
    currency: Annotated[str, typer.Option(help="Of amounts where the file does not say.")] = EURO,
    decimal_mark: Annotated[DecimalMark | None, typer.Option("--decimal", help="Unset, it is found.")] = None,
    date_order: Annotated[
        DateOrder | None, typer.Option(help="Of dates such as 01/02/2026; unset, it is found.")
    ] = None,
    ltv_from_revenue: Annotated[bool, typer.Option("--ltv-from-revenue", help="Take the revenue for the LTV.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Remove customers that are not in the file.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Bring the customers of a study up to date with a file: all of them, or none."""
    settings = _settings(
        mapping=_pairs(column, "--map"),
        rates=_pairs(rate, "--rate"),
        currency=currency,
        decimal_mark=decimal_mark,
        date_order=date_order,
        ltv_from_revenue=ltv_from_revenue,
        replace=replace,
    )
    with progress_bar(f"Reading {file.name}"):
        table = read_table(file.name, _read(file), settings, datetime.now(UTC).astimezone().date())
    with opened_database() as database:
        slug = choose_study(database, study)
        if replace and not dry_run and not yes:
            with database.sessions() as session:
                removed = import_customers(session, slug, table, dry_run=True).removed
            if removed and not typer.confirm(f"Remove {removed} customers of {slug}?", err=True):
                raise AppError("nothing was changed")
        with progress_bar(f"Importing {file.name}"), database.sessions.begin() as session:
            report = import_customers(session, slug, table, dry_run=dry_run)
    if as_json:
        write_json(report)
        return
    write(_lines(report))
    if dry_run:
        tell("This was a dry run: nothing was changed.")


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    pairs = [text.partition("=") for text in given or []]
    if not all(mark and name for name, mark, _ in pairs):
        raise typer.BadParameter("write NAME=VALUE", param_hint=option)
    return {name.strip(): value.strip().strip("'\"") for name, _, value in pairs}


def _settings(**values: object) -> ImportSettings:
    try:
        return ImportSettings.model_validate(values)
    except ValidationError as error:
        names = {"mapping": "--map", "rates": "--rate"}
        fault = error.errors()[0]
        option = names.get(str(fault["loc"][0]), f"--{str(fault['loc'][0]).replace('_', '-')}")
        complaint = fault["msg"].removeprefix("Value error, ")
        said = ": ".join([*map(str, fault["loc"][1:2]), complaint])
        raise typer.BadParameter(said, param_hint=option) from error


def _read(file: Path) -> bytes:
    """Read a file, no more of it than is taken."""
    with file.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _lines(report: ImportReport) -> Iterator[Line]:
    counted = f"{report.rows} rows, {report.customers} customers"
    if report.shape == "orders":
        counted += f", {report.orders} orders, {report.refunds} refunds"
    yield line((report.file, "bold"), f": {counted}")
    mapping = ", ".join(f"{name} = {column!r}" for name, column in report.mapping.items())
    yield line((f"columns: {mapping}", "dim"))
    if report.left_out:
        yield line((f"not kept: {', '.join(report.left_out)}", "dim"))
    yield line(f"{report.added} added, {report.updated} updated, {report.removed} removed")
    if report.unclassified:
        yield line(f"{report.unclassified} without a lifetime value that can be classed: unclassified")
    for problem in report.problems:
        named = ", ".join(map(str, problem.lines[:_MOST_NAMED])) + (", …" if problem.count > _MOST_NAMED else "")
        yield line((f"{problem.count} × {problem.problem}", "yellow"), f" ({report.unit} {named}): {problem.done}")
    for note in report.notes:
        yield line((note, "dim"))
    for unknown in report.unknown_customers:
        yield line(f"{unknown.participant} is the customer {unknown.customer_id}, whom the study does not know")
