"""What the chat model has cost: tokens and money by day and by whose key, and the budget of a day."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from sqlalchemy import and_
from sqlalchemy.dialects.postgresql import insert

from app.chat_failures import ChatError
from app.chat_spending import Budget, Prices, Spending, spend
from app.database import Database
from app.models import ChatUsage


@dataclass
class Usage:
    """Tokens that were used, added up while they are."""

    prices: Prices | None = None
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def spending(self) -> Spending:
        """All of them, and what they cost."""
        return spend(self.tokens_in, self.tokens_out, self.prices)

    def add(self, more: "Usage") -> None:
        """Add another use."""
        self.tokens_in += more.tokens_in
        self.tokens_out += more.tokens_out


class Ledger(Protocol):
    """Where tokens are charged."""

    def reserved(self, charge_to: str, most: Spending, usage: Usage) -> AbstractContextManager[None]:
        """Set aside what may be needed within the block, and charge what `usage` says at its end."""


@dataclass(frozen=True)
class UsageLedger:
    """Charges tokens in the database, in short transactions of its own; `budget` is that of one key a day (UTC).

    What a process set aside that was killed stays so until the day is over.
    """

    database: Database
    budget: Budget

    @contextmanager
    def reserved(self, charge_to: str, most: Spending, usage: Usage) -> Iterator[None]:
        """Set aside what may be needed within the block, and charge what `usage` says at its end.

        Raises:
            ChatError: the budget of the day does not have as much left.
        """
        day = datetime.now(UTC).date()
        set_aside = most if self.budget != Budget() else Spending()
        if set_aside.tokens:
            self._reserve(charge_to, day, set_aside)
        try:
            yield
        finally:
            self._settle(charge_to, day, set_aside, usage)

    def _reserve(self, charge_to: str, day: date, most: Spending) -> None:
        if not self.budget.allows(most):
            raise ChatError("budget")
        tokens = ChatUsage.tokens_in + ChatUsage.tokens_out + ChatUsage.tokens_reserved + most.tokens
        cost = ChatUsage.cost + ChatUsage.cost_reserved + most.cost
        limits = [taken <= limit for taken, limit in ((tokens, self.budget.tokens), (cost, self.budget.cost)) if limit]
        aside = {"tokens_reserved": most.tokens, "cost_reserved": most.cost}
        statement = insert(ChatUsage).values(charge_to=charge_to, day=day, **aside)
        statement = statement.on_conflict_do_update(
            index_elements=[ChatUsage.charge_to, ChatUsage.day],
            set_={name: getattr(ChatUsage, name) + more for name, more in aside.items()},
            where=and_(*limits),
        )
        with self.database.sessions.begin() as session:
            if session.scalar(statement.returning(ChatUsage.day)) is None:
                raise ChatError("budget")

    def _settle(self, charge_to: str, day: date, set_aside: Spending, usage: Usage) -> None:
        used = {
            "tokens_in": usage.tokens_in,
            "tokens_out": usage.tokens_out,
            "cost": usage.spending.cost,
            "calls": 1,
        }
        statement = insert(ChatUsage).values(charge_to=charge_to, day=day, **used)
        statement = statement.on_conflict_do_update(
            index_elements=[ChatUsage.charge_to, ChatUsage.day],
            set_={
                "tokens_reserved": ChatUsage.tokens_reserved - set_aside.tokens,
                "cost_reserved": ChatUsage.cost_reserved - set_aside.cost,
                **{name: getattr(ChatUsage, name) + more for name, more in used.items()},
            },
        )
        with self.database.sessions.begin() as session:
            session.execute(statement)
