"""What the chat model has cost: tokens by day and by whose key, and the budget of a day."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from sqlalchemy.dialects.postgresql import insert

from app.chat_failures import ChatError
from app.database import Database
from app.models import ChatUsage


@dataclass
class Usage:
    """Tokens that were used, added up while they are."""

    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def tokens(self) -> int:
        """Both together."""
        return self.tokens_in + self.tokens_out

    def add(self, more: "Usage") -> None:
        """Add another use."""
        self.tokens_in += more.tokens_in
        self.tokens_out += more.tokens_out


class Ledger(Protocol):
    """Where tokens are charged."""

    def reserved(self, charge_to: str, tokens: int, usage: Usage) -> AbstractContextManager[None]:
        """Set tokens aside within the block, and charge what `usage` says at its end."""


@dataclass(frozen=True)
class UsageLedger:
    """Charges tokens in the database, in short transactions of its own; `limit` is the budget of one key a day (UTC).

    Tokens set aside by a process that was killed stay so until the day is over.
    """

    database: Database
    limit: int | None

    @contextmanager
    def reserved(self, charge_to: str, tokens: int, usage: Usage) -> Iterator[None]:
        """Set tokens aside within the block, and charge what `usage` says at its end.

        Raises:
            ChatError: the budget of the day does not have as many left.
        """
        day = datetime.now(UTC).date()
        set_aside = 0 if self.limit is None else tokens
        if self.limit is not None:
            self._reserve(charge_to, day, tokens, self.limit)
        try:
            yield
        finally:
            self._settle(charge_to, day, set_aside, usage)

    def _reserve(self, charge_to: str, day: date, tokens: int, limit: int) -> None:
        if tokens > limit:
            raise ChatError("budget")
        taken = ChatUsage.tokens_in + ChatUsage.tokens_out + ChatUsage.tokens_reserved + tokens
        statement = insert(ChatUsage).values(charge_to=charge_to, day=day, tokens_reserved=tokens)
        statement = statement.on_conflict_do_update(
            index_elements=[ChatUsage.charge_to, ChatUsage.day],
            set_={"tokens_reserved": ChatUsage.tokens_reserved + tokens},
            where=taken <= limit,
        )
        with self.database.sessions.begin() as session:
            if session.scalar(statement.returning(ChatUsage.day)) is None:
                raise ChatError("budget")

    def _settle(self, charge_to: str, day: date, set_aside: int, usage: Usage) -> None:
        used = {"tokens_in": usage.tokens_in, "tokens_out": usage.tokens_out, "calls": 1}
        statement = insert(ChatUsage).values(charge_to=charge_to, day=day, tokens_reserved=0, **used)
        statement = statement.on_conflict_do_update(
            index_elements=[ChatUsage.charge_to, ChatUsage.day],
            set_={
                "tokens_reserved": ChatUsage.tokens_reserved - set_aside,
                **{name: getattr(ChatUsage, name) + more for name, more in used.items()},
            },
        )
        with self.database.sessions.begin() as session:
            session.execute(statement)
