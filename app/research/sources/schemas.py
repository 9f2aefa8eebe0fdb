"""What is told of external sources."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from app.frozen import Frozen
from app.vocabulary import SourceKind


class SourceEntry(Frozen):
    """An external document; it is no person, and counts for none. `version` to `chunks` are of what questions see."""

    code: str
    kind: SourceKind
    competitor: str | None
    title: str
    url: str | None
    version: int | None = Field(description="the version that questions see; null where it could not be read yet")
    versions: int
    language: str | None
    date: date | None
    seen_at: datetime | None = Field(description="when its words were last found to be these")
    chunks: int
    problem: str | None = Field(description="why it could not be read when that was tried last")


class SourcePage(Frozen):
    """One page of the external sources of a study, by code."""

    study: str
    sources: tuple[SourceEntry, ...]
    next_cursor: str | None


class SourceVersion(Frozen):
    """What a source said at a time."""

    version: int
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    language: str
    extractor: str = Field(description="what read its text, with versions")
    date: date | None
    seen_at: datetime
    created_at: datetime
    chunks: int


class SourceDetail(Frozen):
    """A source with its versions, and one page of the text of one of them: its characters from `start` to `end`."""

    study: str
    source: SourceEntry
    versions: tuple[SourceVersion, ...]
    shown_version: int | None
    text: str
    start: int
    end: int
    next_cursor: str | None


class TakenSource(Frozen):
    """What became of a document that came: a new source, a new version of one, or nothing new."""

    outcome: Literal["added", "changed", "unchanged"]
    source: SourceEntry
    warnings: tuple[str, ...]


class Change(Frozen):
    """A sentence that changed, and the numbers that stand in one of its wordings alone."""

    before: str
    after: str
    numbers_before: tuple[str, ...]
    numbers_after: tuple[str, ...]


class Changes(Frozen):
    """How two versions of a source differ, sentence by sentence; what only moved has not changed."""

    study: str
    source: str
    title: str
    before: SourceVersion
    after: SourceVersion
    changed: tuple[Change, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
