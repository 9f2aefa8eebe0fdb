"""REFI-QDA documents: read without trust, and held against the official schemas both coming in and going out.

`Project.xsd` is the one that REFI published, `Codebook.xsd` has its types under the namespace of codebooks; the MIT
licence of both stands in them.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from app.errors import Fault, InvalidInputError

MOST_DOCUMENT_BYTES = 128 * 1024 * 1024
MOST_FAULTS = 50
LONGEST_PROBLEM = 300

_REMEDY = "export it again, or put this place right"


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: its root, its schema, and what it is called."""

    noun: str
    namespace: str
    root: str
    schema: str

    def tag(self, name: str) -> str:
        """The name of an element as lxml writes it."""
        return f"{{{self.namespace}}}{name}"


PROJECT = DocumentKind("REFI-QDA project", "urn:QDA-XML:project:1.0", "Project", "Project.xsd")
CODEBOOK = DocumentKind("REFI-QDA codebook", "urn:QDA-XML:codebook:1.0", "CodeBook", "Codebook.xsd")


def read_document(data: bytes, name: str, kind: DocumentKind) -> Any:
    """Read a document and check it against its schema.

    Args:
        data: the bytes of the file.
        name: what the file is called.
        kind: what it must be.

    Returns:
        the root element.

    Raises:
        InvalidInputError: it is no such document; each fault has its line.
    """
    if len(data) > MOST_DOCUMENT_BYTES:
        raise refused(kind, Fault(name, f"more than {MOST_DOCUMENT_BYTES // 2**20} MB of XML", "split the project"))
    if b"<!DOCTYPE" in data.replace(b"\0", b""):
        raise refused(kind, Fault(name, "it has a document type declaration", "take that out"))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise refused(kind, Fault(f"{name}:{error.lineno or 1}", f"this is not XML: {error.msg}", _REMEDY)) from error
    check_document(root, name, kind)
    return root


def check_document(root: Any, name: str, kind: DocumentKind) -> None:
    """Check a document against its schema.

    Raises:
        InvalidInputError: it is otherwise than the schema says; each fault has its line.
    """
    if root.tag != kind.tag(kind.root):
        problem = f"it begins with {etree.QName(root).localname} of {etree.QName(root).namespace or 'nothing'}"
        raise refused(
            kind, Fault(f"{name}:{root.sourceline or 1}", problem, f"export it as a {kind.noun}, version 1.0")
        )
    schema = _schema(kind)
    if not schema.validate(root):
        found = [(entry.line, _plain(entry.message)) for entry in schema.error_log][:MOST_FAULTS]
        raise refused(kind, *(Fault(f"{name}:{line}", problem, _REMEDY) for line, problem in found))


def write_document(root: Any, name: str, kind: DocumentKind) -> bytes:
    """Write a document, which is checked before it leaves."""
    check_document(root, name, kind)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


def refused(kind: DocumentKind, *faults: Fault) -> InvalidInputError:
    """The error that refuses a document."""
    return InvalidInputError(f"this is no {kind.noun} that can be read", faults)


@cache
def _schema(kind: DocumentKind) -> Any:
    return etree.XMLSchema(etree.parse(str(Path(__file__).with_name(kind.schema))))


def _plain(message: str) -> str:
    """A message of the validator without the namespaces, which are always the same."""
    return re.sub(r"\{urn:[^{}]*\}", "", message)[:LONGEST_PROBLEM]
