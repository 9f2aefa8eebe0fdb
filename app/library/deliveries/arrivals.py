"""Files as they come: kept whole under their names, archives as the files in them, or nothing of it all."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.blobs import Blobs, IncomingBlob
from app.errors import ContentTooLargeError
from app.kept_files import hold_file
from app.library.deliveries.archives import entries_of, is_archive
from app.library.deliveries.names import MOST_FILES, arranged, checked_name, is_litter, refused
from app.library.deliveries.schemas import DeliveredFile


@dataclass
class Arrivals:
    """Files that came whole, to be settled together; `received` are all that was written on the way."""

    blobs: Blobs
    limit_bytes: int
    file_limit_bytes: int
    received: list[IncomingBlob] = field(default_factory=list)
    _named: list[tuple[str, IncomingBlob]] = field(default_factory=list)

    def add(self, name: str, content: Iterable[bytes]) -> None:
        """Take a file in, or the files of an archive.

        Raises:
            InvalidInputError: its name or the archive is not to be trusted, or there are too many files.
            ContentTooLargeError, InsufficientStorageError, UnavailableError: it cannot be kept.
        """
        if is_litter(name):
            for _ in content:
                pass
        elif is_archive(name):
            self._add_archive(name, content)
        else:
            self._keep(checked_name(name), content)

    def settle(self, session: Session) -> tuple[DeliveredFile, ...]:
        """Keep what came, from now on; raises what `arranged` and `Blobs.settle` raise.

        Args:
            session: nobody else keeps or discards these files before its transaction ends.
        """
        files = arranged(
            DeliveredFile(name=name, sha256=blob.sha256, size_bytes=blob.size_bytes) for name, blob in self._named
        )
        for sha256 in sorted({file.sha256 for file in files}):
            hold_file(session, sha256)
        wanted = {file.sha256 for file in files}
        for _, blob in self._named:
            if blob.sha256 in wanted:
                self.blobs.settle(blob)
            else:
                self.blobs.drop(blob)
        return files

    def _add_archive(self, name: str, content: Iterable[bytes]) -> None:
        archive = self.blobs.receive(content, self._left_bytes)
        try:
            with self.blobs.open_incoming(archive) as file:
                for path, entry in entries_of(checked_name(name), file, self._left_bytes):
                    self._keep(checked_name(path), entry)
        finally:
            self.blobs.drop(archive)

    def _keep(self, name: str, content: Iterable[bytes]) -> None:
        if len(self._named) == MOST_FILES:
            raise refused("files", f"there are more than {MOST_FILES:,}", "send fewer at a time")
        limit_bytes = min(self.file_limit_bytes, self._left_bytes)
        if limit_bytes <= 0:
            raise ContentTooLargeError(f"these files are longer than the {self.limit_bytes:,} bytes that are taken")
        blob = self.blobs.receive(content, limit_bytes)
        self.received.append(blob)
        self._named.append((name, blob))

    @property
    def _left_bytes(self) -> int:
        return self.limit_bytes - sum(blob.size_bytes for _, blob in self._named)
