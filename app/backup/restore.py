"""A backup put into an installation that holds nothing yet."""

import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from app.backup.archive import DUMP, FILES, Holdings, Manifest, chunks_of, opened_archive, refused, take_out
from app.backup.make import Progress, count_holdings
from app.backup.programs import run_program
from app.blobs import Blobs
from app.database import known_revisions, migrate
from app.errors import AppError, ConflictError
from app.frozen import Frozen
from app.isolation import prepare_isolation
from app.privacy.erasure import Premises
from app.privacy.replay import read_ledgers, replay

_LARGEST_FILE_BYTES = 1 << 44
_RESTORED = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
_EMPTY = (
    "SET LOCAL lock_timeout = '10s'",
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
)


class RestoreReport(Frozen):
    """What was restored, and what it came from; `missing` are files that the backup has not.

    `erased_again` counts the erasures that came after the backup was made, and were done once more.
    """

    backup: Manifest
    holdings: Holdings
    files: int
    missing: tuple[str, ...]
    erased_again: int = 0


def restore_backup(
    premises: Premises, path: Path, folder: Path, progress: Progress, ledgers: Sequence[Path] = ()
) -> RestoreReport:
    """Put a backup into an installation without studies; an older one is brought up to date.

    A backup is a program for the database: restore only files of your own. Whatever fails, the database is empty and up
    to date again.

    What was erased since the backup was made is erased again, by the ledger of the data directory and by those named.

    Args:
        premises: the opened database, where files are kept, the key of the installation and its ledger of erasures.
        path: the backup.
        folder: where there is room for the dump of the database meanwhile; made where it does not exist.
        progress: called with (what is restored, number done, number of all).
        ledgers: files of further ledgers, such as that of the installation that the backup is of.

    Raises:
        ConflictError: the installation holds studies, or somebody else uses the database.
        InvalidInputError: the file is no backup, is broken, or is of a newer version.
        UnavailableError: the database does not take it, or a ledger was written with another key.
    """
    database, blobs = premises.database, premises.blobs
    entries = read_ledgers(premises, ledgers)
    with database.sessions() as session:
        if count_holdings(session).studies:
            raise ConflictError("there are studies here: restore into an empty installation, VERBATIM_DATA_DIR=…")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with opened_archive(path) as (manifest, archive), tempfile.TemporaryDirectory(dir=folder) as place:
        if manifest.schema_revision not in known_revisions():
            raise refused(f"it was made by Verbatim {manifest.verbatim}, which is newer", "update this one first")
        dump = Path(place, DUMP)
        take_out(archive, DUMP, dump, manifest.dump_sha256)
        present = [sha256 for sha256 in manifest.files if sha256 not in manifest.missing]
        for done, sha256 in enumerate(present):
            progress("recordings", done, len(present))
            _keep(archive, blobs, sha256)
        progress("the database", 0, 1)
        _replace(database.engine, dump)
    erased_again = replay(premises, entries)
    with database.sessions() as session:
        holdings = count_holdings(session)
    return RestoreReport(
        backup=manifest, holdings=holdings, files=len(present), missing=manifest.missing, erased_again=erased_again
    )


def _keep(archive: tarfile.TarFile, blobs: Blobs, sha256: str) -> None:
    stored = blobs.put(chunks_of(archive, f"{FILES}{sha256}"), _LARGEST_FILE_BYTES)
    if stored.sha256 != sha256:
        blobs.delete(stored.sha256)
        raise refused(f"recording {sha256[:12]}… was changed", "take another backup")


def _replace(engine: Engine, dump: Path) -> None:
    _empty(engine)
    try:
        run_program("pg_restore", (*_RESTORED, str(dump)), engine)
    except AppError:
        migrate(engine)
        raise
    # The types of pgvector have other numbers now, which open connections do not know.
    engine.dispose()
    migrate(engine)
    with engine.begin() as connection:
        prepare_isolation(connection)  # a dump has no privileges
        connection.execute(text("ANALYZE"))


def _empty(engine: Engine) -> None:
    try:
        with engine.begin() as connection:
            for statement in _EMPTY:
                connection.execute(text(statement))
    except OperationalError as error:
        raise ConflictError("somebody uses the database: stop the service and its workers first") from error
