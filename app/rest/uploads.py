"""Bodies that are too long to hold in memory: raw, or a form with one file or many, read as they come."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from anyio import from_thread
from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from app.blobs import Blobs, IncomingBlob
from app.errors import AppError, ContentTooLargeError, Fault, InvalidInputError
from app.rest.gate import MOST_BODY_BYTES

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FIELDS = 20
LONGEST_FIELD_BYTES = 4_000
LONGEST_NAME = 200
FILE_FIELD = "file"
FILES_FIELD = "files"
UNNAMED = "upload"

Kept = TypeVar("Kept")
Kept_co = TypeVar("Kept_co", covariant=True)


class Keeps(Protocol[Kept_co]):
    """Where a file goes that comes in."""

    @property
    def limit_bytes(self) -> int:
        """How long it may be."""

    def receive(self, chunks: Iterator[bytes]) -> Kept_co:
        """Take a file in whole, or not at all when its bytes end with an error."""


@dataclass(frozen=True)
class Keeper:
    """Where files are kept, and how long each may be; `received` are those that came whole."""

    blobs: Blobs
    limit_bytes: int
    received: list[IncomingBlob] = field(default_factory=list)

    def receive(self, chunks: Iterator[bytes]) -> IncomingBlob:
        """Take a file in whole, or not at all when its bytes end with an error."""
        self.received.append(self.blobs.receive(chunks, self.limit_bytes))
        return self.received[-1]


@dataclass(frozen=True)
class Memory:
    """Holds files that are short enough for that."""

    limit_bytes: int

    def receive(self, chunks: Iterator[bytes]) -> bytes:
        """Take a file in whole; raises `ContentTooLargeError` where it is longer than it may be."""
        held = bytearray()
        for chunk in chunks:
            held += chunk
            if len(held) > self.limit_bytes:
                raise _too_large(self.limit_bytes)
        return bytes(held)


@dataclass(frozen=True)
class FileIn(Generic[Kept]):
    """A file that came whole, what its sender calls it, and the type where it is one of audio or video."""

    kept: Kept
    name: str
    media_type: str | None


@dataclass(frozen=True)
class Upload(Generic[Kept]):
    """A file that came whole, and the fields that came with it."""

    file: FileIn[Kept]
    fields: dict[str, str]


@dataclass(frozen=True)
class _Part:
    """The head of one part of a form."""

    name: str
    file_name: str
    media_type: bytes


def is_form(request: Request) -> bool:
    """Whether the body of a request is a form, and not the file itself."""
    return parse_options_header(request.headers.get("content-type"))[0] == b"multipart/form-data"


def receive_body(request: Request, limit_bytes: int) -> bytes:
    """Read a body that is short enough to hold; raises what `receive_raw` raises."""
    return Memory(limit_bytes).receive(_chunks(request, limit_bytes))


def receive_raw(request: Request, keeper: Keeps[Kept], name: str) -> FileIn[Kept]:
    """Read a body that is a file; it is stored while it comes.

    Args:
        request: of an endpoint that runs in a thread.
        keeper: where it is kept.
        name: what the sender calls the file.

    Raises:
        AppError: the sender broke off.
        ContentTooLargeError, InsufficientStorageError, UnavailableError: the file cannot be kept.
    """
    media_type = parse_options_header(request.headers.get("content-type"))[0]
    return FileIn(keeper.receive(_chunks(request, keeper.limit_bytes)), _file_name(name), _media_type(media_type))


def receive_form(request: Request, keeper: Keeps[Kept]) -> Upload[Kept]:
    """Read a form with one file, its fields before or after it; arguments and errors are those of `receive_raw`, and:

    Raises:
        InvalidInputError: the form has no file, or too many fields.
    """
    boundary = parse_options_header(request.headers.get("content-type", ""))[1].get(b"boundary", b"")
    upload = read_form(_chunks(request, keeper.limit_bytes + MOST_BODY_BYTES), boundary, keeper)
    request.state.fields_told(upload.fields)
    return upload


def read_form(chunks: Iterator[bytes], boundary: bytes, keeper: Keeps[Kept]) -> Upload[Kept]:
    """Read a form of which the pieces come one by one; raises what `receive_form` raises."""
    events = _events(chunks, boundary)
    fields: dict[str, str] = {}
    file = None
    for event in events:
        if not isinstance(event, _Part):
            continue
        name, content = event.name, _content(events)
        if name == FILE_FIELD and file is None:
            file = FileIn(keeper.receive(content), _file_name(event.file_name), _media_type(event.media_type))
        elif name in (*fields, FILE_FIELD) or len(fields) == MOST_FIELDS:
            raise _refused(name, "comes twice, or too many fields come", "send each field once")
        else:
            fields[name] = _text(name, content)
    if file is None:
        raise _refused(FILE_FIELD, "is missing", "send the file as the field `file`")
    return Upload(file, fields)


def receive_files(request: Request, add: Callable[[str, Iterator[bytes]], None], limit_bytes: int) -> dict[str, str]:
    """Read a form with any number of files, and give its fields.

    Args:
        request: of an endpoint that runs in a thread.
        add: takes a file in: the path that its sender gives it, which is not to be trusted, and its content.
        limit_bytes: how long the body may be.

    Raises:
        AppError: the sender broke off, or the body is no form.
        ContentTooLargeError: the body is too long.
        InvalidInputError: the form has too many fields; and whatever `add` raises.
    """
    boundary = parse_options_header(request.headers.get("content-type"))[1].get(b"boundary", b"")
    events = _events(_chunks(request, limit_bytes + MOST_BODY_BYTES), boundary)
    fields: dict[str, str] = {}
    for event in events:
        if not isinstance(event, _Part):
            continue
        name, content = event.name, _content(events)
        if name == FILES_FIELD and event.file_name:
            add(event.file_name, content)
        elif name != FILES_FIELD and len(fields) < MOST_FIELDS:
            fields[name] = _text(name, content)
        elif name != FILES_FIELD:
            raise _refused(name, "is one of too many fields", f"send at most {MOST_FIELDS}")
    request.state.fields_told(fields)
    return fields


def _chunks(request: Request, limit_bytes: int) -> Iterator[bytes]:
    """The body piece by piece, as this thread takes it: whoever sends faster waits."""
    stream = request.stream()
    declared, received = request.headers.get("content-length", ""), 0
    if declared.isdecimal() and int(declared) > limit_bytes:
        raise _too_large(limit_bytes)

    async def following() -> bytes | None:
        return await anext(stream, None)

    try:
        for chunk in iter(partial(from_thread.run, following), None):
            received += len(chunk)
            if received > limit_bytes:
                raise _too_large(limit_bytes)
            if chunk:
                yield chunk
    except ClientDisconnect as error:
        raise AppError("the upload broke off before its end: send it again") from error


def _events(chunks: Iterator[bytes], boundary: bytes) -> Iterator["_Part | bytes"]:
    """The parts of a form: the head of each, its content piece by piece, an empty piece as its end."""
    collected: list[_Part | bytes] = []
    headers: dict[str, bytes] = {}
    name, value = bytearray(), bytearray()
    ended = []

    def end_header() -> None:
        headers[name.decode("latin-1").lower()] = bytes(value)
        name.clear()
        value.clear()

    def end_headers() -> None:
        collected.append(_part_of(headers))
        headers.clear()

    callbacks: MultipartCallbacks = {
        "on_header_field": lambda data, start, end: name.extend(data[start:end]),
        "on_header_value": lambda data, start, end: value.extend(data[start:end]),
        "on_header_end": end_header,
        "on_headers_finished": end_headers,
        "on_part_data": lambda data, start, end: collected.append(data[start:end]),
        "on_part_end": lambda: collected.append(b""),
        "on_end": lambda: ended.append(True),
    }
    try:
        parser = MultipartParser(boundary, callbacks)
        for chunk in chunks:
            parser.write(chunk)
            yield from collected
            collected.clear()
    except FormParserError as error:
        raise AppError("the form cannot be read: it is no multipart/form-data") from error
    if not ended:
        raise AppError("the form broke off before its end: send it again")


def _part_of(headers: Mapping[str, bytes]) -> _Part:
    options = parse_options_header(headers.get("content-disposition"))[1]
    name, file_name = (_decoded(options.get(option, b"")) for option in (b"name", b"filename"))
    return _Part(name, file_name, headers.get("content-type", b""))


def _content(events: Iterator["_Part | bytes"]) -> Iterator[bytes]:
    """The content of the part whose head was read last."""
    for event in events:
        if not isinstance(event, bytes) or not event:
            return
        yield event


def _text(name: str, content: Iterator[bytes]) -> str:
    held = bytearray()
    for piece in content:
        held += piece
        if len(held) > LONGEST_FIELD_BYTES:
            raise _refused(name, "is too long", f"send at most {LONGEST_FIELD_BYTES:,} bytes")
    return _decoded(bytes(held))


def _decoded(value: bytes) -> str:
    return unicodedata.normalize("NFC", value.decode("utf-8", "replace"))


def _file_name(given: str) -> str:
    """The last part of a name, without what no file name has; it is shown, never used as a path."""
    last = PurePosixPath(given.replace("\\", "/")).name
    shown = "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME].strip()
    return unicodedata.normalize("NFC", shown) or UNNAMED


def _media_type(given: bytes) -> str | None:
    """The type that the sender gives, where it is one of audio or video."""
    media_type = given.decode("latin-1").partition(";")[0].strip().lower()
    return media_type if media_type.startswith(("audio/", "video/")) and len(media_type) <= LONGEST_NAME else None


def _too_large(limit_bytes: int) -> ContentTooLargeError:
    return ContentTooLargeError(f"the body is longer than the {limit_bytes:,} bytes that are taken")


def _refused(name: str, problem: str, remedy: str) -> InvalidInputError:
    return InvalidInputError("this upload cannot be taken", (Fault(name or "form", problem, remedy),))
