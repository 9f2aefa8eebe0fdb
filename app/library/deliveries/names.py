"""The names of files that come over the web: paths within a folder, and nothing that leads out of it or hides."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from app.errors import Fault, InvalidInputError
from app.library.deliveries.schemas import DeliveredFile

MOST_FILES = 2_000
LONGEST_NAME = 300
DEEPEST = 10
MANIFEST = "study.yaml"

_LITTER = re.compile(r"(^|/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(/|$)", re.IGNORECASE)


def is_litter(name: str) -> bool:
    """Whether a file is one that systems leave in folders, which nobody meant to send."""
    return _LITTER.search(name.replace("\\", "/")) is not None


def checked_name(given: str) -> str:
    """A name as a path within a folder.

    Raises:
        InvalidInputError: it leads out of the folder, or is none that a file can have everywhere.
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/")
    parts = name.split("/")
    shown = "".join(letter for letter in name if letter.isprintable())[:60] or "a file"
    if len(name) > LONGEST_NAME or len(parts) > DEEPEST or any(len(part.encode()) > 255 for part in parts):
        raise refused(
            shown, "its path is too long, or too deep", f"at most {LONGEST_NAME} characters, {DEEPEST} folders"
        )
    if not name.isprintable() or re.match(r"[A-Za-z]:", name) or not {"", ".", ".."}.isdisjoint(parts):
        raise refused(shown, "its name leads out of the folder, or cannot be shown", "rename it")
    return name


def arranged(files: Iterable[DeliveredFile]) -> tuple[DeliveredFile, ...]:
    """The files as the study folder has them: under the folder of the outermost `study.yaml`, if there is one.

    Raises:
        InvalidInputError: there is no file, there are too many, or two of one name.
    """
    by_name: dict[str, DeliveredFile] = {}
    for file in files:
        known = by_name.setdefault(file.name, file)
        if known.sha256 != file.sha256:
            raise refused(file.name, "comes twice, with other content", "send one of them")
    _refuse_folders(by_name)
    if not 0 < len(by_name) <= MOST_FILES:
        raise refused("files", f"there are {len(by_name):,}", f"send 1 to {MOST_FILES:,} files")
    manifests = [PurePosixPath(name) for name in by_name if PurePosixPath(name).name == MANIFEST]
    if not manifests:
        return tuple(by_name.values())
    root = min(manifests, key=lambda path: (len(path.parts), str(path))).parent
    within = {PurePosixPath(name): file for name, file in by_name.items() if PurePosixPath(name).is_relative_to(root)}
    return tuple(file.model_copy(update={"name": str(path.relative_to(root))}) for path, file in within.items())


def refused(place: str, problem: str, remedy: str) -> InvalidInputError:
    """The error for files that cannot be taken in."""
    return InvalidInputError(
        "these files cannot be taken in; nothing of them was kept", (Fault(place, problem, remedy),)
    )


def _refuse_folders(by_name: Mapping[str, DeliveredFile]) -> None:
    for name in by_name:
        parent = next((str(path) for path in PurePosixPath(name).parents if str(path) in by_name), None)
        if parent is not None:
            raise refused(parent, "is a file and a folder at once", "rename one of them")
