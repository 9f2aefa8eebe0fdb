"""What a customer is worth to the company: LTV bands and ABCD classes, from numbers given, never from speech."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from app.frozen import Frozen

ClassName = Literal["A", "B", "C", "D"]

CLASS_NAMES: tuple[ClassName, ...] = ("A", "B", "C", "D")
BAND_LIMITS_EUR = (50, 100, 200, 500, 1000)
CLASS_SHARES: dict[ClassName, Decimal] = {
    "A": Decimal("0.50"),
    "B": Decimal("0.30"),
    "C": Decimal("0.15"),
    "D": Decimal("0.05"),
}
MOST_BANDS = 20
LARGEST_LIMIT_EUR = 999_999


class SchemeError(ValueError):
    """Limits that cannot be used."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}: {remedy}")
        self.problem = problem
        self.remedy = remedy


def check_bands(limits_eur: Sequence[int]) -> tuple[int, ...]:
    """Accept limits of bands: whole euros that rise.

    Raises:
        SchemeError: they are not.
    """
    if not 1 <= len(limits_eur) <= MOST_BANDS:
        raise SchemeError(f"there are {len(limits_eur)} limits", f"write 1 to {MOST_BANDS}: [50, 100, 200]")
    if not all(0 < limit <= LARGEST_LIMIT_EUR for limit in limits_eur):
        raise SchemeError("a limit is out of range", f"write whole euros from 1 to {LARGEST_LIMIT_EUR}")
    if any(lower >= upper for lower, upper in pairwise(limits_eur)):
        raise SchemeError("the limits do not rise", "write each limit once, the lowest first: [50, 100, 200]")
    return tuple(limits_eur)


def check_class_shares(shares: Mapping[ClassName, Decimal]) -> dict[ClassName, Decimal]:
    """Accept the share of revenue of each class: they are 1 together.

    Raises:
        SchemeError: they are not.
    """
    _check_names(shares, CLASS_NAMES)
    if not all(share > 0 for share in shares.values()) or sum(shares.values()) != 1:
        raise SchemeError("the shares are not 1 together", "write parts of 1: {A: 0.5, B: 0.3, C: 0.15, D: 0.05}")
    return dict(sorted(shares.items()))


def check_class_limits(limits_eur: Mapping[ClassName, int]) -> dict[ClassName, int]:
    """Accept the lifetime value from which on a customer is of a class; the class after the last has all below.

    Raises:
        SchemeError: they do not fall from class to class.
    """
    _check_names(limits_eur, CLASS_NAMES[:-1])
    limits = dict(sorted(limits_eur.items()))
    if not all(0 < limit <= LARGEST_LIMIT_EUR for limit in limits.values()):
        raise SchemeError("a limit is out of range", f"write whole euros from 1 to {LARGEST_LIMIT_EUR}")
    if any(better <= worse for better, worse in pairwise(limits.values())):
        raise SchemeError("the limits do not fall", "write the highest for A: {A: 500, B: 200, C: 50}")
    return limits


def _check_names(given: Iterable[str], known: Sequence[str]) -> None:
    names = sorted(given)
    if not names or names != list(known[: len(names)]):
        raise SchemeError("a class is left out, or unknown", f"begin with A, and use {', '.join(known)} in this order")


class ValueScheme(Frozen):
    """Where bands and classes end: classes by their shares of all revenue, or by fixed limits of the lifetime value."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"bands_eur": [100, 500], "class_limits_eur": {"A": 500, "B": 100}}]},
    )

    bands_eur: Annotated[tuple[int, ...], AfterValidator(check_bands)] = Field(
        BAND_LIMITS_EUR, description="where LTV bands end, lower limits included"
    )
    class_shares: Annotated[dict[ClassName, Decimal], AfterValidator(check_class_shares)] | None = Field(
        None, description="share of all revenue of each class, the customers who bring most first"
    )
    class_limits_eur: Annotated[dict[ClassName, int], AfterValidator(check_class_limits)] | None = Field(
        None, description="instead of shares: the lifetime value from which on a customer is of a class"
    )

    @model_validator(mode="before")
    @classmethod
    def _has_one_way_to_class(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        ways = [given.get("class_shares"), given.get("class_limits_eur")]
        if all(way is not None for way in ways):
            raise SchemeError("classes have shares and limits", "write class_shares or class_limits_eur")
        return {**given, "class_shares": CLASS_SHARES} if ways == [None, None] else given

    @property
    def bands(self) -> tuple[str, ...]:
        """The names of the bands, from low to high."""
        return tuple(_band_name(place, self.bands_eur) for place in range(len(self.bands_eur) + 1))

    def classes(
        self, revenues_eur: Sequence[Decimal | None], ltvs_eur: Sequence[Decimal | None]
    ) -> list[ClassName | None]:
        """The class of each customer; shapes (n,), euros."""
        if self.class_limits_eur is not None:
            return [class_by_limit(ltv, self.class_limits_eur) for ltv in ltvs_eur]
        return abcd_classes(revenues_eur, self.class_shares or CLASS_SHARES)


def band_of(ltv_eur: Decimal | None, limits_eur: Sequence[int] = BAND_LIMITS_EUR) -> str | None:
    """Name the band of a lifetime value, lower limit included: `0-50`, `1000+`.

    Unclassified, `None`, is who has no lifetime value, or one below zero.
    """
    if ltv_eur is None or ltv_eur < 0:
        return None
    return _band_name(bisect_right(limits_eur, ltv_eur), limits_eur)


def class_by_limit(ltv_eur: Decimal | None, limits_eur: Mapping[ClassName, int]) -> ClassName | None:
    """Class a customer by fixed limits of the lifetime value, limits included; unclassified as in `band_of`."""
    if ltv_eur is None or ltv_eur < 0:
        return None
    return next((name for name, limit in limits_eur.items() if ltv_eur >= limit), CLASS_NAMES[len(limits_eur)])


def abcd_classes(
    revenues_eur: Sequence[Decimal | None], shares: Mapping[ClassName, Decimal] = CLASS_SHARES
) -> list[ClassName | None]:
    """Class each customer by cumulative share of revenue, largest first.

    A customer belongs to the class in whose share of the total (A the first 50 %, B the next 30 %, C the next 15 %,
    D the last 5 %) the revenue before it ends; of equal revenues the first comes first. Customers without a positive
    revenue are unclassified.

    Args:
        revenues_eur: shape (n,), euros.
        shares: of each class, 1 together.

    Returns:
        shape (n,), `A` to `D` or `None`.
    """
    classes: list[ClassName | None] = [None] * len(revenues_eur)
    earning = [(revenue, row) for row, revenue in enumerate(revenues_eur) if revenue is not None and revenue > 0]
    total = sum((revenue for revenue, _ in earning), Decimal(0))
    ends = [(name, end * total) for name, end in zip(shares, accumulate(shares.values()), strict=True)]
    before, place = Decimal(0), 0
    for revenue, row in sorted(earning, key=lambda pair: (-pair[0], pair[1])):
        while place < len(ends) - 1 and before >= ends[place][1]:
            place += 1
        classes[row] = ends[place][0]
        before += revenue
    return classes


def _band_name(place: int, limits_eur: Sequence[int]) -> str:
    if place == len(limits_eur):
        return f"{limits_eur[-1]}+"
    return f"{limits_eur[place - 1] if place else 0}-{limits_eur[place]}"
