"""The text of a document, read in a process of its own: without network, with little memory and time."""

import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from app.documents.document import Document
from app.documents.refusal import refusal
from app.errors import Fault, UnavailableError

MOST_BYTES = 50_000_000
MOST_MEMORY_BYTES = 512 * 1024**2
MOST_CPU_S = 20
MOST_ANSWER_BYTES = 32_000_000

_LONGEST_WORK_S = 40
_LONGEST_WAIT_S = 20
_READING = BoundedSemaphore(2)
_PROGRAM = ("-P", "-m", "app.documents.child")
_ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "OPENBLAS_NUM_THREADS": "1"}
_SPLIT = "split the document, or save it as text"
_ANSWER: TypeAdapter[Document | Fault] = TypeAdapter(Document | Fault)


def extract(data: bytes, name: str) -> Document:
    """Read a document; `name` counts only where the content leaves open what it is.

    Raises:
        DocumentError: it is no document, broken, locked, without text, too long, or too much work to read.
        UnavailableError: too many documents are being read.
    """
    if len(data) > MOST_BYTES:
        raise refusal(f"{len(data):,} bytes, more than {MOST_BYTES:,}", _SPLIT)
    if not _READING.acquire(timeout=_LONGEST_WAIT_S):
        raise UnavailableError("too many documents are being read: try again in a moment")
    try:
        with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
            question.write(data)
            question.seek(0)
            code = _read_apart(name, question, answer)
            return _told(answer) if code == 0 else _died(code)
    finally:
        _READING.release()


def _read_apart(name: str, question: BinaryIO, answer: BinaryIO) -> int:
    try:
        ended = subprocess.run(  # noqa: S603 - our own program, and a name that it takes as text
            [sys.executable, *_PROGRAM, name],
            stdin=question,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            timeout=_LONGEST_WORK_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refusal(f"more than {_LONGEST_WORK_S} seconds to read", _SPLIT) from error
    return ended.returncode


def _told(answer: BinaryIO) -> Document:
    answer.seek(0)
    with suppress(ValidationError):
        told = _ANSWER.validate_json(answer.read(MOST_ANSWER_BYTES))
        if isinstance(told, Document):
            return told
        raise refusal(told.problem, told.remedy, told.place)
    raise refusal("a document that broke its reader", "export it again")


def _died(code: int) -> Document:
    """Say what reading died of that it could not say itself."""
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        raise refusal(f"more than {MOST_CPU_S} seconds of work to read", _SPLIT)
    raise refusal("a document that broke its reader", "export it again")
