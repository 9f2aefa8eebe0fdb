"""What a file really is when it is no transcript, told by its first bytes, and what to do about it."""

from ingest.importers.refusal import refusal
from ingest.transcript import TranscriptError

_TRANSCRIBE = "give it as a recording to be transcribed, not as a transcript"
_EXPORT = "export the transcript as VTT, SRT, DOCX, TXT or JSON"
_RECORDING = "an audio or video recording"

_BINARY: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"ID3", _RECORDING, _TRANSCRIBE),
    (0, b"fLaC", _RECORDING, _TRANSCRIBE),
    (0, b"OggS", _RECORDING, _TRANSCRIBE),
    (0, b"\x1aE\xdf\xa3", _RECORDING, _TRANSCRIBE),
    (0, b"0&\xb2u\x8ef\xcf\x11", _RECORDING, _TRANSCRIBE),
    (0, b"#!AMR", _RECORDING, _TRANSCRIBE),
    (4, b"ftyp", _RECORDING, _TRANSCRIBE),
    (8, b"WAVE", _RECORDING, _TRANSCRIBE),
    (8, b"AVI ", _RECORDING, _TRANSCRIBE),
    (8, b"AIFF", _RECORDING, _TRANSCRIBE),
    *((0, bytes([0xFF, second]), _RECORDING, _TRANSCRIBE) for second in (0xFB, 0xFA, 0xF3, 0xF2, 0xF1, 0xF9)),
    (0, b"%PDF", "a PDF document", _EXPORT),
    (0, b"{\\rtf", "a rich text document", "save it as a Word document (.docx)"),
    (0, b"\xd0\xcf\x11\xe0", "an old Word document (.doc)", "save it as a Word document (.docx)"),
    (0, b"\x89PNG", "an image", _EXPORT),
    (0, b"\xff\xd8\xff", "an image", _EXPORT),
    (0, b"GIF8", "an image", _EXPORT),
    (0, b"\x1f\x8b", "a compressed file", "unpack it"),
    (0, b"7z\xbc\xaf", "a compressed file", "unpack it"),
    (0, b"Rar!", "a compressed file", "unpack it"),
)
_MARKUP = ("<!doctype", "<html", "<?xml", "<tt ", "<tt>", "<transcript")


def foreign_file(data: bytes) -> TranscriptError | None:
    """Recognise files that hold no text; the error says what they are and what to do."""
    for offset, mark, what, remedy in _BINARY:
        if data[offset : offset + len(mark)] == mark:
            return refusal(what, remedy)
    return None


def foreign_markup(text: str) -> TranscriptError | None:
    """Recognise web pages and XML captions, whose tags would pass for words."""
    is_markup = text.lstrip()[:20].lower().startswith(_MARKUP)
    return refusal("a web page or XML", _EXPORT) if is_markup else None
