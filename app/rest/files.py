"""Files that are sent and answered: what they are called, and the places in them where something is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Response, UploadFile

from app.errors import Fault, InvalidInputError

LONGEST_NAME = 100


def answer_file(content: bytes, name: str, media_type: str) -> Response:
    """Answer with a file to be saved."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def name_file(file: UploadFile, otherwise: str) -> str:
    """What the sender calls a file, to say where something is wrong."""
    return "".join(letter for letter in file.filename or "" if letter.isprintable())[:LONGEST_NAME] or otherwise


@contextmanager
def faults_of_file() -> Iterator[None]:
    """Let faults point at the field `file` of a form, and tell the line in words: a line is nothing to point at."""
    try:
        yield
    except InvalidInputError as error:
        faults = (Fault("file", f"{fault.place}: {fault.problem}", fault.remedy) for fault in error.faults)
        raise InvalidInputError(error.message, tuple(faults)) from error
