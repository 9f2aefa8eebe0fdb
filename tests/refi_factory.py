"""REFI-QDA files as other programs write them, as far as a test needs."""

import io
import uuid
import zipfile
from collections.abc import Mapping

CODEBOOK_SPACE = "urn:QDA-XML:codebook:1.0"
PROJECT_SPACE = "urn:QDA-XML:project:1.0"


def guid(name: str) -> str:
    """An identity that only depends on a name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name)).upper()


def code(name: str, *below: str, codable: bool = True, description: str = "", as_guid: str = "") -> str:
    """A code, with those below it."""
    said = f"<Description>{description}</Description>" if description else ""
    identity = as_guid or guid(name)
    return f'<Code guid="{identity}" name="{name}" isCodable="{str(codable).lower()}">{said}{"".join(below)}</Code>'


def codebook(*codes: str, origin: str = "MAXQDA 2022") -> bytes:
    """A codebook (.qdc)."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="{CODEBOOK_SPACE}" origin="{origin}">\n'
        f"<Codes>{''.join(codes)}</Codes>\n</CodeBook>"
    ).encode()


def selection(start: int, end: int, *codes: str, name: str = "", user: str = "", said: str = "") -> str:
    """A selection of words with codes on it, called by their names."""
    by = f' creatingUser="{guid(user)}"' if user else ""
    called = f' name="{name}"' if name else ""
    identity = guid(f"{start}-{end}-{codes}-{user}")
    codings = "".join(
        f'<Coding guid="{guid(identity + each)}"{by}><CodeRef targetGUID="{guid(each)}"/></Coding>' for each in codes
    )
    note = f"<Description>{said}</Description>" if said else ""
    return (
        f'<PlainTextSelection guid="{identity}"{called} startPosition="{start}" endPosition="{end}"{by}>'
        f"{note}{codings}</PlainTextSelection>"
    )


def source(name: str, *inside: str, path: str = "", content: str = "") -> str:
    """A text, beside the document (`path`) or in it (`content`), with its selections."""
    where = f' plainTextPath="{path}"' if path else ""
    text = f"<PlainTextContent>{content}</PlainTextContent>" if content else ""
    return f'<TextSource guid="{guid(name)}" name="{name}"{where}>{text}{"".join(inside)}</TextSource>'


def project(codes: str, sources: str, users: tuple[str, ...] = (), origin: str = "NVivo", more: str = "") -> bytes:
    """The document of a project."""
    people = "".join(f'<User guid="{guid(user)}" name="{user}"/>' for user in users)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="{PROJECT_SPACE}" name="Study" origin="{origin}">\n'
        + (f"<Users>{people}</Users>\n" if people else "")
        + f"<CodeBook><Codes>{codes}</Codes></CodeBook>\n<Sources>\n{sources}\n</Sources>{more}\n</Project>"
    ).encode()


def archive(document: bytes, files: Mapping[str, bytes] | None = None, name: str = "project.qde") -> bytes:
    """A project (.qdpx)."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, document)
        for path, content in (files or {}).items():
            packed.writestr(path, content)
    return written.getvalue()
