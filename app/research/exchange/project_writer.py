"""REFI-QDA documents of a study: its codes under their kinds, its people as cases, its transcripts with codings."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from sqlalchemy import RowMapping

from app.research.exchange.code_words import DENIED, describe, identify, name_code
from app.research.exchange.coding_notes import CodingNote, write_note
from app.research.exchange.documents import CODEBOOK, PROJECT, DocumentKind
from app.text import normalise
from app.vocabulary import Kind, Polarity

ORIGIN = "Verbatim"
LONGEST_NAME = 100
VARIABLES = ("segment", "language", "ltv_band", "abcd_class")

_NO_CHARACTERS = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True)
class Exported:
    """What is exported of a study, as rows of the database."""

    study: str
    title: str
    codes: Sequence[RowMapping]
    taggings: Sequence[RowMapping] = ()
    people: Sequence[RowMapping] = ()
    talks: tuple["SourceText", ...] = ()


@dataclass(frozen=True)
class SourceText:
    """The text of a transcript, and where each utterance begins in it (code points)."""

    interview: str
    text: str
    starts: Mapping[uuid.UUID, int]

    def file_name(self, study: str) -> str:
        """What its file is called."""
        return f"{_guid(study, 'source', self.interview)}.txt"


def write_talk(interview: str, utterances: Iterable[RowMapping]) -> SourceText:
    """Write a transcript as text: each utterance after who says it."""
    parts: list[str] = []
    starts: dict[uuid.UUID, int] = {}
    length = 0
    for utterance in utterances:
        label = f"{utterance['speaker']}: "
        starts[utterance["id"]] = length + len(label)
        parts.append(f"{label}{utterance['text']}\n\n")
        length += len(parts[-1])
    return SourceText(interview, "".join(parts), starts)


def build_codebook(exported: Exported) -> Any:
    """The codebook of a study as a document."""
    root = _root(CODEBOOK, {"origin": ORIGIN})
    _add_codes(root, CODEBOOK, exported)
    return root


def build_project(exported: Exported) -> Any:
    """The project of a study as a document."""
    root = _root(PROJECT, {"name": exported.title, "origin": ORIGIN})
    authors = sorted({row["author"] for row in exported.taggings})
    if authors:
        users = _add(root, PROJECT, "Users")
        for author in authors:
            _add(users, PROJECT, "User", guid=_guid(exported.study, "user", author), name=author)
    if exported.codes:
        _add_codes(_add(root, PROJECT, "CodeBook"), PROJECT, exported)
    if exported.people:
        _add_people(root, exported)
    if exported.talks:
        _add_sources(root, exported)
    return root


def _add_codes(parent: Any, kind: DocumentKind, exported: Exported) -> None:
    """Each kind is a code above those of the study's own; denials have a code of their own below the one they deny."""
    denied = {row["code"] for row in exported.taggings if row["polarity"] == Polarity.DENIED}
    codes = _add(parent, kind, "Codes")
    above: dict[str, Any] = {}
    for row in exported.codes:
        of_kind = above.get(row["kind"], codes)
        node = _add_code(of_kind, kind, _guid(exported.study, row["code"]), name_code(row["code"], row["labels"]))
        words = describe(Kind(row["kind"]), row["about"], row["labels"], row["examples"])
        _add(node, kind, "Description").text = _fit(words)
        if row["code"] in denied:
            _add_code(node, kind, _guid(exported.study, row["code"], DENIED), f"{row['code']}{DENIED}")
        if row["code"] == row["kind"]:
            above[row["kind"]] = node


def _add_code(parent: Any, kind: DocumentKind, guid: str, name: str) -> Any:
    return _add(parent, kind, "Code", guid=guid, name=name, isCodable="true")


def _add_people(root: Any, exported: Exported) -> None:
    variables, cases = _add(root, PROJECT, "Variables"), _add(root, PROJECT, "Cases")
    for name in VARIABLES:
        guid = _guid(exported.study, "variable", name)
        _add(variables, PROJECT, "Variable", guid=guid, name=name, typeOfVariable="Text")
    for person in exported.people:
        case = _add(cases, PROJECT, "Case", guid=_guid(exported.study, "case", person["code"]), name=person["code"])
        for name in VARIABLES:
            if person[name]:
                value = _add(case, PROJECT, "VariableValue")
                _add(value, PROJECT, "VariableRef", targetGUID=_guid(exported.study, "variable", name))
                _add(value, PROJECT, "TextValue").text = _fit(person[name])
        for interview in person["interviews"]:
            _add(case, PROJECT, "SourceRef", targetGUID=_guid(exported.study, "source", interview))


def _add_sources(root: Any, exported: Exported) -> None:
    sources = _add(root, PROJECT, "Sources")
    by_interview: dict[str, list[RowMapping]] = {talk.interview: [] for talk in exported.talks}
    for tagging in exported.taggings:
        by_interview[tagging["interview"]].append(tagging)
    for talk in exported.talks:
        guid = _guid(exported.study, "source", talk.interview)
        path = f"internal://{talk.file_name(exported.study)}"
        source = _add(sources, PROJECT, "TextSource", guid=guid, name=talk.interview, plainTextPath=path)
        for tagging in by_interview[talk.interview]:
            _add_coding(source, talk, tagging, exported.study)


def _add_coding(source: Any, talk: SourceText, tagging: RowMapping, study: str) -> None:
    """A selection with one coding, so that what a model is sure of can be noted beside it."""
    denied = (DENIED,) if tagging["polarity"] == Polarity.DENIED else ()
    start = talk.starts[tagging["utterance"]]
    where = (tagging["code"], tagging["author"], talk.interview, str(start), str(tagging["start"]), str(tagging["end"]))
    made = {"creatingUser": _guid(study, "user", tagging["author"]), "creationDateTime": _moment(tagging["created_at"])}
    selection = _add(
        source,
        PROJECT,
        "PlainTextSelection",
        guid=_guid(study, "selection", *where),
        name=_shorten(tagging["quote"]),
        startPosition=str(start + tagging["start"]),
        endPosition=str(start + tagging["end"]),
        **made,
    )
    note = write_note(CodingNote(tagging["basis"], tagging["confidence"]))
    if note is not None:
        _add(selection, PROJECT, "Description").text = note
    coding = _add(selection, PROJECT, "Coding", guid=_guid(study, "coding", *where), **made)
    _add(coding, PROJECT, "CodeRef", targetGUID=_guid(study, tagging["code"], *denied))


def _root(kind: DocumentKind, attributes: Mapping[str, str]) -> Any:
    root = etree.Element(kind.tag(kind.root), nsmap={None: kind.namespace})
    for name, value in attributes.items():
        root.set(name, _fit(value))
    return root


def _add(parent: Any, kind: DocumentKind, tag: str, **attributes: str) -> Any:
    return etree.SubElement(parent, kind.tag(tag), {name: _fit(value) for name, value in attributes.items()})


def _guid(study: str, *names: str) -> str:
    return str(identify(study, *names)).upper()


def _fit(text: str) -> str:
    """A text with nothing that XML cannot hold."""
    return _NO_CHARACTERS.sub("", normalise(text))


def _shorten(quote: str) -> str:
    """The words that a selection is called by, cut off as other programs do it."""
    line = " ".join(quote.split())
    return line if len(line) <= LONGEST_NAME else f"{line[:LONGEST_NAME]}…"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
