"""Forms are read while they come, however the network cuts them; what broke off is never kept."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.blobs import Blobs, IncomingBlob, open_blobs
from app.errors import AppError, ContentTooLargeError, InvalidInputError
from app.rest.uploads import LONGEST_FIELD_BYTES, MOST_FIELDS, Keeper, Upload, read_form
from app.settings import Settings

BOUNDARY = b"----5d41402abc4b2a76"


def part(name: str, content: bytes, more: bytes = b"") -> bytes:
    """One part of a form."""
    head = b'Content-Disposition: form-data; name="' + name.encode() + b'"' + more
    return b"--" + BOUNDARY + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    """A whole form."""
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


def file_part(content: bytes, name: str = "call.wav") -> bytes:
    """The part of the file."""
    return part("file", content, b'; filename="' + name.encode() + b'"\r\nContent-Type: audio/wav')


def kept(blobs: Blobs) -> list[Path]:
    """All files that are there, whole or half."""
    root = Path(blobs.root)
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


def read(body: bytes, blobs: Blobs, limit_bytes: int = 10_000, chunk_bytes: int = 7) -> Upload[IncomingBlob]:
    """Read a form that comes in pieces."""
    pieces = (body[start : start + chunk_bytes] for start in range(0, len(body), chunk_bytes))
    return read_form(pieces, BOUNDARY, Keeper(blobs, limit_bytes))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=300), st.just(b"\r\n--" + BOUNDARY[:-1]), st.just(b"\r\n--"), st.just(BOUNDARY)
    ),
    study=st.text(max_size=20).filter(lambda text: "\r" not in text),
    first=st.booleans(),
    cuts=st.lists(st.integers(0, 800), max_size=8),
)
def test_a_form_is_read_alike_however_it_is_cut(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, study: str, first: bool, cuts: list[int]
) -> None:
    """Content, fields and names are the same, the file byte for byte, before its fields or after them."""
    blobs = open_blobs(Settings(data_dir=tmp_path_factory.mktemp("files")))
    parts = [file_part(content), part("study", study.encode())]
    body = form(*(parts if first else parts[::-1]))
    places = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    pieces = (body[start:end] for start, end in pairwise(places))
    upload = read_form(pieces, BOUNDARY, Keeper(blobs, 10_000))
    blobs.settle(upload.file.kept)
    with blobs.open(upload.file.kept.sha256) as file:
        assert file.read() == content
    assert (upload.file.name, upload.file.media_type) == ("call.wav", "audio/wav")
    assert list(upload.fields) == ["study"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_what_broke_off_is_not_kept(blobs: Blobs, share: float) -> None:
    """A form without its end leaves nothing, wherever it ends."""
    body = form(file_part(bytes(500)))
    with pytest.raises(AppError, match="broke off"):
        read(body[: int(len(body) * share) - 3], blobs)
    assert kept(blobs) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (form(part("study", b"acme")), "file: is missing"),
        (form(file_part(b"1"), file_part(b"2")), "file: comes twice"),
        (form(part("study", b"a"), part("study", b"b"), file_part(b"1")), "study: comes twice"),
        (form(*(part(f"f{n}", b"") for n in range(MOST_FIELDS + 1)), file_part(b"1")), "too many fields"),
        (form(part("study", bytes(LONGEST_FIELD_BYTES + 1)), file_part(b"1")), "study: is too long"),
    ],
)
def test_forms_that_do_not_fit_are_refused(blobs: Blobs, body: bytes, fault: str) -> None:
    """The field is named."""
    with pytest.raises(InvalidInputError) as refusal:
        read(body, blobs)
    assert fault in str(refusal.value.faults[0])


@pytest.mark.parametrize("body", [b"", b"not a form at all", b"--other\r\n", form(b"\r\n"), b"\x00" * 100])
def test_what_is_no_form_is_refused(blobs: Blobs, body: bytes) -> None:
    """With one message, whatever it is."""
    with pytest.raises((AppError, InvalidInputError)):
        read(body, blobs)
    assert kept(blobs) == []


def test_a_file_that_is_too_long_is_not_kept(blobs: Blobs) -> None:
    """The limit is that of the file, not of the form."""
    assert read(form(file_part(bytes(100))), blobs, limit_bytes=100).file.kept.size_bytes == 100
    with pytest.raises(ContentTooLargeError):
        read(form(file_part(bytes(101))), blobs, limit_bytes=100)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\call.wav", "call.wav"),
        ("Müller\u202egnp.wav", "Müllergnp.wav"),
        ("", "upload"),
        ("..", ".."),
        ("a" * 500, "a" * 200),
    ],
)
def test_names_are_only_shown(blobs: Blobs, given_name: str, shown: str) -> None:
    """A name keeps its last part, without signs that cannot be seen; nothing is stored under it."""
    upload = read(form(file_part(b"1", given_name)), blobs)
    assert upload.file.name == shown
    blobs.settle(upload.file.kept)
    assert [path.name for path in kept(blobs)] == [upload.file.kept.sha256]
