"""What a customer is worth to the company: LTV bands and ABCD classes, from numbers given, never from speech."""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal

BAND_LIMITS_EUR = (50, 100, 200, 500, 1000)
CLASS_SHARES = (("A", Decimal("0.50")), ("B", Decimal("0.80")), ("C", Decimal("0.95")), ("D", Decimal("1.00")))


def band_of(ltv_eur: Decimal | None, limits_eur: Sequence[int] = BAND_LIMITS_EUR) -> str | None:
    """Name the band of a lifetime value, lower limit included: `0-50`, `1000+`; `None` stays unclassified."""
    if ltv_eur is None:
        return None
    place = bisect_right(limits_eur, ltv_eur)
    if place == len(limits_eur):
        return f"{limits_eur[-1]}+"
    return f"{limits_eur[place - 1] if place else 0}-{limits_eur[place]}"


def abcd_classes(revenues_eur: Sequence[Decimal | None]) -> list[str | None]:
    """Class each customer by cumulative share of revenue, largest first.

    A customer belongs to the class in whose share of the total (A the first 50 %, B the next 30 %, C the next 15 %,
    D the last 5 %) the revenue before it ends. Customers without a positive revenue are unclassified.

    Args:
        revenues_eur: shape (n,), euros.

    Returns:
        shape (n,), `A` to `D` or `None`.
    """
    classes: list[str | None] = [None] * len(revenues_eur)
    earning = [(revenue, row) for row, revenue in enumerate(revenues_eur) if revenue is not None and revenue > 0]
    total = sum((revenue for revenue, _ in earning), Decimal(0))
    before = Decimal(0)
    for revenue, row in sorted(earning, key=lambda pair: (-pair[0], pair[1])):
        classes[row] = next((name for name, share in CLASS_SHARES if before < share * total), "D")
        before += revenue
    return classes
