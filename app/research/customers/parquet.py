"""Parquet files, unpacked by a process of its own, because a file may be made to harm its reader."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.errors import Fault, InvalidInputError

MAGIC = b"PAR1"
UNREADABLE = 3
"""What the unpacking process ends with where it says why on stderr."""

_LONGEST_WORK_S = 90
_PROGRAM = ("-P", "-m", "app.research.customers.parquet_child")
_ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
_MESSAGE = "the customers cannot be imported; nothing was changed"


@dataclass(frozen=True)
class Unpacked:
    """A Parquet file as CSV; `exact` says of each column whether its type makes numbers and dates sure."""

    columns: tuple[str, ...]
    exact: tuple[bool, ...]
    text: str
    notes: tuple[str, ...]


def unpack(name: str, content: bytes) -> Unpacked:
    """Unpack a Parquet file.

    Raises:
        InvalidInputError: it is damaged, or larger than anything a study needs.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, *_PROGRAM],
            input=content,
            capture_output=True,
            env=_ENVIRONMENT,
            timeout=_LONGEST_WORK_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _refused(name, "it takes too long to read") from error
    if done.returncode == UNREADABLE:
        raise _refused(name, done.stderr.decode("utf-8", "replace").strip())
    if done.returncode != 0:
        raise _refused(name, "the Parquet file is damaged, or needs too much memory")
    head, _, table = done.stdout.partition(b"\n")
    told = json.loads(head)
    text = table.decode("utf-8", "replace")
    return Unpacked(tuple(told["columns"]), tuple(told["exact"]), text, tuple(told["notes"]))


def _refused(name: str, problem: str) -> InvalidInputError:
    return InvalidInputError(_MESSAGE, (Fault(name, problem, "export it again, or as CSV"),))
