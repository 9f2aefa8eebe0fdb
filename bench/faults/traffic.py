"""People who use a service at the same time: each does one thing after the other, and what came of it is kept."""

import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import inf

import httpx2
import yaml

from bench.faults.service import NIDO

STUDY = {"study": "nido"}
LONGEST_S = 60.0


@dataclass(frozen=True)
class Visit:
    """One request: what for, when it was sent (monotonic, s), how long it took, and the status; 0 if none came."""

    what: str
    sent_s: float
    took_s: float
    status: int
    retry_after: bool = False


@dataclass
class Traffic:
    """What all people saw so far."""

    visits: list[Visit] = field(default_factory=list)

    def statuses(self) -> Counter[int]:
        """How often each status came."""
        return Counter(visit.status for visit in list(self.visits))

    def p95_ms(self, what: str) -> float:
        """The 95th percentile of the times of one thing, in ms; infinite if it was never done."""
        times_s = [visit.took_s for visit in list(self.visits) if visit.what == what]
        return (statistics.quantiles(times_s, n=20)[-1] if len(times_s) > 1 else max(times_s, default=inf)) * 1000

    def longest_gap_s(self, since_s: float) -> float:
        """Seconds from a moment to the first answer that was sent after it and came with success."""
        came = [
            visit.sent_s + visit.took_s for visit in list(self.visits) if visit.sent_s >= since_s and visit.status < 300
        ]
        return min(came, default=float("inf")) - since_s


@contextmanager
def traffic(url: str, people: int, thinking_s: float = 0.0, only: str | None = None) -> Iterator[Traffic]:
    """Let people use the service until the block ends; `only` names the one thing that they do."""
    seen, ended = Traffic(), threading.Event()
    threads = [
        threading.Thread(target=_use, args=(url, number, thinking_s, only, seen, ended)) for number in range(people)
    ]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _use(url: str, number: int, thinking_s: float, only: str | None, seen: Traffic, ended: threading.Event) -> None:
    draw = random.Random(number)  # noqa: S311
    things = {name: thing for name, thing in _THINGS.items() if only in (None, name)}
    with httpx2.Client(base_url=url, timeout=LONGEST_S) as client:
        while not ended.wait(thinking_s * draw.random()):
            what = draw.choice(list(things))
            seen.visits.append(_visit(client, what, things[what], draw))


def _visit(client: httpx2.Client, what: str, thing: "Thing", draw: random.Random) -> Visit:
    sent_s, status, told = time.monotonic(), 0, False
    with suppress(httpx2.TransportError):
        response = thing(client, draw)
        status, told = response.status_code, "Retry-After" in response.headers
    return Visit(what, sent_s, time.monotonic() - sent_s, status, told)


Thing = Callable[[httpx2.Client, random.Random], httpx2.Response]


def _questions() -> Sequence[str]:
    return [each["question"] for each in yaml.safe_load((NIDO / "gold.yaml").read_text("utf-8"))["questions"]]


_QUESTIONS = _questions()
_LISTS = ("interviews", "participants", "codebook", "insights", "hypotheses", "segments", "studies")
_WORDS = ("Bank", "App", "dinero", "Konto", "Gebühr", "ahorro", "trust")
_THINGS: dict[str, Thing] = {
    "ask": lambda client, draw: client.post("/v1/answers", json={"question": draw.choice(_QUESTIONS)} | STUDY),
    "list": lambda client, draw: client.get(f"/v1/{draw.choice(_LISTS)}", params=STUDY),
    "quotes": lambda client, draw: client.get("/v1/quotes", params={"q": draw.choice(_WORDS)} | STUDY),
    "picture": lambda client, draw: client.get(
        f"/v1/{draw.choice(('matrix', 'saturation', 'economics'))}", params=STUDY
    ),
    "page": lambda client, _: client.get("/", params=STUDY),
}
