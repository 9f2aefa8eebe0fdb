"""What an answer costs beside the chat model's own time, and what a crowd does to it.

Run by `python -m bench.chat [--delay 5] [--crowd 100] [--json]`, with the scripted provider of the tests as a process
of its own. The service, the provider, the database and the clients share the machine. A run above a load of 2.5 before
the crowd comes is void.

- overhead: an answer over HTTP less the time that the provider took for its calls, one question after another;
- first event: the first SSE event with a chat model, over a whole answer of the same question without one;
- crowd: that many streamed questions at once, after two that only warm up; from sending to `done`, over the provider's
  time for the calls of each.
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx2
import yaml

from app.services import open_services
from app.settings import Settings
from ingest.pipeline import ingest_study

ROOT = Path(__file__).resolve().parent.parent
NIDO = ROOT / "examples" / "nido"
HIGHEST_LOAD = 2.5
SHORT_DELAY_S = 0.2
_ADDRESS = re.compile(r"http://[^\s;]+")
VERBATIM = str(Path(sys.executable).with_name("verbatim"))


@dataclass(frozen=True)
class ChatResult:
    """Milliseconds and ratios of one run."""

    overhead_p50_ms: float
    overhead_p95_ms: float
    first_event_over_extractive_p95: float
    crowd: int
    crowd_errors: int
    crowd_fallbacks: int
    crowd_first_event_p50_s: float
    crowd_p95_s: float
    crowd_p95_over_provider: float
    load: float
    void: bool


@dataclass(frozen=True)
class Told:
    """One streamed answer: when its first and its last event came, and how long the provider took for its calls."""

    first_s: float
    done_s: float
    provider_s: float
    fallback: str | None
    failed: bool


def main() -> None:
    """Measure and print; `--json` for machines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delay", type=float, default=5.0, help="seconds that the provider takes for a call")
    parser.add_argument("--crowd", type=int, default=100, help="questions at once")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as folder:
        values = asdict(measure(Path(folder), arguments.delay, arguments.crowd))
    lines = (
        [json.dumps(values, indent=2)] if arguments.json else [f"{name:34} {value}" for name, value in values.items()]
    )
    sys.stdout.write("\n".join(lines) + "\n")


def measure(folder: Path, delay_s: float, crowd: int) -> ChatResult:
    """Measure in a fresh data directory."""
    questions = [each["question"] for each in yaml.safe_load((NIDO / "gold.yaml").read_text("utf-8"))["questions"]]
    with open_services(Settings(data_dir=folder)) as services:
        ingest_study(NIDO, services, lambda *_: None)
        with _served(folder, None) as url:
            extractive = _each(questions, lambda question: _whole(url, question))
        with _served(folder, SHORT_DELAY_S) as url:
            alone = _each(questions, lambda question: asyncio.run(_ask_all(url, [question], SHORT_DELAY_S))[0])
        load = os.getloadavg()[0]
        with _served(folder, delay_s) as url:
            asyncio.run(_ask_all(url, questions[:2], delay_s))
            crowded = asyncio.run(_ask_all(url, [questions[n % len(questions)] for n in range(crowd)], delay_s))
    overheads_ms = [(told.done_s - told.provider_s) * 1000 for told in alone]
    return ChatResult(
        overhead_p50_ms=round(statistics.median(overheads_ms), 1),
        overhead_p95_ms=round(_p95(overheads_ms), 1),
        first_event_over_extractive_p95=round(_p95([told.first_s for told in alone]) / _p95(extractive), 2),
        crowd=crowd,
        crowd_errors=sum(told.failed for told in crowded),
        crowd_fallbacks=sum(told.fallback is not None for told in crowded),
        crowd_first_event_p50_s=round(statistics.median(told.first_s for told in crowded), 2),
        crowd_p95_s=round(_p95([told.done_s for told in crowded]), 2),
        crowd_p95_over_provider=round(_p95([told.done_s / told.provider_s for told in crowded]), 2),
        load=round(load, 2),
        void=load > HIGHEST_LOAD,
    )


def _each(questions: Sequence[str], ask: Callable[[str], Any]) -> list[Any]:
    """Ask one after another; the first ones only warm up."""
    for question in questions[:10]:
        ask(question)
    return [ask(question) for question in questions]


@contextmanager
def _served(folder: Path, delay_s: float | None) -> Iterator[str]:
    """Serve the study; with a delay, by a chat model that takes so long for each call."""
    environment = {
        **os.environ,
        "VERBATIM_DATA_DIR": str(folder),
        "VERBATIM_PORT": "0",
        "VERBATIM_LOG_LEVEL": "warning",
    }
    with ExitStack() as started:
        if delay_s is not None:
            program = [
                sys.executable,
                str(ROOT / "tests" / "scripted_rules.py"),
                "--port",
                "0",
                "--delay",
                str(delay_s),
            ]
            provider = started.enter_context(_started(program, environment))
            environment |= {"VERBATIM_CHAT_MODEL": "openai:scripted", "VERBATIM_CHAT_BASE_URL": provider}
        yield started.enter_context(_started([VERBATIM, "serve"], environment))


@contextmanager
def _started(command: Sequence[str], environment: dict[str, str]) -> Iterator[str]:
    """Start a server, and give the address that it writes to stderr once it can be reached."""
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 our own
        try:
            found = (_ADDRESS.search(line) for line in process.stderr or ())
            yield next(address[0] for address in found if address)
        finally:
            process.terminate()


def _whole(url: str, question: str) -> float:
    """Seconds of a whole answer."""
    start_s = time.perf_counter()
    httpx2.post(f"{url}/v1/answers", json={"question": question, "study": "nido"}).raise_for_status()
    return time.perf_counter() - start_s


async def _ask_all(url: str, questions: Sequence[str], delay_s: float) -> list[Told]:
    limits = httpx2.Limits(max_connections=len(questions))
    async with httpx2.AsyncClient(timeout=120, limits=limits) as client:
        return list(await asyncio.gather(*(_ask(client, url, question, delay_s) for question in questions)))


async def _ask(client: httpx2.AsyncClient, url: str, question: str, delay_s: float) -> Told:
    start_s = time.perf_counter()
    first_s, answer = 0.0, None
    async with client.stream(
        "POST",
        f"{url}/v1/answers",
        json={"question": question, "study": "nido"},
        headers={"Accept": "text/event-stream"},
    ) as response:
        async for name, data in _events(response):
            first_s = first_s or time.perf_counter() - start_s
            answer = json.loads(data) if name == "answer" else answer
    done_s = time.perf_counter() - start_s
    calls = answer["provenance"]["calls"] if answer else 0
    fallback = answer["provenance"]["fallback"] if answer else None
    return Told(first_s, done_s, max(calls, 1) * delay_s, fallback, answer is None)


async def _events(response: httpx2.Response) -> AsyncIterator[tuple[str, str]]:
    name = ""
    async for line in response.aiter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, value


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main()
