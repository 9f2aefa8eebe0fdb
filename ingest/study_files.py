"""The files of a study folder: found inside it whatever the manifest says, and read within limits."""

import os
import re
import stat
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath, PureWindowsPath

from ingest.study_faults import FaultLog, shown, unknown, wrong

_MB = 1_000_000
_MAX_NEIGHBOURS = 500
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class FileKind:
    """What a file may be: known by its suffix, of limited size."""

    noun: str
    suffixes: tuple[str, ...]
    max_bytes: int


YAML = FileKind("YAML file", (".yaml", ".yml"), 2 * _MB)
TABLE = FileKind("CSV file", (".csv",), 50 * _MB)
TRANSCRIPT = FileKind("transcript", (".vtt", ".srt", ".docx", ".txt", ".md", ".json"), 50 * _MB)
RECORDING = FileKind(
    "recording", (".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus", ".mp4", ".mkv", ".webm"), 8_000 * _MB
)
SOURCE = FileKind("source", (".html", ".htm", ".md", ".txt", ".pdf", ".docx"), 50 * _MB)


@dataclass(frozen=True, slots=True)
class StudyFile:
    """A file of a study: its name as the manifest gives it, where it is, and what it is."""

    name: str
    path: Path
    kind: FileKind


def find_file(root: Path, name: str, *kinds: FileKind) -> StudyFile:
    """Find the file that a manifest names, inside the resolved study folder `root`.

    Raises:
        PydanticCustomError: it is not there, leads elsewhere, or is not such a file; with the remedy.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or PureWindowsPath(name).drive:
        remedy = "write a path that begins in the study folder, with `/` between its parts: `transcripts/P01.vtt`"
        raise wrong(f"{shown(name)} may lead out of the study folder", remedy)
    kind = next((kind for kind in kinds if path.suffix.lower() in kind.suffixes), None)
    if kind is None:
        suffixes = ", ".join(suffix for kind in kinds for suffix in kind.suffixes)
        nouns = " or ".join(kind.noun for kind in kinds)
        raise wrong(f"{shown(name)} is not a {nouns}", f"write a file that ends in one of {suffixes}")
    found = StudyFile(str(path), _resolve(root, path, kind), kind)
    _check_content(found)
    return found


def _resolve(root: Path, path: PurePosixPath, kind: FileKind) -> Path:
    try:
        found = (root / path).resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        neighbours = _neighbours(root, path, kind)
        raise unknown(f"there is no file {shown(str(path))}", str(path), neighbours, " or put it there") from error
    if not found.is_relative_to(root):
        raise wrong(f"{shown(str(path))} is a link out of the study folder", "copy the file into the study folder")
    return found


def _neighbours(root: Path, path: PurePosixPath, kind: FileKind) -> list[str]:
    """Names of the files of its kind that stand where a file is missing."""
    try:
        folder = (root / path.parent).resolve(strict=True)
        if not folder.is_relative_to(root):
            return []
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _MAX_NEIGHBOURS)]
        of_kind = [name for name in names if name.isprintable() and name.lower().endswith(kind.suffixes)]
        return sorted(str(path.parent / name) for name in of_kind)
    except (OSError, RuntimeError, ValueError):
        return []


def _check_content(file: StudyFile) -> None:
    """Refuse what cannot be opened; an empty transcript is left to its interview, which then fails alone."""
    status = file.path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise wrong(f"{shown(file.name)} is not a file", "write the name of a file")
    if not status.st_size and file.kind is not TRANSCRIPT:
        raise wrong(f"{shown(file.name)} is empty", "export it again, or leave it out")
    if status.st_size > file.kind.max_bytes:
        limit = f"{file.kind.max_bytes // _MB} MB"
        raise wrong(f"{shown(file.name)} is larger than {limit}", f"a {file.kind.noun} has {limit} at most: split it")
    if not os.access(file.path, os.R_OK):
        raise wrong(f"{shown(file.name)} may not be read", "allow the user who runs this to read it")


def read_text(file: StudyFile, faults: FaultLog) -> str | None:
    """Read a UTF-8 file, with or without byte order mark; report why it cannot be read, and return nothing."""
    content = file.path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"the byte 0x{content[error.start]:02X} is not UTF-8"
        faults.add(file.name, line, problem, "save the file in the encoding UTF-8")
        return None
    unprintable = find_unprintable(text)
    if unprintable:
        line = text.count("\n", 0, unprintable.start()) + 1
        faults.add(file.name, line, *describe_unprintable(unprintable))
        return None
    return text


def find_unprintable(text: str) -> re.Match[str] | None:
    """Find a control character or half a surrogate pair: neither can be stored or shown."""
    return _UNPRINTABLE.search(text)


def describe_unprintable(found: re.Match[str]) -> tuple[str, str]:
    """State problem and remedy of a character that cannot be stored."""
    return f"the character U+{ord(found.group()):04X} cannot be stored", "delete it"
