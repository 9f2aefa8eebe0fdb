"""REFI-QDA projects as archives (.qdpx): the document, and the texts of sources, within limits; nothing is unpacked."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.errors import Fault, InvalidInputError
from app.research.exchange.documents import MOST_DOCUMENT_BYTES, PROJECT, refused

MOST_ENTRIES = 20_000
MOST_TEXT_BYTES = 8 * 1024 * 1024
MOST_BYTES = 256 * 1024 * 1024
MOST_RATIO = 100
HARMLESS_BYTES = 1024 * 1024
DOCUMENT = "project.qde"
SOURCES = "Sources"

_REMEDY = "export the project again"
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass
class ProjectArchive:
    """An archive that is read part by part; `document` is what its document is called in it."""

    archive: zipfile.ZipFile
    document: str
    entries: Mapping[str, zipfile.ZipInfo]
    read_bytes: int = field(default=0)

    def read_document(self) -> bytes:
        """The bytes of the document.

        Raises:
            InvalidInputError: it is too long, or packed suspiciously tight.
        """
        return self._read(self.archive.getinfo(self.document), MOST_DOCUMENT_BYTES)

    def read_source(self, path: str) -> bytes | None:
        """The bytes of a source that lies in the archive (`internal://…`); `None` where it does not.

        Raises:
            InvalidInputError: it is too long, or packed suspiciously tight.
        """
        scheme, _, name = path.partition("://")
        entry = self.entries.get(name.strip("/").rpartition("/")[2].casefold())
        if scheme.casefold() != "internal" or entry is None:
            return None
        return self._read(entry, MOST_TEXT_BYTES)

    def _read(self, entry: zipfile.ZipInfo, most_bytes: int) -> bytes:
        self.read_bytes += entry.file_size
        tight = entry.file_size > max(HARMLESS_BYTES, MOST_RATIO * entry.compress_size)
        if entry.file_size > most_bytes or tight or self.read_bytes > MOST_BYTES:
            problem = f"{entry.file_size:,} bytes packed into {entry.compress_size:,}"
            raise refused(PROJECT, Fault(_shown(entry.filename), problem, "split the project"))
        with _faults_told():
            return self.archive.read(entry)


@contextmanager
def open_archive(data: bytes) -> Iterator[ProjectArchive]:
    """Open a project.

    Raises:
        InvalidInputError: it is no archive with a REFI-QDA document in it, or one that may be dangerous.
    """
    with _faults_told():
        archive = zipfile.ZipFile(io.BytesIO(data))
    with archive:
        entries = archive.infolist()
        documents = [entry for entry in entries if _is_document(entry.filename)]
        if len(entries) > MOST_ENTRIES:
            raise _broken(f"it has {len(entries):,} parts")
        if any(entry.flag_bits & 1 for entry in entries):
            raise _broken("it has a password")
        if len(documents) != 1:
            raise _broken(f"it has {len(documents)} files *.qde in place of one")
        sources = {entry.filename.rpartition("/")[2].casefold(): entry for entry in entries if not entry.is_dir()}
        yield ProjectArchive(archive, documents[0].filename, sources)


def write_archive(document: bytes, sources: Mapping[str, str]) -> bytes:
    """Write a project; the same project is the same bytes.

    Args:
        document: the document.
        sources: the texts by the names of their files.
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(DOCUMENT, _DATE), document, zipfile.ZIP_DEFLATED)
        for name, text in sources.items():
            entry = zipfile.ZipInfo(f"{SOURCES}/{name}", _DATE)
            archive.writestr(entry, text.encode(), zipfile.ZIP_DEFLATED)
    return written.getvalue()


@contextmanager
def _faults_told() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError, RuntimeError) as error:
        raise _broken("it is not a whole archive") from error


def _is_document(name: str) -> bool:
    return name.casefold().endswith(".qde") and "/" not in name.strip("/")


def _broken(problem: str) -> InvalidInputError:
    return refused(PROJECT, Fault("archive", problem, _REMEDY))


def _shown(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:100]
