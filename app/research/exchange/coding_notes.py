"""What is noted of a coding that a model made, since other tools know only persons who code."""

import re
from dataclasses import dataclass

from app.tagging.store import TAGGER

_NOTE = re.compile(r"by (?P<basis>model|rule), confidence (?P<confidence>[01]|[01]\.\d{1,17}|\d\.\d{1,17}e-\d{1,3})")


@dataclass(frozen=True)
class CodingNote:
    """What a tagging is by, and how sure it is."""

    basis: str = "person"
    confidence: float = 1.0


def write_note(note: CodingNote) -> str | None:
    """What to note of a tagging; nothing of a person's."""
    return None if note.basis == "person" else f"by {note.basis}, confidence {note.confidence!r}"


def read_note(text: str, author: str) -> CodingNote:
    """Read what is noted; whoever is not our tagger is a person."""
    found = _NOTE.fullmatch(text) if author.startswith(f"{TAGGER}/") else None
    if found is None or not 0 <= float(found["confidence"]) <= 1:
        return CodingNote()
    return CodingNote(found["basis"], float(found["confidence"]))
