"""Bytes to text: byte order mark, then strict UTF-8, then the few old encodings that files still come in."""

import codecs
import string
from collections import Counter
from dataclasses import dataclass

from app.documents.refusal import refusal
from app.text import normalise

_REMEDY = "open it in an editor and save it as UTF-8"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = ("cp1252", "mac_roman", "cp850")
_EXPECTED = frozenset("äöüÄÖÜßáéíóúñÁÉÍÓÚÑàèìòùâêîôûëïçãõåøæÇÀÈ¿¡«»„“”‘’‚–—…€°§ºª·\xa0♪")
"""What is not ASCII in German, Spanish, English and their neighbours; the encoding that yields most of it is right."""

_MIN_EXPECTED_SHARE = 0.9
_MAX_WESTERN_SHARE = 0.25
_MIN_FOREIGN_BYTES = 8
_MAX_CONTROL_SHARE = 0.05
_MIN_NUL_SHARE = 0.3
_MIN_SOUND_PER_FAULT = 4

_ASCII = bytes(range(128))
_ASCII_LETTERS = string.ascii_letters.encode()


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Text in normal form, with what had to be guessed."""

    text: str
    warnings: tuple[str, ...] = ()


def decode_text(data: bytes) -> DecodedText:
    """Decode a text file; raise `DocumentError` when it is binary or its encoding cannot be told."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding)
    unmarked = _utf16_without_mark(data)
    if unmarked:
        return _decode_marked(data, unmarked)
    if _is_binary(data):
        raise refusal("not a text file", "save it as text in the encoding UTF-8")
    try:
        return DecodedText(normalise(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        return _decode_damaged(data, error.start) or _decode_old(data)


def _decode_marked(data: bytes, encoding: str) -> DecodedText:
    try:
        return DecodedText(normalise(data.decode(encoding)))
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        raise refusal(f"bytes that are not {encoding.upper()}", _REMEDY, f"line {line}") from error


def _utf16_without_mark(data: bytes) -> str | None:
    """Recognise UTF-16 by its NUL bytes, all on one side of each pair."""
    half = len(data) // 2
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if half and odd > _MIN_NUL_SHARE * half and not even:
        return "utf-16-le"
    return "utf-16-be" if half and even > _MIN_NUL_SHARE * half and not odd else None


def _is_binary(data: bytes) -> bool:
    controls = len(data) - len(data.translate(None, bytes([*range(9), *range(14, 27), *range(28, 32)])))
    return controls > _MAX_CONTROL_SHARE * len(data)


def _decode_damaged(data: bytes, first_fault: int) -> DecodedText | None:
    """Decode UTF-8 with a few broken bytes: the faults show as U+FFFD, all other words are right."""
    text = data.decode("utf-8", "replace")
    faults = text.count("\ufffd")
    sound = len(text) - len(text.encode("ascii", "ignore")) - faults
    if sound < _MIN_SOUND_PER_FAULT * faults:
        return None
    line = data[:first_fault].count(b"\n") + 1
    return DecodedText(normalise(text), (f"line {line}: {faults} damaged characters in UTF-8, shown as \ufffd",))


def _decode_old(data: bytes) -> DecodedText:
    """Decode text from before UTF-8: Chinese if most letters are paired bytes, else what looks Western European."""
    beyond_ascii = data.translate(None, _ASCII)
    ascii_letters = len(data) - len(data.translate(None, _ASCII_LETTERS))
    is_foreign = len(beyond_ascii) > _MAX_WESTERN_SHARE * (ascii_letters + len(beyond_ascii))
    if is_foreign and len(beyond_ascii) >= _MIN_FOREIGN_BYTES:
        encoding = "gb18030" if _is_gb2312(data) else None
    else:
        encoding = _western_encoding(beyond_ascii)
    if encoding is None:
        raise refusal("the encoding cannot be told", _REMEDY)
    return DecodedText(normalise(data.decode(encoding, "replace")), (f"not UTF-8: read as {encoding}",))


def _is_gb2312(data: bytes) -> bool:
    try:
        data.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True


def _western_encoding(beyond_ascii: bytes) -> str | None:
    """Choose the encoding under which the bytes beyond ASCII are the letters and marks of Western languages."""
    counts = Counter(beyond_ascii)
    expected = {
        encoding: sum(n for byte, n in counts.items() if bytes([byte]).decode(encoding, "replace") in _EXPECTED)
        for encoding in _WESTERN
    }
    best = max(_WESTERN, key=lambda encoding: expected[encoding])
    return best if expected[best] >= _MIN_EXPECTED_SHARE * len(beyond_ascii) else None
