"""The file of a backup: a tar of what it is, a dump of the database, and the kept files under their SHA-256."""

import datetime as dt
import hashlib
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import ValidationError

from app.errors import Fault, InvalidInputError
from app.frozen import Frozen

MANIFEST, DUMP, FILES = "verbatim-backup.json", "database.dump", "files/"
_LARGEST_MANIFEST_BYTES = 64 * 1024
_CHUNK_BYTES = 1024 * 1024


class Holdings(Frozen):
    """How much there is of what cannot be made anew."""

    studies: int
    interviews: int
    utterances: int
    taggings: int
    insights: int
    answers: int
    recordings: int


class Manifest(Frozen):
    """What a backup holds; `missing` are files that the database names and that were lost before."""

    format: Literal[1] = 1
    made_at: dt.datetime
    verbatim: str
    schema_revision: str
    embedder: str | None
    dump_sha256: str
    dump_bytes: int
    holdings: Holdings
    files: tuple[str, ...]
    missing: tuple[str, ...] = ()


@contextmanager
def opened_archive(path: Path) -> Iterator[tuple[Manifest, tarfile.TarFile]]:
    """Open a backup, and read what it holds.

    Raises:
        InvalidInputError: this is no backup, or a broken one.
    """
    try:
        with tarfile.open(path, "r:") as archive:
            yield _manifest_of(archive), archive
    except (tarfile.TarError, ValidationError, EOFError) as error:
        raise refused("this is no backup of Verbatim, or it broke off", "take another one") from error
    except OSError as error:
        raise refused(error.strerror or "it cannot be read", "name a file that `verbatim backup` wrote") from error


def add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Put a small file into an archive."""
    add_stream(archive, name, io.BytesIO(content), len(content))


def add_stream(archive: tarfile.TarFile, name: str, stream: BinaryIO, size_bytes: int) -> None:
    """Put a file into an archive, readable by its owner alone."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size_bytes, 0o600
    archive.addfile(entry, stream)


def take_out(archive: tarfile.TarFile, name: str, target: Path, sha256: str) -> None:
    """Write a file of an archive elsewhere.

    Raises:
        InvalidInputError: it is not there, or holds something else than was put there.
    """
    digest = hashlib.sha256()
    with target.open("xb") as output:
        for chunk in chunks_of(archive, name):
            digest.update(chunk)
            output.write(chunk)
    if digest.hexdigest() != sha256:
        raise refused(f"{name} was changed", "take another backup")


def chunks_of(archive: tarfile.TarFile, name: str) -> Iterator[bytes]:
    """Read a file of an archive in parts.

    Raises:
        InvalidInputError: it is not there.
    """
    try:
        stream = archive.extractfile(name)
    except KeyError:
        stream = None
    if stream is None:
        raise refused(f"{name} is missing", "take another backup")
    with stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def _manifest_of(archive: tarfile.TarFile) -> Manifest:
    first = archive.next()
    stream = archive.extractfile(first) if first and first.name == MANIFEST and first.isfile() else None
    if stream is None:
        raise refused("this is no backup of Verbatim", "name a file that `verbatim backup` wrote")
    return Manifest.model_validate_json(stream.read(_LARGEST_MANIFEST_BYTES))


def refused(problem: str, remedy: str) -> InvalidInputError:
    """Say why a backup cannot be restored."""
    return InvalidInputError("the backup cannot be restored", (Fault("the file", problem, remedy),))
