"""Archives that come over the web: their files one by one, within limits; nothing is unpacked to where it names."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO

from app.blobs import CHUNK_BYTES
from app.errors import InvalidInputError
from app.library.deliveries.names import MOST_FILES, is_litter, refused

MOST_ENTRIES = 4 * MOST_FILES
MOST_RATIO = 200
HARMLESS_BYTES = 10_000_000


def is_archive(name: str) -> bool:
    """Whether a file is meant as an archive."""
    return name.lower().endswith(".zip")


def entries_of(name: str, file: BinaryIO, limit_bytes: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of an archive: the name of each, and its content piece by piece, which is to be read before the next.

    Args:
        name: what the archive is called.
        file: the archive, read from any place in it.
        limit_bytes: how much may come out of it.

    Raises:
        InvalidInputError: it is no whole archive, or one that may be dangerous.
    """
    with _faults_told(name), zipfile.ZipFile(file) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not is_litter(entry.filename)]
        _refuse_danger(name, entries, limit_bytes)
        for entry in entries:
            with archive.open(entry) as content:
                yield entry.filename, _within(name, entry, iter(partial(content.read, CHUNK_BYTES), b""))


def _refuse_danger(name: str, entries: list[zipfile.ZipInfo], limit_bytes: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise refused(name, f"it holds {len(entries):,} files", "send fewer at a time")
    for entry in entries:
        if entry.flag_bits & 1:
            raise refused(name, "it has a password", "pack it without one")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise refused(name, "it holds a link", "pack the files themselves")
        if entry.file_size > max(HARMLESS_BYTES, MOST_RATIO * entry.compress_size):
            raise refused(name, "it is packed suspiciously tight", "send the files without packing them")
    if sum(entry.file_size for entry in entries) > limit_bytes:
        raise refused(name, f"it holds more than {limit_bytes:,} bytes", "send fewer files at a time")


def _within(name: str, entry: zipfile.ZipInfo, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The content of an entry, which may be no longer than it says."""
    left = entry.file_size
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise refused(name, "a file in it is longer than it says", "pack it again")
        yield chunk


@contextmanager
def _faults_told(name: str) -> Iterator[None]:
    try:
        yield
    except InvalidInputError:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        raise refused(name, "it is not a whole archive", "pack it again, as .zip") from error
