"""REFI-QDA documents are read into values."""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from app.errors import Fault
from app.research.codebook.schemas import LONGEST_LINE
from app.research.exchange.documents import DocumentKind, refused
from app.research.exchange.positions import Selected
from app.research.exchange.project_nodes import CodeNode, CodingNode, Misfit, Project, SelectionNode, TextNode
from app.text import normalise

LONGEST_NAME = 200
MOST_CODES = 5000

_AREAS = {
    "PictureSelection": "it selects an area of a picture",
    "PDFSelection": "it selects an area of a page",
    "AudioSelection": "it selects a stretch of sound",
    "VideoSelection": "it selects a stretch of film",
}
_LEFT_OUT = {
    "Note": "notes",
    "Link": "links",
    "Set": "sets",
    "Graph": "graphs",
    "Case": "cases",
    "Variable": "variables",
}


def read_codes(root: Any, kind: DocumentKind) -> tuple[CodeNode, ...]:
    """The codes of a codebook or of a project, those above before those below.

    Raises:
        InvalidInputError: there are too many.
    """
    found = (code for codes in root.iter(kind.tag("Codes")) for code in _codes(codes, kind, ()))
    codes = tuple(islice(found, MOST_CODES + 1))
    if len(codes) > MOST_CODES:
        raise refused(kind, Fault(f"line {codes[-1].line}", f"there are more than {MOST_CODES:,} codes", "split it"))
    return codes


def read_project(root: Any, kind: DocumentKind) -> Project:
    """Read a project."""
    reader = _Reader(kind)
    users = {_guid(user.get("guid")): _user_name(user) for user in root.iter(kind.tag("User"))}
    sources = root.find(kind.tag("Sources"))
    nodes = list(sources) if sources is not None else []
    texts = tuple(text for node in nodes for text in reader.texts(node))
    known = {selection.get("guid") for node in nodes for selection in node.iter(kind.tag("PlainTextSelection"))}
    return Project(
        origin=root.get("origin", ""),
        users=users,
        codes=read_codes(root, kind),
        texts=texts,
        misfits=tuple(misfit for node in nodes for misfit in reader.misfits(node, known)),
        left_out=Counter(name for tag, name in _LEFT_OUT.items() for _ in root.iter(kind.tag(tag))),
    )


def _codes(parent: Any, kind: DocumentKind, path: tuple[str, ...]) -> Iterator[CodeNode]:
    for node in parent.iterchildren(kind.tag("Code")):
        name = normalise(node.get("name", "")).strip()[:LONGEST_LINE]
        description = normalise(node.findtext(kind.tag("Description")) or "").strip()
        codable = node.get("isCodable", "").strip() in ("true", "1")
        yield CodeNode(_guid(node.get("guid")), name, description, codable, path, node.sourceline)
        yield from _codes(node, kind, (*path, name))


@dataclass(frozen=True)
class _Reader:
    """Reads sources of one kind of document."""

    kind: DocumentKind

    def texts(self, source: Any) -> Iterator[TextNode]:
        """The texts of a source: itself, its representation in words, its transcripts."""
        tag = self.kind.tag
        if source.tag == tag("TextSource"):
            yield self._text(source, source, self._selections(source))
        for text in source.iterchildren(tag("Representation")):
            yield self._text(source, text, self._selections(text))
        for transcript in source.iterchildren(tag("Transcript")):
            yield self._text(source, transcript, self._heard(transcript))

    def misfits(self, source: Any, known: set[str]) -> Iterator[Misfit]:
        """Codings of what has no words; a page's selection that is one of words as well is not among them."""
        name = _name(source)
        for coding in source.iterchildren(self.kind.tag("Coding")):
            yield Misfit(self._coding(coding, source, source), name, "it codes a whole document")
        for tag, reason in _AREAS.items():
            for selection in source.iterchildren(self.kind.tag(tag)):
                if tag == "PDFSelection" and selection.get("guid") in known:
                    continue
                for coding in selection.iterchildren(self.kind.tag("Coding")):
                    yield Misfit(self._coding(coding, selection, source), name, reason)

    def _text(self, source: Any, node: Any, selections: Iterator[SelectionNode]) -> TextNode:
        content = node.findtext(self.kind.tag("PlainTextContent"))
        name = _name(source) if source is node else f"{_name(source)} · {_name(node)}"
        return TextNode(name, node.get("plainTextPath"), content, tuple(selections), node.sourceline)

    def _selections(self, text: Any) -> Iterator[SelectionNode]:
        for node in text.iterchildren(self.kind.tag("PlainTextSelection")):
            start, end = int(node.get("startPosition")), int(node.get("endPosition"))
            yield self._selection(node, text, Selected(start, end, node.get("name")))

    def _heard(self, transcript: Any) -> Iterator[SelectionNode]:
        """Selections of a transcript lie between points, each of which has its position in the text."""
        points = {
            point.get("guid"): int(point.get("position", -1))
            for point in transcript.iterchildren(self.kind.tag("SyncPoint"))
        }
        for node in transcript.iterchildren(self.kind.tag("TranscriptSelection")):
            start, end = (points.get(node.get(name), -1) for name in ("fromSyncPoint", "toSyncPoint"))
            yield self._selection(node, transcript, Selected(start, end, node.get("name")))

    def _selection(self, node: Any, text: Any, selected: Selected) -> SelectionNode:
        codings = tuple(self._coding(coding, node, text) for coding in node.iterchildren(self.kind.tag("Coding")))
        description = (node.findtext(self.kind.tag("Description")) or "").strip()
        return SelectionNode(selected, description, codings, node.sourceline)

    def _coding(self, coding: Any, selection: Any, source: Any) -> CodingNode:
        users = (coding.get("creatingUser"), selection.get("creatingUser"), source.get("creatingUser"))
        user = next((_guid(user) for user in users if user), None)
        code = coding.find(self.kind.tag("CodeRef")).get("targetGUID")
        return CodingNode(_guid(code), user, coding.sourceline)


def _guid(value: str) -> uuid.UUID:
    return uuid.UUID(value.strip().strip("{}"))


def _name(node: Any) -> str:
    return shown(str(node.get("name") or etree.QName(node).localname))


def _user_name(user: Any) -> str:
    return shown(str(user.get("name") or user.get("id") or "")) or str(user.get("guid"))


def shown(name: str) -> str:
    """A name as it can be stored and shown: one short line."""
    line = " ".join(normalise(name).split())
    return "".join(letter for letter in line if letter.isprintable())[:LONGEST_NAME].strip()
