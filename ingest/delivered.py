"""Kept files as the folder that they were sent as, for as long as somebody reads it."""

import os
import shutil
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from app.services import Services
from app.settings import Settings

LEFT_BEHIND = timedelta(hours=24)
_FOLDER = "deliveries"
_PREFIX = "folder-"


@contextmanager
def delivered_folder(files: Sequence[Mapping[str, object]], services: Services) -> Iterator[Path]:
    """Lay files out under their names; each is the kept file itself where it lies on the same disk.

    Raises:
        NotFoundError: a file is kept no longer.
        InsufficientStorageError: there is no room for copies.
        UnavailableError: the files cannot be read.
    """
    parent = _parent(services.settings)
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True) as folder:
        root, fetched = Path(folder, "sent"), Path(folder, "fetched")
        fetched.mkdir()
        for file in files:
            place = root / str(file["name"])
            place.parent.mkdir(parents=True, exist_ok=True)
            _put(services.blobs.fetch(str(file["sha256"]), fetched), place)
        yield root


def sweep_delivered_folders(settings: Settings) -> None:
    """Remove the folders that killed processes left behind."""
    before_s = time.time() - LEFT_BEHIND.total_seconds()
    for folder in _parent(settings).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            found = folder.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_mtime < before_s:
                shutil.rmtree(folder, ignore_errors=True)


def _parent(settings: Settings) -> Path:
    return settings.data_dir.absolute() / _FOLDER


def _put(kept: Path, place: Path) -> None:
    try:
        os.link(kept, place)
    except OSError:
        shutil.copyfile(kept, place)
