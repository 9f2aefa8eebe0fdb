"""Archives are read within limits, part by part; nothing of them reaches the disk."""

import io
import struct
import zipfile

import pytest
from refi_factory import archive, code, project

from app.errors import InvalidInputError
from app.research.exchange.archive import MOST_ENTRIES, open_archive, write_archive

DOCUMENT = project(code("Money"), "")


def problem_of(data: bytes, source: str = "") -> str:
    """Why an archive, or a source in it, is refused."""
    with pytest.raises(InvalidInputError) as error:
        read_all(data, source)
    return error.value.faults[0].problem


def read_all(data: bytes, source: str) -> None:
    """Read the document, and one source."""
    with open_archive(data) as opened:
        opened.read_document()
        opened.read_source(source)


@pytest.mark.parametrize("name", ["project.qde", "Project.qde", "PROJECT.QDE", "My study.qde"])
@pytest.mark.parametrize("folder", ["Sources", "sources", "SOURCES"])
def test_names_are_read_as_programs_write_them(name: str, folder: str) -> None:
    """Capitals differ, and so does what the document is called."""
    with open_archive(archive(DOCUMENT, {f"{folder}/A1.TXT": b"words"}, name)) as opened:
        assert opened.read_document() == DOCUMENT
        assert opened.read_source("internal://a1.txt") == b"words"
        assert opened.read_source("internal://a2.txt") is None
        assert opened.read_source("relative:///a1.txt") is None


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "it is not a whole archive"),
        (DOCUMENT, "it is not a whole archive"),
        (archive(DOCUMENT)[:-30], "it is not a whole archive"),
        (archive(DOCUMENT, name="project.xml"), "it has 0 files *.qde in place of one"),
        (archive(DOCUMENT, {"other.qde": DOCUMENT}), "it has 2 files *.qde in place of one"),
        (archive(DOCUMENT, name="Sources/project.qde"), "it has 0 files *.qde in place of one"),
    ],
)
def test_what_is_no_project_is_refused(data: bytes, problem: str) -> None:
    """Other files, broken ones, and such without one document."""
    assert problem_of(data) == problem


def test_a_broken_part_is_refused() -> None:
    """Its checksum is wrong."""
    data = bytearray(archive(DOCUMENT, {"Sources/a.txt": b"words" * 100}))
    place = data.index(b"Sources/a.txt") + len("Sources/a.txt") + 3
    data[place] ^= 0xFF
    assert problem_of(bytes(data), "internal://a.txt") == "it is not a whole archive"


def test_a_password_is_told() -> None:
    """In place of that the file is broken."""
    data = bytearray(archive(DOCUMENT))
    for mark, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + flags_at
        data[place : place + 2] = struct.pack("<H", 1)
    assert problem_of(bytes(data)) == "it has a password"


def test_bombs_are_refused() -> None:
    """Before anything is unpacked; each of them is small while it is packed."""
    blown = b"\0" * (3 * 1024 * 1024)
    assert problem_of(archive(blown)).startswith("3,145,728 bytes packed into ")
    assert "packed into" in problem_of(archive(DOCUMENT, {"Sources/a.txt": blown}), "internal://a.txt")


def test_too_many_parts_are_refused() -> None:
    """Their number alone costs time."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for number in range(MOST_ENTRIES + 1):
            packed.writestr(str(number), b"")
    assert problem_of(written.getvalue()) == f"it has {MOST_ENTRIES + 1:,} parts"


@pytest.mark.parametrize("path", ["internal://../../etc/hostname", "internal:///etc/hostname", "internal://", "", "//"])
def test_no_path_leaves_the_archive(path: str) -> None:
    """Sources are looked for in the archive by their file name alone."""
    with open_archive(archive(DOCUMENT, {"../../etc/passwd": b"inside"})) as opened:
        assert opened.read_source(path) is None
        assert opened.read_source("internal://passwd") == b"inside"


def test_the_same_project_is_the_same_bytes() -> None:
    """So that a file that was exported twice can be compared."""
    written = write_archive(DOCUMENT, {"a.txt": "Ärger 😀"})
    assert written == write_archive(DOCUMENT, {"a.txt": "Ärger 😀"})
    with open_archive(written) as opened:
        assert opened.read_source("internal://a.txt") == "Ärger 😀".encode()
