"""Files kept byte for byte, each under the SHA-256 of what it holds: in a folder, or in an object store."""

import errno
import hashlib
import io
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import fsspec
from fsspec.implementations.local import LocalFileSystem

from app.errors import AppError, ContentTooLargeError, InsufficientStorageError, NotFoundError, UnavailableError
from app.settings import Settings

try:
    from botocore.exceptions import BotoCoreError as ObjectStoreError
except ImportError:
    ObjectStoreError = OSError
"""What an object store that cannot be reached raises, where the package for one is installed."""

CHUNK_BYTES = 256 * 1024
_READ_AHEAD_BYTES = 1024 * 1024
_INCOMING = "incoming"
_URL = re.compile(r"[a-z][a-z0-9+]*://\S.*")
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_FULL = "no room is left for files: free some, then send it again"
_LEFT_FREE_BYTES = 64 * 1024 * 1024
_LEFT_FREE_SHARE = 8
"""What files leave free on a disk: 64 MB, of a small one an eighth. A database beside them stops without any room."""


@dataclass(frozen=True)
class StoredBlob:
    """What a stream held, now that it is kept."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class IncomingBlob(StoredBlob):
    """What a stream held, at a place where nobody finds it yet."""

    path: str


@dataclass(frozen=True)
class Blobs:
    """The kept files: `<root>/<sha256>`, and `<root>/incoming/…` while they arrive."""

    files: fsspec.AbstractFileSystem
    root: str

    def put(self, stream: BinaryIO | Iterable[bytes], limit_bytes: int) -> StoredBlob:
        """Keep what a stream holds: whole, or not at all, however this ends; raises what `receive` raises."""
        incoming = self.receive(stream, limit_bytes)
        self.settle(incoming)
        return StoredBlob(incoming.sha256, incoming.size_bytes)

    def receive(self, stream: BinaryIO | Iterable[bytes], limit_bytes: int) -> IncomingBlob:
        """Take in what a stream holds: whole, or not at all; it is kept from when it is settled.

        Raises:
            ContentTooLargeError: the stream holds more than `limit_bytes`.
            InsufficientStorageError: there is no room left.
            UnavailableError: the files cannot be written.
        """
        path = f"{self.root}/{_INCOMING}/{uuid.uuid4().hex}"
        try:
            return self._write(stream, path, limit_bytes)
        except BaseException:
            self._drop(path)
            raise

    def settle(self, incoming: IncomingBlob) -> None:
        """Keep what came in, once, however often it comes.

        Raises:
            InsufficientStorageError: there is no room left.
            NotFoundError: it was swept away.
            UnavailableError: the files cannot be written.
        """
        try:
            with _faults_told():
                self.files.mv(incoming.path, self._path(incoming.sha256))
                self._sync_folder()
        except BaseException:
            self._drop(incoming.path)
            raise

    def open_incoming(self, incoming: IncomingBlob) -> BinaryIO:
        """Open what came in and was not settled; raises what `open` raises."""
        with _faults_told():
            return cast("BinaryIO", self.files.open(incoming.path, "rb", block_size=_READ_AHEAD_BYTES))

    def drop(self, incoming: IncomingBlob) -> None:
        """Forget what came in and was not settled."""
        self._drop(incoming.path)

    def open(self, sha256: str) -> BinaryIO:
        """Open a file to be read from any place in it.

        Raises:
            NotFoundError: it is not kept here.
            UnavailableError: the files cannot be read.
        """
        with _faults_told():
            return cast("BinaryIO", self.files.open(self._path(sha256), "rb", block_size=_READ_AHEAD_BYTES))

    def size_bytes(self, sha256: str) -> int:
        """How long a file is; raises what `open` raises."""
        with _faults_told():
            return int(self.files.size(self._path(sha256)))

    def exists(self, sha256: str) -> bool:
        """Whether a file is kept here."""
        with suppress(NotFoundError):
            self.size_bytes(sha256)
            return True
        return False

    def fetch(self, sha256: str, folder: Path) -> Path:
        """Give a file a path on this machine: its own where it lies here, else that of a copy in a folder.

        Raises:
            NotFoundError: it is not kept here.
            InsufficientStorageError: there is no room for the copy.
            UnavailableError: the files cannot be read.
        """
        self.size_bytes(sha256)
        if self._is_folder:
            return Path(self._path(sha256))
        with _faults_told():
            self.files.get_file(self._path(sha256), str(folder / sha256))
        return folder / sha256

    def delete(self, sha256: str) -> None:
        """Keep a file no longer; one that is not here already counts as deleted."""
        with suppress(NotFoundError), _faults_told():
            self.files.rm_file(self._path(sha256))

    def names(self) -> frozenset[str]:
        """The SHA-256 of every file that is kept."""
        return frozenset(name for path in self._listed(self.root) if _SHA256.fullmatch(name := path.rpartition("/")[2]))

    def delete_if_older(self, sha256: str, older_than: timedelta) -> bool:
        """Keep a file no longer that came so long ago; says whether it did."""
        return self._remove_if_older(self._path(sha256), datetime.now(UTC) - older_than)

    def sweep(self, older_than: timedelta) -> int:
        """Remove what broke off on its way in and was not written to for a time; says how many there were."""
        latest = datetime.now(UTC) - older_than
        return sum(self._remove_if_older(path, latest) for path in self._listed(f"{self.root}/{_INCOMING}"))

    def _path(self, sha256: str) -> str:
        if not _SHA256.fullmatch(sha256):
            raise NotFoundError("this is no SHA-256, so no file is kept under it")
        return f"{self.root}/{sha256}"

    def _write(self, stream: BinaryIO | Iterable[bytes], path: str, limit_bytes: int) -> IncomingBlob:
        digest, size_bytes = hashlib.sha256(), 0
        with self._new_file(path) as write:
            for chunk in _chunks_of(stream):
                size_bytes += len(chunk)
                if size_bytes > limit_bytes:
                    raise ContentTooLargeError(f"this holds more than {limit_bytes:,} bytes: send less, or in parts")
                self._check_room(len(chunk))
                digest.update(chunk)
                write(chunk)
        return IncomingBlob(digest.hexdigest(), size_bytes, path)

    def _check_room(self, more_bytes: int) -> None:
        """Leave the last room of a disk to others."""
        if self._is_folder:
            with _faults_told():
                disk = shutil.disk_usage(self.root)
            if disk.free - more_bytes < min(_LEFT_FREE_BYTES, disk.total // _LEFT_FREE_SHARE):
                raise InsufficientStorageError(_FULL)

    def _drop(self, path: str) -> None:
        with suppress(AppError), _faults_told():
            self.files.rm_file(path)

    @contextmanager
    def _new_file(self, path: str) -> Iterator[Callable[[bytes], None]]:
        """Open a file to be written, and see to it that it outlasts a power failure."""
        with _faults_told():
            self._make_folders()
            file = self.files.open(path, "wb")

        def write(chunk: bytes) -> None:
            with _faults_told():
                file.write(chunk)

        try:
            yield write
            with _faults_told():
                file.flush()
                with suppress(io.UnsupportedOperation):
                    os.fsync(file.fileno())
        finally:
            with _faults_told():
                file.close()

    def _listed(self, folder: str) -> list[str]:
        with suppress(NotFoundError), _faults_told():
            return [str(path) for path in self.files.ls(folder, detail=False, refresh=True)]
        return []

    def _remove_if_older(self, path: str, latest: datetime) -> bool:
        with suppress(NotFoundError), _faults_told():
            if self.files.modified(path) <= latest:
                self.files.rm_file(path)
                return True
        return False

    @property
    def _is_folder(self) -> bool:
        return isinstance(self.files, LocalFileSystem)

    def _make_folders(self) -> None:
        """Make the folders, which nobody else may enter; an object store has none."""
        if self._is_folder:
            Path(self.root).mkdir(mode=0o700, parents=True, exist_ok=True)
            Path(self.root, _INCOMING).mkdir(mode=0o700, exist_ok=True)

    def _sync_folder(self) -> None:
        """Make a move outlast a power failure; an object store has seen to that."""
        if self._is_folder:
            folder = os.open(self.root, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def open_blobs(settings: Settings) -> Blobs:
    """Open what `VERBATIM_RECORDINGS_URL` names, or the folder `recordings` in the data directory; nothing is made.

    Raises:
        UnavailableError: the URL is none, or of a kind that cannot be used here.
    """
    url = settings.recordings_url or f"file://{settings.data_dir.absolute() / 'recordings'}"
    if not _URL.fullmatch(url):
        raise UnavailableError("VERBATIM_RECORDINGS_URL is no URL; write file:///folder or s3://bucket/folder")
    try:
        files, root = fsspec.url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        kind = url.partition(":")[0]
        message = f"recordings at {kind}:// need a package more: `pip install 'verbatim[{kind}]'`"
        raise UnavailableError(message) from error
    except ValueError as error:
        raise UnavailableError(f"VERBATIM_RECORDINGS_URL cannot be used: {error}; write file:///… or s3://…") from error
    return Blobs(files, root.rstrip("/"))


def _chunks_of(stream: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    if hasattr(stream, "read"):
        # The lines that a file would give may be of any length.
        return iter(partial(stream.read, CHUNK_BYTES), b"")
    return iter(stream)


@contextmanager
def _faults_told() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFoundError("this file is not kept here (any more)") from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise InsufficientStorageError(_FULL) from error
        raise _unreachable(error.strerror or type(error).__name__) from error
    except ObjectStoreError as error:
        raise _unreachable(type(error).__name__) from error


def _unreachable(reason: str) -> UnavailableError:
    return UnavailableError(f"kept files cannot be reached ({reason}): check VERBATIM_RECORDINGS_URL")
