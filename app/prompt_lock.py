"""The lock of the prompts: which words each version has, so that no prompt changes its words and keeps its version."""

import json
from collections.abc import Mapping
from pathlib import Path

from app.errors import ConflictError, Fault, UnavailableError
from app.prompts import PROMPTS, Prompt

Lock = Mapping[str, Mapping[str, str | int]]

_FILE = "lock.json"


def read_lock(folder: Path = PROMPTS) -> Lock:
    """What was locked, by name: version and SHA-256."""
    try:
        locked: Lock = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return locked


def find_unlocked(prompts: Mapping[str, Prompt], locked: Lock) -> tuple[Fault, ...]:
    """Prompts that are not as they were locked, and what is locked and gone."""
    faults = [_compare(prompt, locked.get(name)) for name, prompt in prompts.items()]
    gone = [Fault(name, "is locked, and there is no such prompt", _LOCK) for name in locked if name not in prompts]
    return (*(fault for fault in faults if fault), *gone)


def write_lock(prompts: Mapping[str, Prompt], folder: Path = PROMPTS) -> None:
    """Lock the prompts as they are.

    Raises:
        ConflictError: one was changed and kept its version.
        UnavailableError: the folder cannot be written to.
    """
    locked = read_lock(folder)
    faults = tuple(
        Fault(name, f"was changed and is still version {prompt.front.version}", "raise its version")
        for name, prompt in prompts.items()
        if name in locked and prompt.front.version <= int(locked[name]["version"]) and _entry(prompt) != locked[name]
    )
    if faults:
        raise ConflictError("prompts cannot be locked", faults)
    text = json.dumps({name: _entry(prompt) for name, prompt in sorted(prompts.items())}, indent=2)
    try:
        (folder / _FILE).write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise UnavailableError(f"{folder / _FILE} cannot be written; lock prompts where the source is") from error


_LOCK = "lock it with `verbatim prompts --lock`"


def _compare(prompt: Prompt, locked: Mapping[str, str | int] | None) -> Fault | None:
    if locked is None:
        return Fault(prompt.name, "is not locked", _LOCK)
    if _entry(prompt) == locked:
        return None
    if prompt.front.version > int(locked["version"]):
        return Fault(prompt.name, f"has a new version {prompt.front.version}", _LOCK)
    return Fault(prompt.name, "was changed and kept its version", f"raise its version, then {_LOCK}")


def _entry(prompt: Prompt) -> dict[str, str | int]:
    return {"version": prompt.front.version, "sha256": prompt.sha256}
