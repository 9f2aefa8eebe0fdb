"""How fast the spine is on this machine: ingest and its models, questions, answers beside their SQL, a first answer.

Run by `python -m bench.spine [--rounds 5]`. Everything happens in a database of its own in a temporary folder. HTTP and
SQL rounds alternate; the ratio is the median over rounds of p95 HTTP ÷ p95 SQL. A run above a load of 2.5 is void.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2
import yaml

from app.answering.answer import answer_question, find_answer
from app.answering.schemas import Question
from app.services import Services, open_services
from app.settings import Settings
from bench.replay import Statement, bare_connection, recorded, replay
from bench.utterances import utterances_per_s
from ingest.pipeline import ingest_study

ROOT = Path(__file__).resolve().parent.parent
NIDO = ROOT / "examples" / "nido"
HIGHEST_LOAD = 2.5
VERBATIM = str(Path(sys.executable).with_name("verbatim"))


@dataclass(frozen=True)
class SpineResult:
    """Seconds, milliseconds and ratios of one run."""

    ingest_s: float
    interviews: int
    understood_utterances_per_s: int
    understand_question_p95_ms: float
    answer_http_p50_ms: float
    answer_http_p95_ms: float
    answer_sql_p95_ms: float
    http_over_sql_p95: float
    first_answer_of_command_s: float
    load: float
    void: bool


def main() -> None:
    """Measure and print; `--json` for machines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as folder:
        result = measure(Path(folder), arguments.rounds)
    values = asdict(result)
    lines = (
        [json.dumps(values, indent=2)] if arguments.json else [f"{name:28} {value}" for name, value in values.items()]
    )
    sys.stdout.write("\n".join(lines) + "\n")


def measure(folder: Path, rounds: int) -> SpineResult:
    """Measure the whole spine in a fresh data directory."""
    environment = {**os.environ, "VERBATIM_DATA_DIR": str(folder)}
    with open_services(Settings(data_dir=folder)) as services:
        start = time.perf_counter()
        report = ingest_study(NIDO, services, lambda *_: None)
        ingest_s = time.perf_counter() - start
        questions = _questions()
        http, sql = [], []
        with serving(environment) as client:
            _times_ms(questions[:20], _over_http(client))
            for _ in range(rounds):
                http.append(_times_ms(questions, _over_http(client)))
                sql.append(_sql_times_ms(services, questions))
        utterance_rate = statistics.median(utterances_per_s(services, "nido") for _ in range(rounds))
        understanding = [_understanding_ms(services, question) for question in questions]
        command_s = statistics.median(_first_answer_s(environment) for _ in range(5))
    load = os.getloadavg()[0]
    return SpineResult(
        ingest_s=round(ingest_s, 2),
        interviews=len(report.interviews),
        understood_utterances_per_s=round(utterance_rate),
        understand_question_p95_ms=round(_p95(understanding), 1),
        answer_http_p50_ms=round(statistics.median(statistics.median(times) for times in http), 1),
        answer_http_p95_ms=round(statistics.median(_p95(times) for times in http), 1),
        answer_sql_p95_ms=round(statistics.median(_p95(times) for times in sql), 1),
        http_over_sql_p95=round(
            statistics.median(_p95(ours) / _p95(bare) for ours, bare in zip(http, sql, strict=True)), 2
        ),
        first_answer_of_command_s=round(command_s, 2),
        load=round(load, 2),
        void=load > HIGHEST_LOAD,
    )


def _questions() -> list[str]:
    gold = yaml.safe_load((NIDO / "gold.yaml").read_text(encoding="utf-8"))
    return [question["question"] for question in gold["questions"]]


@contextmanager
def serving(environment: dict[str, str], *options: str) -> Iterator[httpx2.Client]:
    """Serve with these variables beside our own, for as long as the context lasts."""
    port = _free_port()
    command = [VERBATIM, "serve", "--port", str(port), *options]
    with subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.DEVNULL) as process:  # noqa: S603 our own command
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                _wait_until_ready(client)
                yield client
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_until_ready(client: httpx2.Client) -> None:
    for _ in range(300):
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the service was not ready within 30 s")


def _over_http(client: httpx2.Client) -> Callable[[str], None]:
    def ask(question: str) -> None:
        client.post("/v1/answers", json={"question": question, "study": "nido"}).raise_for_status()

    return ask


def _times_ms(questions: Sequence[str], ask: Callable[[str], None]) -> list[float]:
    times = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - start) * 1000)
    return times


def _sql_times_ms(services: Services, questions: Sequence[str]) -> list[float]:
    """Time the very statements of each answer, with the same parameters, on one warm connection of the bare driver."""
    times = []
    with bare_connection(services.database.engine) as connection:
        for question in questions:
            statements, answer_id = _statements(services, question)
            connection.execute("DELETE FROM answer WHERE id = %s", [answer_id])
            connection.commit()
            start = time.perf_counter()
            replay(connection, statements)
            times.append((time.perf_counter() - start) * 1000)
    return times


def _understanding_ms(services: Services, question: str) -> float:
    """The time from a question's words to its facets and vector, reading the study's vocabulary included."""
    answer = find_answer(Question(question=question, study="nido"), services)
    return answer.provenance.timings_ms["understand"]


def _statements(services: Services, question: str) -> tuple[list[Statement], uuid.UUID]:
    """The statements that answering one question runs, and the answer that they store."""
    with recorded(services.database.engine) as statements:
        answer = answer_question(Question(question=question, study="nido"), services)
    return statements, answer.id


def _first_answer_s(environment: dict[str, str]) -> float:
    start = time.perf_counter()
    command = [VERBATIM, "ask", "--study", "nido", "What made people hesitate?"]
    subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603 our own command
    return time.perf_counter() - start


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
