"""Where faults are tried: a study in a database of its own, worker processes, and what became of it all.

Time is not waited for where that can be helped: what would have run out is set into the past.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.services import Services
from ingest.pipeline import ingest_study

ROOT = Path(__file__).resolve().parents[1]
_PROGRAMS = ROOT / "tests" / "faults"
SPEECH_MODEL = ROOT / "tests" / "fixtures" / "speech_model"
LONGEST_WAIT_S = 300
_URL = re.compile(r"http://[^\s/]+:\d+")
SPOKEN = ROOT / "tests" / "ingest" / "speech" / "de_en_es.ogg"
WORDS = "Ich hatte Angst um mein Geld, und die Bank hat wochenlang keinen einzigen meiner Briefe beantwortet."

_RESULT = (
    """
    SELECT utterance.id, transcript_id, utterance.participant_id, index, role, utterance.language, text,
      start_ms, end_ms, utterance.confidence, passage.question_id, passage.embedding::text,
      (SELECT array_agg(concat_ws(' ', code_id, tagging.start, tagging.end, polarity, author, tagging.confidence)
                        ORDER BY code_id, tagging.start) FROM tagging WHERE tagging.utterance_id = utterance.id)
    FROM utterance LEFT JOIN passage ON passage.utterance_id = utterance.id ORDER BY utterance.id
    """,
    "SELECT id, transcript_id FROM interview ORDER BY id",
    "SELECT id, version, source_sha256, fingerprint FROM transcript ORDER BY id",
    "SELECT interview_id, sha256 FROM recording ORDER BY id",
    "SELECT (SELECT count(*) FROM passage), (SELECT count(*) FROM tagging), (SELECT count(*) FROM calibration)",
)
_COUNT_PUBLICATIONS = (
    "CREATE TABLE publication (interview uuid)",
    """
    CREATE FUNCTION count_publication() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO publication VALUES (NEW.id); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER published AFTER UPDATE OF published_at ON interview FOR EACH ROW
    WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION count_publication()
    """,
)
_FORGET = (
    "DELETE FROM tagging",
    "DELETE FROM passage",
    "DELETE FROM calibration",
    "UPDATE interview SET transcript_id = NULL, published_at = NULL",
    "DELETE FROM utterance",
    "DELETE FROM transcript WHERE maker LIKE 'faster-whisper%'",
    "DELETE FROM publication",
    "UPDATE ingest_run SET status = 'queued', stage = 'waiting', attempts = 0, error = NULL",
    "UPDATE ingest_run SET done = 0, total = 0, lease_token = NULL, lease_until = NULL",
)
TIME_PASSES = (
    "UPDATE ingest_run SET lease_until = now() - interval '1 second' WHERE status = 'running'",
    "UPDATE ingest_run SET updated_at = updated_at - interval '1 minute' WHERE status = 'queued'",
    "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'",
)
ALL_DONE = (
    "SELECT NOT EXISTS (SELECT 1 FROM ingest_run WHERE status <> 'published') "
    "AND EXISTS (SELECT 1 FROM calibration) AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs)"
)

Rows = list[tuple[Any, ...]]


def make_study(folder: Path, *, texts: int = 0, recordings: Sequence[Path] = ()) -> Path:
    """Write a study in which everybody said much the same, some of them in recordings."""
    folder.mkdir(exist_ok=True)
    names = [f"P{number:02d}" for number in range(1, texts + len(recordings) + 1)]
    for name in names[:texts]:
        (folder / f"{name}.txt").write_text(f"Anna: Und dann?\n{name}: {WORDS} {name}\n", encoding="utf-8")
    files = {name: f"{name}.txt" for name in names[:texts]}
    for name, recording in zip(names[texts:], recordings, strict=True):
        files[name] = f"{name}{recording.suffix}"
        # Each file is another one, and sounds the same: what follows the last page is no sound.
        (folder / files[name]).write_bytes(recording.read_bytes() + name.encode())
    people = ", ".join(f"{{id: {name}, language: de}}" for name in names)
    entries = "\n".join(f"  - {{id: I{name[1:]}, participant: {name}, files: [{files[name]}]}}" for name in names)
    manifest = f"study: shop\nlanguages: [de, en, es]\nparticipants: [{people}]\ninterviews:\n{entries}\n"
    (folder / "study.yaml").write_text(manifest, encoding="utf-8")
    return folder


@dataclass(frozen=True, kw_only=True)
class Processes:
    """Services and workers as real processes; `around` is the command that starts each, if another one is to do so."""

    environment: dict[str, str]
    around: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)
    """What services wrote to stderr."""

    @contextmanager
    def worker(self, *strike: str) -> Iterator["subprocess.Popen[str]"]:
        """Run a worker, which dies at its place or ends with the context."""
        with self._running("struck_worker.py", strike, subprocess.DEVNULL) as process:
            yield process

    @contextmanager
    def service(self, *strike: str) -> Iterator["tuple[subprocess.Popen[str], str]"]:
        """Run a service, which dies at its place or ends with the context; its URL is where it serves."""
        with self._running("struck_service.py", strike, subprocess.PIPE) as process:
            assert process.stderr is not None
            said = []
            for line in process.stderr:
                said.append(line)
                if found := _URL.search(line):
                    break
            assert found, "".join(said)
            threading.Thread(target=self._read, args=(process.stderr,), daemon=True).start()
            yield process, found[0]

    @contextmanager
    def _running(self, program: str, strike: Sequence[str], errors: int) -> Iterator["subprocess.Popen[str]"]:
        command = [*self.around, sys.executable, str(_PROGRAMS / program), *strike]
        with subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=errors, text=True) as process:
            try:
                yield process
            finally:
                process.kill()

    def _read(self, errors: IO[str]) -> None:
        """Keep what a service says, so that it never waits for a reader."""
        with suppress(ValueError):  # it was closed meanwhile
            self.said.extend(errors)


@dataclass(frozen=True, kw_only=True)
class Workplace(Processes):
    """A database and kept files, with processes that use them too."""

    services: Services

    def prepare(self, study: Path) -> list[Rows]:
        """Queue a study; gives what an undisturbed run makes of it."""
        self.execute(*_COUNT_PUBLICATIONS)
        assert ingest_study(study, self.services, lambda *_: None).succeeded
        result = self.result()
        self.execute(*_FORGET)
        return result

    def queue(self, study: Path) -> None:
        """Queue a study of which nobody knows what becomes of it."""
        self.execute(*_COUNT_PUBLICATIONS)
        deaf = self.services.settings.model_copy(update={"whisper_model": str(study / "no model")})
        ingest_study(study, replace(self.services, settings=deaf), lambda *_: None)
        self.execute(*_FORGET)

    def result(self) -> list[Rows]:
        """What is stored: utterances, passages with their vectors, taggings, versions, counts."""
        return [self.rows(query) for query in _RESULT]

    def publications(self) -> set[int]:
        """How often interviews were published, whichever."""
        return {count for (count,) in self.rows("SELECT count(*) FROM publication GROUP BY interview")}

    def rows(self, query: str, **values: object) -> Rows:
        """The rows of a query."""
        with self.services.database.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    def execute(self, *statements: str) -> None:
        """Execute statements in one transaction."""
        with self.services.database.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def wait_until(self, query: str, process: "subprocess.Popen[str] | None" = None) -> None:
        """Wait until a query says yes, for as long as a process lives."""
        for _ in range(LONGEST_WAIT_S * 10):
            try:
                if self.rows(query)[0][0]:
                    return
                self.rows("SELECT pg_sleep(0.1)")
            except DBAPIError:
                self.services.database.engine.dispose()
            assert process is None or process.poll() is None, f"the worker died with {process and process.returncode}"
        runs = self.rows("SELECT status, stage, attempts, error FROM ingest_run")
        raise AssertionError("never so:", query, runs)

    def finish(self) -> None:
        """Let a worker do what is left, and end in order."""
        with self.worker() as worker:
            self.wait_until(ALL_DONE, worker)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(LONGEST_WAIT_S) == 0


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(LONGEST_WAIT_S * 5):
        if is_so():
            return
        time.sleep(0.2)
    raise AssertionError("never so")


def environment_for(url: str, data: Path, **more: str) -> dict[str, str]:
    """The environment of processes that use a database and a data directory."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("VERBATIM_")},
        "PYTHONPATH": str(ROOT),
        "VERBATIM_DATABASE_URL": url,
        "VERBATIM_DATA_DIR": str(data),
        "VERBATIM_PORT": "0",
        "VERBATIM_WHISPER_MODEL": str(SPEECH_MODEL),
        **more,
    }
