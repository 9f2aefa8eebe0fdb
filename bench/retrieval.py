"""How fast and how complete retrieval is: beside its own SQL, beside an exact scan, beside what others offer.

Run by `python -m bench.retrieval DATA [--small DATA] [--peers bench/.venv/bin/python]`: DATA is a data directory that
`python -m bench.corpus` filled. Peers are measured on the same cluster, by their own process.
"""

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import httpx2
import yaml
from sqlalchemy import text

from app.answering.find import Stopwatch, find, read_question, read_scope
from app.answering.retrieve import Hit, Query, search
from app.answering.schemas import Question
from app.library.quotes import search_quotes
from app.scope import Filters
from app.services import Services, open_services
from app.settings import Settings
from bench.corpus import LANGUAGES, NIDO, sentences_of
from bench.protocol import Measured, interleave, load, over_rounds, percentile, ratio, write_results
from bench.replay import bare_connection, recorded, replay
from bench.spine import serving

TOP = 10
DRAWN_EACH = 15
COMMON_WORDS = 6
COMMON_EACH = 5
CLIENTS = 16
PEERS = ("langchain-psycopg", "langchain-asyncpg", "llama-index", "plain-pgvector", "plain-text")
ALL_ROWS = 1_000_000_000


@dataclass(frozen=True)
class Installation:
    """A loaded study with its opened services."""

    services: Services
    slug: str
    passages: int
    folder: Path


@dataclass
class Peer:
    """Another system in its own process; `times` are those that it measured itself."""

    process: "subprocess.Popen[str]"
    services: Services
    times: list[float] = field(default_factory=list)
    errors: int = 0

    def ask(self, question: str, filters: dict[str, str] | None = None) -> list[str]:
        """Ask it the question with its vector; gives the ids that it found."""
        vector = self.services.embedder.embed_questions([question])[0].tolist()
        line = json.dumps({"text": question, "vector": vector, "filter": filters or {}})
        if self.process.stdin is None or self.process.stdout is None:
            raise ValueError("a peer needs both of its pipes")
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.times.append(answer["ms"])
        self.errors += answer["error"] is not None
        return list(answer["ids"])


class Ask(Protocol):
    """A system that is asked: its question leads to the ids of utterances."""

    def __call__(self, question: str, filters: dict[str, str] | None = None) -> list[str]:
        """Find utterances, of one person where `filters` say so."""
        ...


@contextmanager
def installation(folder: Path, slug: str) -> Iterator[Installation]:
    """Open a loaded data directory, its statistics fresh and its tables read once."""
    with open_services(Settings(data_dir=folder)) as services:
        with services.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            passages = connection.scalar(text("SELECT count(*) FROM passage WHERE embedding IS NOT NULL")) or 0
        yield Installation(services, slug, passages, folder)


@contextmanager
def peer(name: str, python: Path, services: Services) -> Iterator[Peer]:
    """Start a peer on the database of these services."""
    url = services.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [str(python), "-m", "bench.peers", name, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        yield Peer(process, services)
        if process.stdin:
            process.stdin.close()


def questions_for(place: Installation) -> list[str]:
    """Questions of the gold file, sentences as people say them, and handfuls of the most common words of a language."""
    gold = yaml.safe_load((NIDO / "gold.yaml").read_text(encoding="utf-8"))["questions"]
    asked = [each["question"] for each in gold]
    for language in LANGUAGES:
        sentences = sentences_of(language)[0]
        asked += sentences[:: len(sentences) // DRAWN_EACH][:DRAWN_EACH]
    return asked + common_questions(place)


def common_questions(place: Installation) -> list[str]:
    """Six of the most common words each."""
    statement = text("SELECT lexeme FROM lexeme WHERE language = :language ORDER BY passages DESC LIMIT 30")
    asked = []
    with place.services.database.sessions() as session:
        for language in LANGUAGES:
            words = list(session.scalars(statement, {"language": language}))
            asked += [" ".join(words[start::COMMON_EACH][:COMMON_WORDS]) for start in range(COMMON_EACH)]
    return asked


def hybrid(place: Installation) -> Ask:
    """What the product does in one process from a question to its ranked candidates."""

    def ask(question: str, filters: dict[str, str] | None = None) -> list[str]:
        people = tuple((filters or {}).values())
        wanted = Question(question=question, study=place.slug, filters=Filters(participants=people))
        with place.services.database.sessions.begin() as session:
            found = find(session, wanted, place.services, TOP, Stopwatch())
        return [str(item.candidate.utterance_id) for item in found.ranked]

    return ask


def over_http(client: httpx2.Client, place: Installation) -> Callable[[str], httpx2.Response]:
    """The service asked for as many quotes as the other systems find."""

    def ask(question: str) -> httpx2.Response:
        return client.get("/v1/quotes", params={"q": question, "study": place.slug, "limit": TOP}).raise_for_status()

    return ask


def beside_sql(place: Installation, questions: Sequence[str], rounds: int) -> list[Measured]:
    """HTTP beside the very statements that it runs: goal 1; and many clients beside one: goal 15."""
    statements = {question: _statements(place, question) for question in questions}
    with (
        serving({"VERBATIM_DATA_DIR": str(place.folder)}) as client,
        bare_connection(place.services.database.engine) as connection,
    ):
        systems: dict[str, Callable[[str], object]] = {
            "http": over_http(client, place),
            "sql": lambda question: replay(connection, statements[question]),
        }
        times = interleave(systems, questions, rounds)
        one_process = _throughput(client, place, questions)
    with serving({"VERBATIM_DATA_DIR": str(place.folder)}, "--processes", "2") as client:
        two_processes = _throughput(client, place, questions)
    return [
        Measured("retrieval over HTTP (`GET /v1/quotes?q=`), p50", over_rounds(times["http"], 50), "ms"),
        Measured("the same, p95", over_rounds(times["http"], 95), "ms"),
        Measured("1: p95 HTTP ÷ its SQL", str(ratio(times["http"], times["sql"], 95)), goal="≤ 1.5"),
        *(
            measured
            for name, (alone, crowd, errors) in {"": one_process, ", two processes": two_processes}.items()
            for measured in (
                Measured(f"15: throughput of 16 clients ÷ one{name}", crowd / alone, goal="≥ 1.5"),
                Measured(f"15: errors among them{name}", errors, goal="0"),
            )
        ),
    ]


def _statements(place: Installation, question: str) -> list[tuple[str, Any]]:
    with recorded(place.services.database.engine) as seen, place.services.database.sessions.begin() as session:
        search_quotes(session, Question(question=question, study=place.slug), TOP, place.services)
    return seen


def _throughput(client: httpx2.Client, place: Installation, questions: Sequence[str]) -> tuple[float, float, int]:
    """Questions a second of one client and of sixteen, and how many of these failed."""
    errors: list[int] = []

    def ask(own: Sequence[str]) -> None:
        with httpx2.Client(base_url=client.base_url, timeout=60) as one:
            get = over_http(one, place)
            for question in own:
                try:
                    get(question)
                except httpx2.HTTPError:
                    errors.append(1)

    rates = []
    for clients in (1, CLIENTS):
        threads = [threading.Thread(target=ask, args=(questions[n::clients],)) for n in range(clients)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rates.append(len(questions) / (time.perf_counter() - start))
    return rates[0], rates[1], len(errors)


def completeness(place: Installation, questions: Sequence[str]) -> list[Measured]:
    """Lists under filters beside exact ones: goals 5, 6 and 8."""
    found: list[Measured] = []
    unfiltered: list[float] = []
    slowest = 0.0
    for name, filters in filters_of(place).items():
        times, recalls, short, rows = _completeness(place, questions, filters)
        p95 = percentile(times, 95)
        if not unfiltered:
            unfiltered = [p95]
        slowest = max(slowest, p95 / unfiltered[0])
        exact = rows <= place.services.settings.exact_scan_rows
        goal = "1.000" if exact else ("≥ 0.98" if name == "no filter" else "≥ 0.99")
        found.append(
            Measured(
                f"5, 8: R@10 of the dense list, {name}: {rows:,} passages",
                f"{min(recalls):.3f} at worst, {statistics.mean(recalls):.4f}",
                goal=goal,
            )
        )
        found.append(Measured(f"short lists, {name}", short, goal="0"))
    found.append(Measured("6: p95 of the slowest filter ÷ none", slowest, goal="≤ 2"))
    return found


def filters_of(place: Installation) -> dict[str, Filters]:
    """Filters that leave ever fewer passages, and some that narrow each other."""
    with place.services.database.sessions() as session:
        people = list(session.scalars(text("SELECT code FROM participant ORDER BY code")))
    return {
        "no filter": Filters(),
        "half": Filters(languages=("de",)),
        "a tenth": Filters(participants=tuple(people[:100][: max(1, len(people) // 10)])),
        "a hundredth": Filters(participants=tuple(people[: max(1, len(people) // 100)])),
        "one person": Filters(participants=(people[0],)),
        "language and segment": Filters(languages=("es",), segments=("careful",)),
        "segment, language and kind": Filters(languages=("en",), segments=("starter",), kinds=("anxiety",)),
        "one person and kind": Filters(participants=(people[1],), kinds=("problem",)),
    }


def _completeness(
    place: Installation, questions: Sequence[str], filters: Filters
) -> tuple[list[float], list[float], int, int]:
    times, recalls, short, rows = [], [], 0, 0
    for question in questions:
        with place.services.database.sessions.begin() as session:
            query = _query(session, place, question, filters)
            start = time.perf_counter()
            hits = search(session, query)
            times.append((time.perf_counter() - start) * 1000)
            exact = search(session, replace(query, exact_scan_rows=ALL_ROWS))
            ours, true = (_nearest(found) for found in (hits, exact))
            held = sum(hit.dense_rank > 0 for hit in hits)
        rows = query.scope_rows
        recalls.append(len(ours & true) / len(true) if true else 1.0)
        short += held < min(query.depth, sum(hit.dense_rank > 0 for hit in exact))
    return times, recalls, short, rows


def _query(session: Any, place: Installation, question: str, filters: Filters) -> Query:
    vocabulary, understanding = read_question(session, Question(question=question, study=place.slug, filters=filters))
    vector = place.services.embedder.embed_questions([understanding.matter])[0]
    scope = read_scope(session, vocabulary, filters, place.services)
    return scope.query(understanding.matter, vector, understanding)


def _nearest(hits: Sequence[Hit]) -> set[object]:
    return {each.utterance_id for each in hits if 0 < each.dense_rank <= TOP}


def beside_peers(place: Installation, questions: Sequence[str], rounds: int, python: Path) -> list[Measured]:
    """In one process and over HTTP, beside others' hybrid searches and Postgres by hand: goals 2, 3 and 4."""
    with ExitStack() as opened:
        peers = {name: opened.enter_context(peer(name, python, place.services)) for name in PEERS}
        client = opened.enter_context(serving({"VERBATIM_DATA_DIR": str(place.folder)}))
        found: dict[str, Ask] = {name: each.ask for name, each in peers.items()} | {"ours": hybrid(place)}
        systems: dict[str, Callable[[str], object]] = {**found}
        systems["http"] = over_http(client, place)
        times = interleave(systems, questions, rounds)
        for name, each in peers.items():  # what they measured, without the pipe between
            own = each.times[-rounds * len(questions) :]
            times[name] = [own[start : start + len(questions)] for start in range(0, len(own), len(questions))]
        fastest = min(PEERS[:2], key=lambda name: over_rounds(times[name], 50))
        person = filters_of(place)["one person"].participants[0]
        return [
            *(
                Measured(f"{name}, p50 / p95", f"{over_rounds(own, 50):.1f} / {over_rounds(own, 95):.1f}", "ms")
                for name, own in times.items()
            ),
            Measured("2: p50 in process ÷ LangChain", str(ratio(times["ours"], times[fastest], 50)), goal="≤ 0.4"),
            Measured("3: p50 HTTP ÷ LangChain in process", str(ratio(times["http"], times[fastest], 50)), goal="≤ 0.8"),
            Measured("4: p50 in process ÷ LlamaIndex", str(ratio(times["ours"], times[PEERS[2]], 50)), goal="≤ 0.5"),
            Measured(
                "4: p95 in process ÷ LlamaIndex", str(ratio(times["ours"], times[PEERS[2]], 95)), goal="≤ 0.1 at 200 k"
            ),
            *(
                Measured(f"5: {name}, R@10 of the nearest vectors, {whose}", _recall(place, ask, questions, of))
                for name, ask in found.items()
                for whose, of in (("no filter", None), ("one person", person))
            ),
            *(Measured(f"{name}, questions that failed", each.errors) for name, each in peers.items()),
        ]


_NEAREST = text("""
SELECT CAST(utterance_id AS text) FROM passage JOIN participant ON participant.id = participant_id
WHERE participant.code = coalesce(:person, participant.code)
ORDER BY embedding <=> CAST(:vector AS halfvec) FETCH FIRST 10 ROWS WITH TIES
""")


def _recall(place: Installation, ask: Ask, questions: Sequence[str], person: str | None) -> str:
    """R@10 beside the nearest vectors, and how many a system gives of ten, on average."""
    recalls, given = [], []
    for question in questions:
        vector = place.services.embedder.embed_questions([question])[0].tolist()
        with place.services.database.sessions() as session:
            nearest = set(session.scalars(_NEAREST, {"vector": str(vector), "person": person}))
        ids = ask(question, {"participant": person} if person else {})
        recalls.append(len(nearest.intersection(ids)) / min(TOP, len(nearest)))
        given.append(len(ids))
    return f"{statistics.mean(recalls):.3f}, {statistics.mean(given):.1f} given"


def growth(large: Installation, small: Installation, questions: Sequence[str], rounds: int) -> list[Measured]:
    """The same questions in a large study and in a small one: goal 7."""
    systems = {"large": hybrid(large), "small": hybrid(small)}
    times = interleave(systems, questions, rounds)
    common = interleave(systems, common_questions(large), rounds)
    sizes = f"{large.passages:,} passages ÷ {small.passages:,}"
    return [
        Measured(
            f"7: p95 hybrid, {sizes}", str(ratio(times["large"], times["small"], 95)), goal="≤ 3 (200 k), ≤ 6 (1 M)"
        ),
        Measured(
            f"7: p95, six common words, {sizes}", str(ratio(common["large"], common["small"], 95)), goal="≤ 3, ≤ 6"
        ),
        Measured("p95 hybrid, large", over_rounds(times["large"], 95), "ms"),
        Measured("p95 hybrid, small", over_rounds(times["small"], 95), "ms"),
    ]


def main() -> None:
    """Measure what is wanted; print tables, keep JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--small", type=Path, help="a smaller study, for how times grow")
    parser.add_argument("--peers", type=Path, help="python of the environment with bench/requirements.txt")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--study", default="bench")
    parser.add_argument("--only", nargs="+", choices=("sql", "filters", "peers", "growth"), help="these families alone")
    arguments = parser.parse_args()
    with ExitStack() as opened:
        place = opened.enter_context(installation(arguments.data, arguments.study))
        questions = questions_for(place)[-arguments.questions :]
        families: dict[str, Callable[[], list[Measured]]] = {
            "sql": lambda: beside_sql(place, questions, arguments.rounds),
            "filters": lambda: completeness(place, questions),
        }
        if arguments.peers:
            families["peers"] = lambda: beside_peers(place, questions, arguments.rounds, arguments.peers)
        if arguments.small:
            small = opened.enter_context(installation(arguments.small, arguments.study))
            families["growth"] = lambda: growth(place, small, questions, arguments.rounds)
        if missing := set(arguments.only or ()).difference(families):
            parser.error(f"{', '.join(sorted(missing))}: give --peers, or --small, too")
        for family in arguments.only or families:
            measure = families[family]
            before = load()
            measured = measure()
            name = f"retrieval-{family}-{place.passages}"
            sys.stdout.write(f"\n{name}: " + write_results(name, measured, max(before, load())))


if __name__ == "__main__":
    main()
