"""Folders for sound in work: gone when the work is done, and swept away when its process was killed."""

import shutil
import stat
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

_PREFIX = "verbatim-sound-"
LEFT_BEHIND = timedelta(hours=3)
"""No decoding takes as long; afterwards the folder of living work is empty, since its sound is unlinked once open."""


def sound_folder() -> "TemporaryDirectory[str]":
    """A folder for recordings that were fetched and for decoded sound, which nobody else may read."""
    return TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)


def sweep_sound_folders(older_than: timedelta) -> None:
    """Remove the folders that killed processes left behind; those of other users stay."""
    before_s = time.time() - older_than.total_seconds()
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            found = folder.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_mtime < before_s:
                shutil.rmtree(folder, ignore_errors=True)
