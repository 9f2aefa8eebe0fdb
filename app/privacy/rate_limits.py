"""Rate limits that all replicas share: a bucket for each account in Postgres, which empties as time goes by."""

import math
from dataclasses import dataclass

from sqlalchemy import text

from app.database import Database
from app.errors import TooManyRequestsError


@dataclass(frozen=True)
class Rate:
    """How fast one account may go on: so many requests a minute, those of ten seconds (at least five) at once."""

    name: str
    per_minute: int

    @property
    def burst(self) -> int:
        """Most requests at once."""
        return max(5, self.per_minute // 6)

    @property
    def step_s(self) -> float:
        """Seconds for one request."""
        return 60 / self.per_minute

    def headers(self, busy_s: float) -> dict[str, str]:
        """The headers `RateLimit-Policy` and `RateLimit` (IETF draft), given how long the bucket takes to empty."""
        window_s = self.burst * self.step_s
        left = max(0, math.floor((window_s - busy_s) / self.step_s))
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.burst};w={math.ceil(window_s)}',
            "RateLimit": f'"{self.name}";r={left};t={math.ceil(max(busy_s, 0))}',
        }


def take_turn(database: Database, account: str, *rates: Rate) -> dict[str, str]:
    """Let an account do one thing more; gives the headers that say how much the last of these rates leaves.

    A token bucket for each rate, kept as the moment at which it would be full again (GCRA). The clock is that of the
    database, so that replicas agree; who is refused pays nothing. A crash of the database may forget a moment of it.

    Raises:
        TooManyRequestsError: it has to wait; the error says how long.
    """
    headers: dict[str, str] = {}
    with database.sessions.begin() as session:
        for rate in rates:
            window_s = rate.burst * rate.step_s
            parameters = {"account": account, "name": rate.name, "step": rate.step_s, "window": window_s}
            busy_s = session.scalar(text(_TAKE), parameters)
            if busy_s is None:
                raise _refused(rate, float(session.scalar(text(_LOOK), parameters) or 0))
            headers = rate.headers(float(busy_s))
    return headers


def _refused(rate: Rate, busy_s: float) -> TooManyRequestsError:
    wait_s = max(1, math.ceil(busy_s + rate.step_s - rate.burst * rate.step_s))
    return TooManyRequestsError(
        f"too many requests: {rate.per_minute} a minute are answered; come again in {wait_s} s",
        {"Retry-After": str(wait_s), **rate.headers(busy_s)},
    )


def forget_idle(database: Database) -> None:
    """Delete the buckets that are full again, which say no more than none at all."""
    with database.sessions.begin() as session:
        session.execute(text(_FORGET))


_NOW = "clock_timestamp()"
_TAKE = f"""
INSERT INTO rate_limit AS kept (account, name, full_at) VALUES (:account, :name, {_NOW} + :step * interval '1 s')
ON CONFLICT (account, name) DO UPDATE SET full_at = greatest(kept.full_at, {_NOW}) + :step * interval '1 s'
WHERE greatest(kept.full_at, {_NOW}) + :step * interval '1 s' <= {_NOW} + :window * interval '1 s'
RETURNING extract(epoch FROM full_at - {_NOW}), set_config('synchronous_commit', 'off', true)
"""  # noqa: S608 no value of elsewhere
_LOOK = f"""
SELECT extract(epoch FROM full_at - {_NOW}) FROM rate_limit WHERE account = :account AND name = :name
"""  # noqa: S608 no value of elsewhere
_FORGET = f"DELETE FROM rate_limit WHERE full_at <= {_NOW}"  # noqa: S608 no value of elsewhere
