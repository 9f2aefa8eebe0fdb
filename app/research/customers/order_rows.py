"""A table of one row an order: refunds lower the revenue and are no purchases, each order counts once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.research.customers.cells import CellReader
from app.research.customers.facts import CustomerFacts, Told, content_of, customer_key, read_code
from app.research.customers.numbers import LARGEST
from app.research.customers.sheet import Sheet
from app.research.customers.words import plain_words, word_lists


@dataclass
class _Account:
    """What the orders of one customer come to, as far as they are read."""

    code: str
    line: int
    paid_eur: Decimal = Decimal(0)
    purchases: int = 0
    is_known: bool = True
    days: list[date] = field(default_factory=list)

    def book(self, order: "_Order") -> None:
        """Add an order."""
        if order.amount_eur is None:
            self.is_known = False
        else:
            self.paid_eur += order.amount_eur
        if not order.is_refund:
            self.purchases += 1
            self.days += [order.day] if order.day else []

    def settle(self, reader: CellReader) -> CustomerFacts:
        """The customer whose orders these are; money that is not wholly known is unknown, as is more than there is."""
        if abs(self.paid_eur) >= LARGEST:
            reader.log.add("unreadable_number", self.line)
            self.is_known = False
        if self.is_known and self.paid_eur < 0:
            reader.log.add("negative_total", self.line)
        return CustomerFacts(
            self.code,
            self.line,
            first_purchase=min(self.days, default=None),
            purchases=self.purchases,
            revenue_eur=self.paid_eur if self.is_known else None,
            attributes={"last_purchase": max(self.days).isoformat()} if self.days else {},
        )


@dataclass(frozen=True)
class _Order:
    """One order or refund; without an amount nobody knows what it was worth."""

    amount_eur: Decimal | None
    is_refund: bool
    day: date | None


@dataclass
class _Known:
    """The orders that came before, by their ids: what their rows said."""

    sales: dict[str, int] = field(default_factory=dict)
    refunds: set[tuple[str, int]] = field(default_factory=set)

    def takes(self, line: int, cells: Sequence[str], order: _Order, reader: CellReader) -> bool:
        """Whether an order is new; a sale may be refunded under its own id, in several parts."""
        order_id = customer_key(reader.text(cells, "order_id"))
        if not order_id:
            return True
        content = content_of(cells, reader, without="order_id")
        if order.is_refund:
            is_new = (order_id, content) not in self.refunds
            self.refunds.add((order_id, content))
        else:
            is_new = order_id not in self.sales
            self.sales.setdefault(order_id, content)
        if not is_new:
            reader.log.add("repeated" if order.is_refund or self.sales[order_id] == content else "duplicate", line)
        return is_new


def read_orders(sheet: Sheet, reader: CellReader) -> Told:
    """Add the orders of each customer up."""
    accounts: dict[str, _Account] = {}
    known = _Known()
    rows = orders = refunds = 0
    for line, cells in sheet.rows():
        rows += 1
        code = read_code(line, cells, sheet, reader)
        if code is None:
            continue
        account = accounts.setdefault(customer_key(code), _Account(code, line))
        if account.code != code:
            reader.log.add("other_spelling", line)
        order = _read_order(line, cells, reader)
        if order is not None and known.takes(line, cells, order, reader):
            account.book(order)
            refunds += order.is_refund
            orders += not order.is_refund
    return Told(tuple(account.settle(reader) for account in accounts.values()), rows, orders, refunds)


def _read_order(line: int, cells: Sequence[str], reader: CellReader) -> _Order | None:
    """Read an order; none where it was cancelled."""
    kind = _kind(line, cells, reader)
    if kind == "cancelled":
        reader.log.add("cancelled", line)
        return None
    if not reader.text(cells, "amount"):
        reader.log.add("missing_amount", line)
    amount_eur = reader.euros(line, cells, "amount")
    is_refund = kind == "refund" or (amount_eur is not None and amount_eur < 0)
    if is_refund and amount_eur is not None:
        amount_eur = -abs(amount_eur)
    return _Order(amount_eur, is_refund, reader.day(line, cells, "date"))


def _kind(line: int, cells: Sequence[str], reader: CellReader) -> str:
    said = " ".join(plain_words(reader.text(cells, "type")))
    lists = word_lists("words")
    kind = next((name for name in ("refund", "cancelled", "sale") if said in lists[name]), None)
    if said and kind is None:
        reader.log.add("unknown_type", line)
    return kind or "sale"
