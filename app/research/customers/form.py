"""What the sender of a table of customers says of it."""

import json
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from app.research.customers.settings import Currency, FieldName, ImportSettings, check_rates


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValueError("is no JSON object") from error


class CustomerForm(ImportSettings):
    """The fields of the form; `mapping` and `rates` are JSON objects."""

    study: str = Field(min_length=1, max_length=63, description="slug of the study", examples=["nido"])
    mapping: Annotated[dict[FieldName, str], BeforeValidator(_parsed)] = Field(
        {}, description="which column holds what, as JSON", examples=['{"customer_id": "Kunden-Nr."}']
    )
    rates: Annotated[dict[Currency, Decimal], BeforeValidator(_parsed), AfterValidator(check_rates)] = Field(
        {}, max_length=50, description="how many euros one unit is worth, as JSON", examples=['{"USD": 0.92}']
    )
    dry_run: bool = Field(default=False, description="say what would come of it, and change nothing")
