"""Reads a document from stdin: `python -m app.documents.child NAME` writes it, or why it is refused, to stdout as JSON.

It runs as a process of its own, because a document may be made to harm its parser.
"""

import sys
from dataclasses import asdict

from pydantic_core import to_json

from app.confinement import confine, limit_files, limit_memory
from app.documents.document import Document
from app.documents.extraction import MOST_ANSWER_BYTES, MOST_CPU_S, MOST_MEMORY_BYTES
from app.documents.reading import read_document
from app.documents.refusal import DocumentError, refusal
from app.errors import Fault


def main(name: str) -> None:
    """Read within limits."""
    confine(MOST_MEMORY_BYTES, MOST_CPU_S)
    limit_files(MOST_ANSWER_BYTES)
    sys.stdout.buffer.write(to_json(asdict(_answer(name))))


def _answer(name: str) -> Document | Fault:
    try:
        return read_document(sys.stdin.buffer.read(), name)
    except DocumentError as error:
        return error.faults[0]
    except MemoryError:
        limit_memory(None)
        return refusal("more memory to read than is given to it", "split the document").faults[0]


if __name__ == "__main__":
    main(sys.argv[1])
