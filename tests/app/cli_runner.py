"""The command line, run in this process or in one of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from log_state import logs_restored
from pydantic_core import from_json

from app.cli import main
from app.database import Database

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it wrote."""

    code: object
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it wrote to stdout as JSON."""
        return from_json(self.out)


def run(*arguments: str) -> Outcome:
    """Run a command in this process."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), logs_restored(), pytest.raises(SystemExit) as ending:
        main(arguments)
    return Outcome(ending.value.code, out.getvalue(), err.getvalue())


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a process of its own, which ends with the context at the latest."""
    program = [sys.executable, "-c", "from app.cli import main; main()", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(program, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Read stderr up to the line with these words."""
    assert process.stderr is not None
    read = []
    for line in process.stderr:
        read.append(line)
        if words in line:
            return line
    raise AssertionError(f"{words!r} was never said: {''.join(read)}")


def point_at(database: Database, monkeypatch: pytest.MonkeyPatch, data_directory: Path) -> None:
    """Set the commands to a database and a directory of a test."""
    monkeypatch.setenv("VERBATIM_DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("VERBATIM_DATA_DIR", str(data_directory))
