"""The fictional customer base: a thousand customers over seven months, the interviewed ones among them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from examples.rendering.source import Participant, seeded_random

FIRST_DAY = date(2025, 9, 1)
LAST_DAY = date(2026, 3, 31)
LAST_FIRST_PURCHASE_OF_INTERVIEWED = date(2026, 1, 15)
FIRST_NUMBER = 1001

CORE_BAND = (200.0, 500.0)
CORE_SHARE = 0.56
CUSTOMERS_PER_BAND: Mapping[tuple[float, float], int] = {
    (15.0, 50.0): 320,
    (50.0, 100.0): 200,
    (100.0, 200.0): 150,
    CORE_BAND: 290,
    (500.0, 1000.0): 34,
    (1000.0, 1800.0): 6,
}
COUNTRIES = {"DE": 0.72, "ES": 0.19, "AT": 0.07, "CH": 0.02}
CHANNELS = {"recommendation": 0.34, "search": 0.27, "podcast": 0.14, "social": 0.15, "press": 0.10}
REALISED_SHARE = (0.8, 0.95)
EUR_PER_PURCHASE = (18.0, 75.0)


@dataclass(frozen=True, slots=True)
class Customer:
    """A row of the customer base. `ltv_eur` is expected over the whole relation, `revenue_eur` was paid so far."""

    customer_id: str
    first_purchase: date
    last_purchase: date
    purchases: int
    revenue_eur: float
    ltv_eur: float
    country: str
    channel: str
    participant: str | None = None


def make_customers(participants: Sequence[Participant]) -> tuple[Customer, ...]:
    """Draw the customer base in the order of first purchase; the core LTV band brings its share of the revenue."""
    chance = seeded_random("customers")
    interviewed = [_draw_interviewed(participant, chance) for participant in participants]
    others = [
        _draw_customer(round(_skewed(chance, band), 2), chance)
        for band, count in CUSTOMERS_PER_BAND.items()
        for _ in range(count - sum(_in_band(customer, band) for customer in interviewed))
    ]
    customers = sorted(_balance(interviewed + others), key=lambda customer: customer.first_purchase)
    return tuple(
        replace(customer, customer_id=f"C-{number}") for number, customer in enumerate(customers, FIRST_NUMBER)
    )


def customer_table(customers: Sequence[Customer]) -> list[list[Any]]:
    """The rows of customers.csv, the heading first; who was interviewed is the manifest's to say."""
    heading = [field.name for field in fields(Customer)][:-1]
    rows = ([*astuple(customer)[:-1]] for customer in customers)
    return [heading, *([f"{cell:.2f}" if isinstance(cell, float) else cell for cell in row] for row in rows)]


def core_band_share(customers: Sequence[Customer]) -> float:
    """Share of the revenue that comes from the core LTV band, in [0, 1]."""
    core_eur = sum(customer.revenue_eur for customer in customers if _in_band(customer, CORE_BAND))
    return core_eur / sum(customer.revenue_eur for customer in customers)


def _draw_interviewed(participant: Participant, chance: random.Random) -> Customer:
    customer = _draw_customer(participant.ltv_eur, chance, last_start=LAST_FIRST_PURCHASE_OF_INTERVIEWED)
    return replace(
        customer,
        purchases=participant.purchases,
        last_purchase=customer.first_purchase if participant.purchases == 1 else customer.last_purchase,
        country="ES" if participant.language == "es" else "DE",
        participant=participant.id,
    )


def _draw_customer(ltv_eur: float, chance: random.Random, last_start: date = LAST_DAY) -> Customer:
    first = FIRST_DAY + timedelta(days=int(chance.random() * ((last_start - FIRST_DAY).days + 1)))
    purchases = max(1, round(ltv_eur / chance.uniform(*EUR_PER_PURCHASE)))
    later = 0 if purchases == 1 else int(chance.random() * ((LAST_DAY - first).days + 1))
    return Customer(
        customer_id="",
        first_purchase=first,
        last_purchase=first + timedelta(days=later),
        purchases=purchases,
        revenue_eur=round(ltv_eur * chance.uniform(*REALISED_SHARE), 2),
        ltv_eur=ltv_eur,
        country=chance.choices(list(COUNTRIES), list(COUNTRIES.values()))[0],
        channel=chance.choices(list(CHANNELS), list(CHANNELS.values()))[0],
    )


def _skewed(chance: random.Random, band: tuple[float, float]) -> float:
    """A value in the band, the lower half likelier."""
    low, high = band
    share: float = chance.random() ** 1.25
    return low + (high - low) * share


def _balance(customers: Sequence[Customer]) -> list[Customer]:
    """Scale what the core band has paid so far until it brings its share, and no more than each one's LTV."""
    core_eur = sum(customer.revenue_eur for customer in customers if _in_band(customer, CORE_BAND))
    rest_eur = sum(customer.revenue_eur for customer in customers) - core_eur
    factor = rest_eur * CORE_SHARE / (1 - CORE_SHARE) / core_eur
    return [
        replace(customer, revenue_eur=round(min(customer.revenue_eur * factor, customer.ltv_eur), 2))
        if _in_band(customer, CORE_BAND)
        else customer
        for customer in customers
    ]


def _in_band(customer: Customer, band: tuple[float, float]) -> bool:
    return band[0] <= customer.ltv_eur < band[1]
