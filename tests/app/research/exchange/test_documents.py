"""Documents are read without trust, and held against the official schemas."""

from pathlib import Path

import pytest
from lxml import etree
from refi_factory import CODEBOOK_SPACE, PROJECT_SPACE, code, codebook, guid, project

from app.errors import Fault, InvalidInputError
from app.research.exchange.archive import open_archive
from app.research.exchange.documents import (
    CODEBOOK,
    MOST_DOCUMENT_BYTES,
    MOST_FAULTS,
    PROJECT,
    DocumentKind,
    read_document,
    write_document,
)

CONFORMANCE = Path("tests/conformance")


def faults_of(data: bytes, kind: DocumentKind = CODEBOOK) -> tuple[Fault, ...]:
    """Why a document is refused."""
    with pytest.raises(InvalidInputError) as error:
        read_document(data, "codes.qdc", kind)
    return error.value.faults


def test_documents_of_other_programs_are_read() -> None:
    """The standard project of ATLAS.ti, and a codebook of Taguette, which has an empty list of sets."""
    with open_archive((CONFORMANCE / "refi_skyloom/TestProject.qdpx").read_bytes()) as archive:
        assert read_document(archive.read_document(), archive.document, PROJECT).get("origin").startswith("ATLAS.ti")
    taguette = (CONFORMANCE / "qdc_taguette/codebook.qdc").read_bytes()
    assert read_document(taguette, "codebook.qdc", CODEBOOK).get("origin").startswith("Taguette")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_encoding_that_xml_knows_is_read(encoding: str) -> None:
    """With a byte order mark, as programs on Windows write it."""
    text = codebook(code("Money")).decode().replace('encoding="utf-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert read_document(text.encode(encoding), "codes.qdc", CODEBOOK).get("origin") == "MAXQDA 2022"


@pytest.mark.parametrize(
    ("codes", "line", "words"),
    [
        ('<Code name="Money" isCodable="true"/>', 3, "guid"),
        ('<Code guid="no-guid" name="Money" isCodable="true"/>', 3, "no-guid"),
        (f'<Code guid="{guid("a")}" name="Money" isCodable="perhaps"/>', 3, "perhaps"),
        (f'<Code guid="{guid("a")}" isCodable="true"/>', 3, "name"),
        ("<Kode/>", 3, "Kode"),
        ("", 3, "Codes"),
        ("<Code", 3, "this is not XML"),
    ],
)
def test_each_fault_has_its_line(codes: str, line: int, words: str) -> None:
    """And says what is wrong, without the namespaces."""
    fault = faults_of(codebook(codes))[0]
    assert fault.place == f"codes.qdc:{line}"
    assert words in fault.problem
    assert "urn:" not in fault.problem


def test_all_faults_are_told_at_once() -> None:
    """But not more than anybody reads."""
    wrong = code("Money").replace("true", "perhaps")
    places = {fault.place for fault in faults_of(codebook(wrong, "\n", wrong))}
    assert places == {"codes.qdc:3", "codes.qdc:4"}
    assert len(faults_of(codebook(*[wrong] * 500))) == MOST_FAULTS


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "this is not XML"),
        (b"code,label\nAX1,Money\n", "this is not XML"),
        (b"\x89PNG\r\n\x1a\n\0\0", "this is not XML"),
        (b"<html/>", "it begins with html of nothing"),
        (project(code("Money"), ""), f"it begins with Project of {PROJECT_SPACE}"),
        (codebook(code("Money")).replace(b":1.0", b":2.0"), f"it begins with CodeBook of {CODEBOOK_SPACE[:-3]}2.0"),
    ],
)
def test_what_is_something_else_is_refused(data: bytes, problem: str) -> None:
    """A table, a picture, a web page, a project in place of a codebook, another version."""
    assert problem in faults_of(data)[0].problem


ENTITY = '<!DOCTYPE CodeBook [<!ENTITY read SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE CodeBook [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("declared", [ENTITY, LAUGHS, '<!DOCTYPE CodeBook SYSTEM "http://127.0.0.1/x.dtd">'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declarations_are_refused(declared: str, encoding: str) -> None:
    """No entity is read from anywhere, nor grows."""
    text = codebook(code("&read;")).decode().replace("\n<CodeBook", f"\n{declared}<CodeBook", 1)
    data = text.replace('encoding="utf-8"', f'encoding="{encoding}"').encode(encoding)
    assert faults_of(data)[0].problem == "it has a document type declaration"


def test_depth_is_limited() -> None:
    """What nobody nests is refused before anything walks through it."""
    depth = 2000
    opened = "".join(f'<Code guid="{guid(str(level))}" name="a" isCodable="true">' for level in range(depth))
    assert "this is not XML" in faults_of(codebook(opened + "</Code>" * depth))[0].problem


def test_size_is_limited() -> None:
    """A document that is too long is refused unread."""
    assert "MB of XML" in faults_of(b" " * (MOST_DOCUMENT_BYTES + 1))[0].problem


def test_a_document_that_is_wrong_never_leaves() -> None:
    """What is written is checked as what is read."""
    root = etree.fromstring(codebook(code("Money")))
    assert write_document(root, "codes.qdc", CODEBOOK).startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<CodeBook")
    del root[0][0].attrib["isCodable"]
    with pytest.raises(InvalidInputError):
        write_document(root, "codes.qdc", CODEBOOK)
