"""What a recording's header says of its length, where it can be taken at its word."""

import re
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

_TIMED = frozenset({"mov", "wav", "w64", "flac", "matroska", "aiff", "caf"})
"""Formats whose header knows the duration; others guess it from their size."""

_MP3_COUNT = re.compile(rb"(?:Xing|Info)\x00\x00\x00[\x01\x03\x05\x07\x09\x0b\x0d\x0f]")
"""The frame that tells how many frames an mp3 file has."""

_HEAD_BYTES = 1024 * 1024
_UNKNOWN_RIFF_BYTES = frozenset({0, 0xFFFFFFFF})


def declared_duration_s(path: Path, media: InputContainer, stream: AudioStream) -> float | None:
    """The duration of the sound that the header declares, `None` where it declares none."""
    if not _is_timed(path, media.format.name):
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base) / _riff_share(path)
    is_sound_alone = len(media.streams) == 1
    return media.duration / av.time_base if is_sound_alone and media.duration else None


def _is_timed(path: Path, formats: str) -> bool:
    if formats == "mp3":
        return _MP3_COUNT.search(_head(path, _HEAD_BYTES)) is not None
    return not _TIMED.isdisjoint(formats.split(","))


def _riff_share(path: Path) -> float:
    """How much of a RIFF file is there; the library counts only what is there."""
    head = _head(path, 12)
    declared = int.from_bytes(head[4:8], "little")
    if head[:4] != b"RIFF" or head[8:] != b"WAVE" or declared in _UNKNOWN_RIFF_BYTES:
        return 1.0
    return min(1.0, path.stat().st_size / (declared + 8))


def _head(path: Path, length: int) -> bytes:
    with path.open("rb") as file:
        return file.read(length)
