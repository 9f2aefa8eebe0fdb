"""Tokens and what they cost: the sums that budgets are made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spending:
    """Tokens, read and written, and their price in whatever currency the settings mean; 0 where no prices are set."""

    tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: "Spending") -> "Spending":
        return Spending(self.tokens + other.tokens, self.cost + other.cost)

    def __sub__(self, other: "Spending") -> "Spending":
        return Spending(self.tokens - other.tokens, self.cost - other.cost)


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that may be spent; `None` is without limit."""

    tokens: int | None = None
    cost: float | None = None

    def allows(self, spending: Spending) -> bool:
        """Whether no limit is passed."""
        return (self.tokens is None or spending.tokens <= self.tokens) and (
            self.cost is None or spending.cost <= self.cost
        )


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of a million tokens that are read, and of a million that are written."""

    input: float
    output: float

    def of(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost."""
        return (tokens_in * self.input + tokens_out * self.output) / 1_000_000


def spend(tokens_in: int, tokens_out: int, prices: Prices | None) -> Spending:
    """What a call takes."""
    return Spending(tokens_in + tokens_out, prices.of(tokens_in, tokens_out) if prices else 0.0)
