"""What one answer may use of the chat model: time and tokens, until it is cancelled."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.chat_failures import ChatError
from app.chat_spending import Budget, Spending
from app.settings import Settings


class Cancellation(threading.Event):
    """An event that ends what is under way at the moment it is set."""

    def __init__(self) -> None:
        super().__init__()
        self._guard = threading.Lock()
        self._ends: list[Callable[[], object]] = []

    def set(self) -> None:
        """Cancel, now and for good."""
        super().set()
        with self._guard:
            ends = tuple(self._ends)
        for end in ends:
            end()

    @contextmanager
    def ends(self, end: Callable[[], object]) -> Iterator[None]:
        """Call `end` when this is set within the block, or was before."""
        with self._guard:
            self._ends.append(end)
        try:
            if self.is_set():
                end()
            yield
        finally:
            with self._guard:
                self._ends.remove(end)


class Allowance:
    """One per answer, shared by all its calls, also by those at the same time.

    `deadline_s` is on the clock of `time.monotonic`; `charge_to` is whose daily budget the tokens come from.
    """

    def __init__(
        self, deadline_s: float, budget: Budget, charge_to: str, cancelled: Cancellation | None = None
    ) -> None:
        self.deadline_s = deadline_s
        self.charge_to = charge_to
        self.cancelled = cancelled or Cancellation()
        self._budget = budget
        self._spent = Spending()
        self._guard = threading.Lock()

    @property
    def left_s(self) -> float:
        """Seconds until the deadline; never negative."""
        return max(0.0, self.deadline_s - time.monotonic())

    @property
    def spent(self) -> Spending:
        """What is used or reserved."""
        return self._spent

    def check(self) -> None:
        """Make sure that there is a point in asking.

        Raises:
            ChatError: the answer was cancelled, or its time is over.
        """
        if self.cancelled.is_set():
            raise ChatError("cancelled")
        if self.left_s <= 0:
            raise ChatError("timeout")

    def reserve(self, most: Spending) -> None:
        """Set aside what a call may need at most.

        Raises:
            ChatError: there is not as much left.
        """
        with self._guard:
            if not self._budget.allows(self._spent + most):
                raise ChatError("budget")
            self._spent += most

    def settle(self, reserved: Spending, used: Spending) -> None:
        """Give back what a call did not need."""
        with self._guard:
            self._spent += used - reserved


def grant_allowance(settings: Settings, charge_to: str, cancelled: Cancellation | None = None) -> Allowance:
    """Start the clock of one answer, with the configured time, tokens and cost."""
    budget = Budget(settings.chat_tokens_per_answer, settings.chat_cost_per_answer)
    return Allowance(time.monotonic() + settings.chat_timeout_s, budget, charge_to, cancelled)
