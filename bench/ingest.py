"""How fast studies come in, beside what Postgres allows, beside LangChain's loader; and what questions feel of it.

Run by `python -m bench.ingest [--utterances 5000] [--peers bench/.venv/bin/python] [--live DATA]`: everything happens
in databases of its own, but for `--live`, where an interview is added to a loaded study while questions are asked.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import text

from app.language import load_identifier
from app.services import Services, open_services
from app.settings import Settings
from bench.corpus import TURNS_EACH, Corpus, make_corpus, transcript_of, write_study
from bench.protocol import Measured, load, percentile, write_results
from bench.replay import bare_connection
from bench.retrieval import hybrid, installation, questions_for
from bench.spine import VERBATIM
from ingest.pipeline import ingest_study, round_off

_COPIED = ("utterance", "passage")
_COPY = """
CREATE SCHEMA bare;
CREATE TABLE bare.utterance (LIKE public.utterance INCLUDING GENERATED INCLUDING CONSTRAINTS);
CREATE TABLE bare.passage (LIKE public.passage);
"""
_INDEXES = """
ALTER TABLE bare.utterance ADD PRIMARY KEY (id);
ALTER TABLE bare.passage ADD PRIMARY KEY (utterance_id);
CREATE INDEX ON bare.utterance (transcript_id, index);
CREATE INDEX ON bare.utterance (interview_id);
CREATE INDEX ON bare.utterance USING gin (words) WHERE role = 'participant';
CREATE INDEX ON bare.passage (study_id, participant_id, language);
"""


def bulk(utterances: int, peers: Path | None) -> list[Measured]:
    """From files to published interviews, beside COPY of the very same rows with their indexes: goal 9."""
    corpus = make_corpus(utterances)
    load_identifier()
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as folder:
        data, study = Path(folder, "data"), Path(folder, "study")
        write_study(corpus, study)
        with open_services(Settings(data_dir=data)) as services:
            with _timed() as ours:
                ingest_study(study, services, lambda *_: None)
            dimension = services.embedder.identity.dimension
            rates = {with_index: _copied(services, dimension, with_index=with_index) for with_index in (False, True)}
            with _timed() as index:
                round_off(_study_id(services), services)
            theirs = _langchain(services, peers) if peers else None
    own = corpus.utterances / ours[0]
    measured = [
        Measured("utterances a second, from files to published, one process", own),
        Measured("COPY of the same rows, text search and indexes, without HNSW", rates[False]),
        Measured("the same with HNSW", rates[True]),
        Measured("9: end to end ÷ COPY with text search, indexes and HNSW", own / rates[True], goal="≥ 0.6"),
        Measured("9: the same without HNSW", own / rates[False], goal="≥ 0.2"),
        Measured("indexing, counting words and calibrating once more", index[0], "s"),
    ]
    if theirs:
        measured.append(Measured("LangChain's loader (`aadd_texts`), documents a second, without an index", theirs))
        passages = own * _share_of_passages(corpus)
        measured.append(Measured("9: passages a second ÷ LangChain's loader", passages / theirs, goal="≥ 4"))
    return measured


def _copied(services: Services, dimension: int, *, with_index: bool) -> float:
    """Utterances a second of COPY into bare tables, then indexes."""
    with bare_connection(services.database.engine) as connection:
        connection.execute(_COPY)
        copied = {table: _rows(connection, table) for table in _COPIED}
        rows = connection.execute("SELECT count(*) FROM utterance").fetchone() or (0,)
        start = time.perf_counter()
        for table, (columns, data) in copied.items():
            with connection.cursor().copy(f"COPY bare.{table} ({columns}) FROM STDIN (FORMAT binary)") as copy:
                copy.write(data)
        connection.execute(_INDEXES)
        if with_index:
            cast = f"CAST(embedding AS halfvec({dimension}))"
            connection.execute(f"CREATE INDEX ON bare.passage USING hnsw (({cast}) halfvec_cosine_ops)")
        taken = time.perf_counter() - start
        connection.rollback()
    return int(rows[0]) / taken


def _rows(connection: psycopg.Connection, table: str) -> tuple[str, bytes]:
    statement = (
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
        "WHERE attrelid = CAST(%s AS regclass) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    )
    columns = str((connection.execute(statement, [f"public.{table}"]).fetchone() or ("",))[0])
    with connection.cursor().copy(f"COPY (SELECT {columns} FROM public.{table}) TO STDOUT (FORMAT binary)") as copy:  # noqa: S608
        return columns, b"".join(bytes(block) for block in copy)


def _langchain(services: Services, python: Path) -> float:
    url = services.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [str(python), "-m", "bench.peers", "langchain-asyncpg", url, "--add"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 our own


def _share_of_passages(corpus: Corpus) -> float:
    said = corpus.turns(0)
    return sum(turn.role == "participant" for turn in said) / len(said)


def live(data: Path, slug: str) -> list[Measured]:
    """Questions while one interview of 250 utterances is published: goal 10."""
    with installation(data, slug) as place:
        ask, asked = hybrid(place), questions_for(place)[:80]
        idle = [_time_ms(ask, question) for question in (*asked[:20], *asked)][20:]
        busy: list[float] = []
        with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as folder:
            adding = subprocess.Popen(_addition(Path(folder), slug), env=os.environ | {"VERBATIM_DATA_DIR": str(data)})  # noqa: S603
            while adding.poll() is None:
                busy.append(_time_ms(ask, asked[len(busy) % len(asked)]))
        if adding.returncode:
            raise RuntimeError("the interview did not come in: see above")
    return [
        Measured("p95 of a question, idle", percentile(idle, 95), "ms"),
        Measured("p95 while an interview of 250 utterances comes in", percentile(busy, 95), "ms"),
        Measured("10: busy ÷ idle, p95", percentile(busy, 95) / percentile(idle, 95), goal="≤ 2"),
    ]


def _addition(folder: Path, slug: str) -> list[str]:
    """The command that adds the conversation of somebody new to a study."""
    seed = int(time.time())
    corpus, name = make_corpus(TURNS_EACH, seed=seed), f"N{seed}"
    transcript = folder / "new.vtt"
    transcript.write_text(transcript_of(corpus.turns(0), name), encoding="utf-8")
    of_whom = ["--participant", name, "--language", corpus.language(0)]
    return [VERBATIM, "ingest", str(transcript), "--study", slug, *of_whom]


def _time_ms(ask: Callable[[str], object], question: str) -> float:
    start = time.perf_counter()
    ask(question)
    return (time.perf_counter() - start) * 1000


@contextmanager
def _timed() -> Iterator[list[float]]:
    start, taken = time.perf_counter(), [0.0]
    yield taken
    taken[0] = time.perf_counter() - start


def _study_id(services: Services) -> uuid.UUID:
    with services.database.sessions() as session:
        return uuid.UUID(str(session.scalar(text("SELECT id FROM study LIMIT 1"))))


def main() -> None:
    """Measure what is wanted; print tables, keep JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--utterances", type=int, default=5_000)
    parser.add_argument("--peers", type=Path, help="python of the environment with bench/requirements.txt")
    parser.add_argument("--live", type=Path, help="a loaded data directory")
    parser.add_argument("--study", default="bench")
    arguments = parser.parse_args()
    before = load()
    measured = bulk(arguments.utterances, arguments.peers)
    sys.stdout.write(write_results(f"ingest-{arguments.utterances}", measured, max(before, load())))
    if arguments.live:
        before = load()
        measured = live(arguments.live, arguments.study)
        sys.stdout.write(write_results("ingest-live", measured, max(before, load())))


if __name__ == "__main__":
    main()
