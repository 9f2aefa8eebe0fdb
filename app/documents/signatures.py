"""What a file without text in it is, told by its first bytes."""

from enum import StrEnum


class Sort(StrEnum):
    """Sorts of files that are recognised, as they are called before people."""

    RECORDING = "an audio or video recording"
    PDF = "a PDF document"
    RICH_TEXT = "a rich text document"
    OLD_WORD = "an old Word document (.doc)"
    IMAGE = "an image"
    COMPRESSED = "a compressed file"


_SIGNATURES: tuple[tuple[int, bytes, Sort], ...] = (
    (0, b"ID3", Sort.RECORDING),
    (0, b"fLaC", Sort.RECORDING),
    (0, b"OggS", Sort.RECORDING),
    (0, b"\x1aE\xdf\xa3", Sort.RECORDING),
    (0, b"0&\xb2u\x8ef\xcf\x11", Sort.RECORDING),
    (0, b"#!AMR", Sort.RECORDING),
    (4, b"ftyp", Sort.RECORDING),
    (8, b"WAVE", Sort.RECORDING),
    (8, b"AVI ", Sort.RECORDING),
    (8, b"AIFF", Sort.RECORDING),
    *((0, bytes([0xFF, second]), Sort.RECORDING) for second in (0xFB, 0xFA, 0xF3, 0xF2, 0xF1, 0xF9)),
    (0, b"%PDF", Sort.PDF),
    (0, b"{\\rtf", Sort.RICH_TEXT),
    (0, b"\xd0\xcf\x11\xe0", Sort.OLD_WORD),
    (0, b"\x89PNG", Sort.IMAGE),
    (0, b"\xff\xd8\xff", Sort.IMAGE),
    (0, b"GIF8", Sort.IMAGE),
    (8, b"WEBP", Sort.IMAGE),
    (0, b"\x1f\x8b", Sort.COMPRESSED),
    (0, b"7z\xbc\xaf", Sort.COMPRESSED),
    (0, b"Rar!", Sort.COMPRESSED),
)


def sort_of(data: bytes) -> Sort | None:
    """Recognise a file that holds no plain text; `None` for all others."""
    return next((sort for offset, mark, sort in _SIGNATURES if data[offset : offset + len(mark)] == mark), None)
