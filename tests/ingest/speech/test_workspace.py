"""Decoded voices do not stay on disk."""

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.speech.workspace import LEFT_BEHIND, sound_folder, sweep_sound_folders


def test_what_killed_work_left_behind_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old folders of ours go with all that is in them; young ones, other folders and links to elsewhere stay."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    elsewhere = tmp_path / "elsewhere"
    for folder in (tmp_path / "temporary", elsewhere, tmp_path / "temporary" / "other-sound-1"):
        folder.mkdir()
    held = [sound_folder() for _ in range(2)]
    kept = [Path(folder.name) for folder in held]
    for folder in (*kept, elsewhere):
        (folder / "0.s16").write_bytes(b"voice")
    then_s = time.time() - LEFT_BEHIND.total_seconds() - 60
    os.utime(kept[0], (then_s, then_s))
    os.utime(tmp_path / "temporary" / "other-sound-1", (then_s, then_s))
    (kept[1].parent / f"{kept[1].name[:-1]}-link").symlink_to(elsewhere)
    sweep_sound_folders(LEFT_BEHIND)
    assert [folder.exists() for folder in kept] == [False, True]
    assert (tmp_path / "temporary" / "other-sound-1").exists()
    sweep_sound_folders(timedelta(seconds=-60))
    assert not kept[1].exists()
    assert (elsewhere / "0.s16").exists()
    for used in held:
        used.cleanup()
