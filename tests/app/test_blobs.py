"""Kept files: whole or not there at all, byte for byte, in a folder and in an object store alike."""

import hashlib
import io
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem

from app.blobs import CHUNK_BYTES, Blobs, StoredBlob, open_blobs
from app.errors import ContentTooLargeError, InsufficientStorageError, NotFoundError, UnavailableError
from app.settings import Settings

WORDS = b"Ich hatte Angst, dass mein Geld weg ist."
LIMIT = 10 * CHUNK_BYTES
NOWHERE = "0" * 64

UPLOAD_THAT_STOPS = """
import sys
from pathlib import Path
from app.blobs import open_blobs
from app.settings import Settings

def chunks():
    yield b"half of a recording"
    print("half", flush=True)
    sys.stdin.read()

open_blobs(Settings(data_dir=Path(sys.argv[1]))).put(chunks(), 1000)
"""


class FullDisk(LocalFileSystem):  # type: ignore[misc] # fsspec has no types
    """A disk without room: what is written to any file meets the end of the disk."""

    cachable = False

    def _open(self, path: str, mode: str = "rb", **options: Any) -> Any:
        if "w" in mode:
            Path(path).touch()
        return super()._open("/dev/full" if "w" in mode else path, mode, **options)


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    """A local server that speaks S3."""
    moto = pytest.importorskip("moto.server", reason="the object store of the tests comes with moto[server]")
    pytest.importorskip("s3fs", reason="S3 needs the extra s3")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def s3_url(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty bucket, reached as any program of AWS reaches it: by its environment."""
    environment = {"ENDPOINT_URL": s3_endpoint, "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test"}
    for name, value in (environment | {"DEFAULT_REGION": "us-east-1"}).items():
        monkeypatch.setenv(f"AWS_{name}", value)
    store = fsspec.filesystem("s3", skip_instance_cache=True)
    store.mkdir("interviews")
    yield "s3://interviews/recordings"
    store.rm("interviews", recursive=True)


@pytest.fixture(params=["folder", "memory", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Blobs]:
    """Kept files of any kind, none so far."""
    if request.param == "folder":
        yield open_blobs(Settings(data_dir=tmp_path / "data"))
    elif request.param == "s3":
        yield open_blobs(Settings(recordings_url=request.getfixturevalue("s3_url")))
    else:
        yield open_blobs(Settings(recordings_url=f"memory://{tmp_path.name}"))
        fsspec.filesystem("memory").rm("/", recursive=True)


def all_paths(kept: Blobs) -> list[str]:
    """Every file below the root, also half ones."""
    return sorted(kept.files.find(kept.root, refresh=True))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 1])
def test_what_is_put_comes_back(kept: Blobs, size: int, tmp_path: Path) -> None:
    """A file is kept byte for byte under its SHA-256, and reached by it."""
    content = bytes(index % 251 for index in range(size))
    stored = kept.put(io.BytesIO(content), LIMIT)
    assert stored == StoredBlob(hashlib.sha256(content).hexdigest(), size)
    with kept.open(stored.sha256) as file:
        assert file.read() == content
    assert kept.size_bytes(stored.sha256) == size
    assert kept.fetch(stored.sha256, tmp_path).read_bytes() == content
    assert all_paths(kept) == [f"{kept.root}/{stored.sha256}"]


def test_a_file_is_read_from_any_place(kept: Blobs) -> None:
    """An opened file goes to and fro."""
    with kept.open(kept.put(iter([WORDS]), LIMIT).sha256) as file:
        for start in (20, 0, len(WORDS) - 1):
            file.seek(start)
            assert file.read(5) == WORDS[start : start + 5]


def test_chunks_and_files_are_the_same(kept: Blobs) -> None:
    """The bytes count, not how they come; the same bytes are kept once."""
    chunks = kept.put((WORDS[place : place + 7] for place in range(0, len(WORDS), 7)), LIMIT)
    assert kept.put(io.BytesIO(WORDS), LIMIT) == chunks
    assert len(all_paths(kept)) == 1


@pytest.mark.parametrize("size", [11, 5 * CHUNK_BYTES])
def test_what_is_too_large_leaves_nothing(kept: Blobs, size: int) -> None:
    """A stream is refused as soon as it goes beyond the limit, whatever it may have said before."""
    endless = iter(lambda: b"x" * 10, b"")
    for stream in (io.BytesIO(b"x" * size), endless):
        with pytest.raises(ContentTooLargeError, match="10 bytes"):
            kept.put(stream, 10)
    assert all_paths(kept) == []
    assert kept.put(iter([b"x" * 10]), 10).size_bytes == 10


def test_a_stream_that_breaks_leaves_nothing(kept: Blobs) -> None:
    """A sender who goes away leaves no half file, and the error is the sender's."""

    def broken() -> Iterator[bytes]:
        yield WORDS
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        kept.put(broken(), LIMIT)
    assert all_paths(kept) == []


def test_what_is_not_kept_is_not_found(kept: Blobs, tmp_path: Path) -> None:
    """A file that never came, was deleted, or has no SHA-256 for a name is not found."""
    gone = kept.put(iter([WORDS]), LIMIT).sha256
    kept.delete(gone)
    kept.delete(gone)
    for sha256 in (NOWHERE, gone, "../../etc/passwd", "incoming", gone.upper()):
        assert not kept.exists(sha256)
        for read in (kept.open, kept.size_bytes, lambda name: kept.fetch(name, tmp_path)):
            with pytest.raises(NotFoundError):
                read(sha256)


def test_a_killed_upload_is_invisible_and_swept(tmp_path: Path) -> None:
    """What a killed process left half done is never taken for a file, and goes once nobody wrote to it for a time."""
    kept = open_blobs(Settings(data_dir=tmp_path))
    sent = [sys.executable, "-c", UPLOAD_THAT_STOPS, str(tmp_path)]
    with subprocess.Popen(sent, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as upload:
        assert upload.stdout is not None
        assert upload.stdout.readline() == b"half\n"
        upload.send_signal(signal.SIGKILL)
    (half,) = all_paths(kept)
    assert not kept.exists(half.rpartition("/")[2])
    assert kept.sweep(timedelta(hours=1)) == 0
    assert kept.sweep(timedelta(0)) == 1
    assert all_paths(kept) == []


def test_sweeping_keeps_what_is_whole(kept: Blobs) -> None:
    """Only what is on its way in is swept; where nothing ever came there is nothing to sweep."""
    assert kept.sweep(timedelta(0)) == 0
    stored = kept.put(iter([WORDS]), LIMIT)
    assert kept.sweep(timedelta(0)) == 0
    assert kept.exists(stored.sha256)


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    """Where no room is left that is said, what is there stays readable, and no half file takes more room."""
    kept = open_blobs(Settings(data_dir=tmp_path))
    stored = kept.put(iter([WORDS]), LIMIT)
    full = Blobs(FullDisk(), kept.root)
    for stream in (io.BytesIO(b"x" * LIMIT), iter([b"x"])):
        with pytest.raises(InsufficientStorageError) as refusal:
            full.put(stream, LIMIT)
        assert refusal.value.status_code == 507
    assert all_paths(kept) == [f"{kept.root}/{stored.sha256}"]


def test_nobody_else_enters_the_folder(tmp_path: Path) -> None:
    """Recordings are private: their folder is open to its owner alone."""
    kept = open_blobs(Settings(data_dir=tmp_path / "not yet there"))
    kept.put(iter([WORDS]), LIMIT)
    assert stat.S_IMODE(Path(kept.root).stat().st_mode) == 0o700


def test_what_cannot_be_reached_is_unavailable(tmp_path: Path) -> None:
    """A file in place of the folder is told as what it is: a fault of the place."""
    (tmp_path / "recordings").write_text("not a folder")
    kept = open_blobs(Settings(data_dir=tmp_path))
    with pytest.raises(UnavailableError, match="VERBATIM_RECORDINGS_URL"):
        kept.put(iter([WORDS]), LIMIT)
    with pytest.raises(UnavailableError, match="VERBATIM_RECORDINGS_URL"):
        kept.open(NOWHERE)


@pytest.mark.parametrize("url", ["recordings", "file://", "nowhere://bucket", "://x"])
def test_a_wrong_url_is_refused(url: str) -> None:
    """What is no URL, or of an unknown kind, is refused with what to write instead."""
    with pytest.raises(UnavailableError, match=r"VERBATIM_RECORDINGS_URL.*s3://"):
        open_blobs(Settings(recordings_url=url))


def test_opening_makes_nothing(tmp_path: Path) -> None:
    """A command that keeps no file leaves no folder."""
    open_blobs(Settings(data_dir=tmp_path / "data"))
    assert list(tmp_path.iterdir()) == []


def test_what_comes_in_is_found_when_it_is_settled(kept: Blobs) -> None:
    """Not before; and what is dropped instead leaves nothing."""
    incoming, dropped = kept.receive(iter([WORDS]), LIMIT), kept.receive(iter([WORDS * 2]), LIMIT)
    assert kept.names() == frozenset()
    kept.settle(incoming)
    kept.drop(dropped)
    assert kept.names() == {incoming.sha256}
    assert kept.sweep(timedelta(0)) == 0


def test_only_old_files_are_deleted_for_their_age(kept: Blobs) -> None:
    """What came a moment ago stays."""
    stored = kept.put(iter([WORDS]), LIMIT)
    assert not kept.delete_if_older(stored.sha256, timedelta(hours=1))
    assert kept.exists(stored.sha256)
    assert kept.delete_if_older(stored.sha256, timedelta(seconds=-60))
    assert not kept.exists(stored.sha256)
