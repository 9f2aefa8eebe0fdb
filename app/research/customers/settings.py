"""How a table of customers is read, where the table itself does not say."""

from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from app.frozen import Frozen

FieldName = Literal[
    "customer_id",
    "ltv_eur",
    "revenue_eur",
    "purchases",
    "first_purchase",
    "last_purchase",
    "currency",
    "amount",
    "date",
    "order_id",
    "type",
]
Shape = Literal["customers", "orders"]
DecimalMark = Literal["point", "comma"]
DateOrder = Literal["dmy", "mdy"]

FIELD_NAMES: tuple[FieldName, ...] = get_args(FieldName)
OF_CUSTOMERS: frozenset[FieldName] = frozenset(
    ["ltv_eur", "revenue_eur", "purchases", "first_purchase", "last_purchase"]
)
"""What one row a customer may say, beside who it is and in which currency."""
OF_ORDERS: frozenset[FieldName] = frozenset(["amount", "date", "order_id", "type"])
MONEY: frozenset[FieldName] = frozenset(["ltv_eur", "revenue_eur", "amount"])
DATES: frozenset[FieldName] = frozenset(["first_purchase", "last_purchase", "date"])
EURO = "EUR"

_LARGEST_RATE = 1_000_000

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]


def check_rates(rates: dict[str, Decimal]) -> dict[str, Decimal]:
    """Accept rates that money can have."""
    if not all(0 < rate <= _LARGEST_RATE for rate in rates.values()):
        raise ValueError("a rate says how many euros one unit is worth: USD=0.92")
    return rates


class ImportSettings(Frozen):
    """How a table of customers is read.

    `mapping` says which column holds what; what it leaves out is recognised by the names of the columns.
    """

    mapping: dict[FieldName, str] = Field({}, description="which column holds what: `{customer_id: Kunden-Nr.}`")
    rates: Annotated[dict[Currency, Decimal], AfterValidator(check_rates)] = Field(
        {}, max_length=50, description="how many euros one unit of a currency is worth"
    )
    currency: Currency = Field(EURO, description="of amounts whose currency neither cell, column nor its name says")
    decimal_mark: DecimalMark | None = Field(None, description="unset, it is found in each column")
    date_order: DateOrder | None = Field(None, description="of dates such as 01/02/2026; unset, it is found")
    ltv_from_revenue: bool = Field(default=False, description="take the revenue for the lifetime value")
    replace: bool = Field(default=False, description="remove the customers that are not in the file")
