"""A backup: the database as it is at one moment, and the files that it refers to at that moment."""

import datetime as dt
import hashlib
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.backup.archive import DUMP, FILES, MANIFEST, Holdings, Manifest, add_bytes, add_stream
from app.backup.programs import run_program
from app.blobs import Blobs
from app.database import Database, schema_revision
from app.errors import ConflictError, InsufficientStorageError, NotFoundError
from app.index import stored_identity
from app.models import Recording

Progress = Callable[[str, int, int], None]

_DUMPED = ("--format=custom", "--no-owner", "--no-privileges", "--no-unlogged-table-data")
_HOLDINGS = """
SELECT (SELECT count(*) FROM study) AS studies, (SELECT count(*) FROM interview) AS interviews,
  (SELECT count(*) FROM utterance) AS utterances, (SELECT count(*) FROM tagging) AS taggings,
  (SELECT count(*) FROM insight) AS insights, (SELECT count(*) FROM answer) AS answers,
  (SELECT count(*) FROM recording) AS recordings
"""


def make_backup(database: Database, blobs: Blobs, target: Path, progress: Progress) -> Manifest:
    """Write everything that an installation holds into one new file: whole, or not at all.

    The service may go on meanwhile; what it takes in after this began is not in the backup.

    Args:
        database: the opened database.
        blobs: the kept files.
        target: the file, which must not exist; nobody but its owner may read it.
        progress: called with (what is written, number done, number of all).

    Raises:
        ConflictError: the file exists, or a recording was erased meanwhile.
        InsufficientStorageError: there is no room for it.
        UnavailableError: the database cannot be dumped.
    """
    if target.exists():
        raise ConflictError(f"{target} exists: name another file, or remove it first")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            unfinished = Path(folder, "backup.tar")
            manifest = _write(database, blobs, unfinished, Path(folder, DUMP), progress)
            unfinished.rename(target)
    except OSError as error:
        raise InsufficientStorageError(f"{target} cannot be written: {error.strerror}") from error
    return manifest


def count_holdings(session: Session) -> Holdings:
    """Count what cannot be made anew."""
    return Holdings.model_validate(session.execute(text(_HOLDINGS)).mappings().one())


def _write(database: Database, blobs: Blobs, path: Path, dump: Path, progress: Progress) -> Manifest:
    with _one_moment(database.engine) as (session, moment):
        progress("the database", 0, 1)
        run_program("pg_dump", (*_DUMPED, f"--snapshot={moment}", f"--file={dump}"), database.engine)
        files = tuple(session.scalars(select(Recording.sha256).distinct().order_by(Recording.sha256)))
        identity = stored_identity(session)
        manifest = Manifest(
            made_at=dt.datetime.now(dt.UTC),
            verbatim=version("verbatim"),
            schema_revision=str(schema_revision(session.connection())),
            embedder=str(identity) if identity else None,
            dump_sha256=_sha256(dump),
            dump_bytes=dump.stat().st_size,
            holdings=count_holdings(session),
            files=files,
            missing=tuple(sha256 for sha256 in files if not blobs.exists(sha256)),
        )
    with path.open("xb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
        os.fchmod(stream.fileno(), 0o600)
        add_bytes(archive, MANIFEST, manifest.model_dump_json(indent=2).encode())
        with dump.open("rb") as dumped:
            add_stream(archive, DUMP, dumped, manifest.dump_bytes)
        kept = [sha256 for sha256 in files if sha256 not in manifest.missing]
        for done, sha256 in enumerate(kept):
            progress("recordings", done, len(kept))
            _add_file(archive, blobs, sha256)
        archive.close()
        os.fsync(stream.fileno())
    return manifest


@contextmanager
def _one_moment(engine: Engine) -> Iterator[tuple[Session, str]]:
    """A session that sees one moment, and the name under which others see it too."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        # A large database is dumped for longer than an idle transaction may last.
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        moment = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        with Session(connection) as session:
            yield session, moment


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _add_file(archive: tarfile.TarFile, blobs: Blobs, sha256: str) -> None:
    try:
        with blobs.open(sha256) as stream:
            add_stream(archive, f"{FILES}{sha256}", stream, blobs.size_bytes(sha256))
    except NotFoundError as error:
        raise ConflictError("a recording was erased meanwhile: make the backup again") from error
