"""The customer base comes in, as a form with a file."""

from dataclasses import replace
from datetime import UTC, datetime

from fastapi import Depends, Request

from app.errors import Fault, InvalidInputError
from app.research.customers.form import CustomerForm
from app.research.customers.importing import import_customers
from app.research.customers.read import CustomerTable, read_table
from app.research.customers.schemas import ImportReport
from app.research.customers.settings import FIELD_NAMES
from app.research.customers.sheet import MOST_BYTES
from app.rest.dependencies import EditorDep, ServicesDep
from app.rest.forms import describe_form, read_file
from app.rest.origin import refuse_other_pages
from app.rest.routing import Router
from app.rest.uploads import FILE_FIELD

router = Router(prefix="/economics", tags=["research"])


@router.post(
    "/customers",
    name="import_customers",
    openapi_extra=describe_form(CustomerForm),
    dependencies=[Depends(refuse_other_pages)],
)
def post_customers(request: Request, services: ServicesDep, _editor: EditorDep) -> ImportReport:
    """Bring the customers of a study up to date with a CSV or Parquet file: all of them, or none.

    A row is a customer, or an order. The report says of each kind of problem in which lines it is and what was done.
    """
    form, file = read_file(CustomerForm, request, MOST_BYTES)
    table = _read(file.name, file.kept, form)
    with services.database.sessions.begin() as session:
        return import_customers(session, form.study, table, dry_run=form.dry_run)


def _read(name: str, content: bytes, form: CustomerForm) -> CustomerTable:
    """Read a file; faults point to the field that it came in, or to the column that the mapping names."""
    try:
        return read_table(name, content, form, datetime.now(UTC).astimezone().date())
    except InvalidInputError as error:
        faults = tuple(_at_field(fault, fault.place.removeprefix(name).lstrip(":, ")) for fault in error.faults)
        raise InvalidInputError(error.message, faults) from error


def _at_field(fault: Fault, within: str) -> Fault:
    if within in FIELD_NAMES:
        return replace(fault, place=f"mapping.{within}")
    line = f"line {within}: " if within.isdigit() else ""
    return replace(fault, place=FILE_FIELD, problem=line + fault.problem)
