"""Which column of a table holds what: as somebody says, else by its name in English, German or Spanish."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import get_close_matches

from app.errors import Fault, InvalidInputError
from app.research.customers.settings import FIELD_NAMES, MONEY, OF_CUSTOMERS, OF_ORDERS, FieldName, Shape
from app.research.customers.words import plain_words, split_currency, word_lists

_MOST_SHOWN = 30
_IDENTITY: FieldName = "customer_id"


@dataclass(frozen=True)
class Columns:
    """The columns of a table: of each field the place, the currency in the name of those for money, the others."""

    shape: Shape
    places: Mapping[FieldName, int]
    currencies: Mapping[FieldName, str]
    others: Mapping[str, int]
    """Columns that are kept as attributes of a customer."""
    left_out: tuple[str, ...]
    """Columns that are not kept: of persons, or of orders."""

    def named(self, columns: Sequence[str]) -> dict[FieldName, str]:
        """The mapping that is used, by names."""
        return {field: columns[self.places[field]] for field in FIELD_NAMES if field in self.places}


def find_columns(file: str, columns: Sequence[str], told: Mapping[FieldName, str]) -> Columns:
    """Find out which column holds what.

    Raises:
        InvalidInputError: what was told fits no column, or a column that is needed is missing or not the only one.
    """
    faults: list[Fault] = []
    places = _told(file, columns, told, faults)
    found = _recognised(columns, set(places.values()), [field for field in FIELD_NAMES if field not in told])
    shape = _shape(places, found)
    wanted = (OF_ORDERS if shape == "orders" else OF_CUSTOMERS) | {_IDENTITY, "currency"}
    if shape == "orders" and not {"amount"} & (places.keys() | found.keys()):
        found["amount"] = found.get("revenue_eur", [])
    for field, candidates in found.items():
        if field not in wanted or field in places or not candidates:
            continue
        if len(candidates) > 1:
            faults.append(_ambiguous(file, columns, field, candidates))
        places[field] = candidates[0]
    faults += _missing(file, columns, places.keys() | told.keys(), shape)
    if faults:
        raise InvalidInputError("the customers cannot be imported; nothing was changed", tuple(faults))
    return _arranged(columns, places, shape)


def _told(
    file: str, columns: Sequence[str], told: Mapping[FieldName, str], faults: list[Fault]
) -> dict[FieldName, int]:
    """The places of the columns that somebody named, each once; a field that is given no name is in no column."""
    places: dict[FieldName, int] = {}
    for field, name in told.items():
        if not name.strip():
            continue
        exact = [place for place, column in enumerate(columns) if column == name.strip()]
        alike = [place for place, column in enumerate(columns) if column.casefold() == name.strip().casefold()]
        if not (chosen := exact or alike):
            folded = {column.casefold(): column for column in columns}
            near = get_close_matches(name.casefold(), folded, n=1)
            remedy = f"did you mean {folded[near[0]]!r}?" if near else _listed(columns)
            faults.append(Fault(f"{file}, {field}", f"there is no column {name!r}", remedy))
        elif len(chosen) > 1:
            faults.append(Fault(f"{file}, {field}", f"several columns are called {name!r}", "rename one of them"))
        elif chosen[0] in places.values():
            faults.append(Fault(f"{file}, {field}", f"the column {name!r} is named twice", "name it for one field"))
        else:
            places[field] = chosen[0]
    if OF_ORDERS & places.keys() and OF_CUSTOMERS & places.keys():
        both = ", ".join(sorted(places.keys() - {_IDENTITY, "currency"}))
        remedy = f"name {', '.join(sorted(OF_ORDERS))} where a row is an order, else {', '.join(sorted(OF_CUSTOMERS))}"
        faults.append(Fault(file, f"{both} belong to orders and to customers", remedy))
    return places


def _recognised(columns: Sequence[str], taken: set[int], fields: Sequence[FieldName]) -> dict[FieldName, list[int]]:
    """The columns whose names say that they hold one of these fields."""
    lists = word_lists("columns")
    found: dict[FieldName, list[int]] = {}
    for place, column in enumerate(columns):
        name, _ = split_currency(plain_words(column))
        for field in fields:
            if place not in taken and name in lists[field]:
                found.setdefault(field, []).append(place)
    return found


def _shape(told: Mapping[FieldName, int], found: Mapping[FieldName, list[int]]) -> Shape:
    """Whether a row is an order: what was told decides, then an order's id, or an amount with its day."""
    if (OF_ORDERS | OF_CUSTOMERS) & told.keys():
        return "orders" if OF_ORDERS & told.keys() else "customers"
    is_customer = {"ltv_eur", "purchases", "first_purchase", "last_purchase"} & found.keys()
    is_order = "order_id" in found or (not is_customer and {"amount", "date"} <= found.keys())
    return "orders" if is_order else "customers"


def _missing(file: str, columns: Sequence[str], known: Set[FieldName], shape: Shape) -> list[Fault]:
    needed = [_IDENTITY]
    if shape == "orders":
        needed.append("amount")
    elif not OF_CUSTOMERS & known:
        needed.append("ltv_eur")
    remedy = "name it: --map {}=COLUMN, in `mapping` over HTTP; {}"
    return [
        Fault(file, f"no column is recognised as {field}", remedy.format(field, _listed(columns)))
        for field in needed
        if field not in known
    ]


def _ambiguous(file: str, columns: Sequence[str], field: FieldName, candidates: Sequence[int]) -> Fault:
    names = " and ".join(repr(columns[place]) for place in candidates)
    remedy = f"say which: --map {field}={columns[candidates[0]]!r}, in `mapping` over HTTP"
    return Fault(file, f"{names} both look like {field}", remedy)


def _listed(columns: Sequence[str]) -> str:
    more = ", …" if len(columns) > _MOST_SHOWN else ""
    return f"the columns are {', '.join(repr(column) for column in columns[:_MOST_SHOWN] if column)}{more}"


def _arranged(columns: Sequence[str], places: Mapping[FieldName, int], shape: Shape) -> Columns:
    names = [plain_words(column) for column in columns]
    currencies = {
        field: currency
        for field, place in places.items()
        if field in MONEY and (currency := split_currency(names[place])[1])
    }
    rest = {column: place for place, column in enumerate(columns) if column and place not in places.values()}
    personal = word_lists("words")["personal"]
    kept = {
        column: place
        for column, place in rest.items()
        if shape == "customers" and " ".join(names[place]) not in personal
    }
    return Columns(shape, places, currencies, kept, tuple(column for column in rest if column not in kept))
