"""What recordings may be: the formats that are read, and what they are called where they are played."""

import re
from pathlib import PurePosixPath

FORMATS = (
    "3gp,aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,eac3,flac,flv,matroska,m4a,mov,mp3,mp4,mpeg,mpegts,ogg,rm,tta,"
    "voc,w64,wav,webm,wv,xwma"
)
"""What may be read: no playlists and no image lists, which name other files and addresses."""

OPEN_OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
"""Options for PyAV to open a recording that may be hostile."""

MEDIA_TYPES = {
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".webm": "video/webm",
}
"""What a recording is, by the end of its name."""

UNKNOWN_MEDIA_TYPE = "application/octet-stream"

_PLAYABLE = re.compile(r"(audio|video)/[a-z0-9.+-]+", re.ASCII)


def media_type_of(name: str, declared: str | None) -> str:
    """The media type of a recording: what it was declared to be, else what its name says; only ever sound or film."""
    if declared is not None and _PLAYABLE.fullmatch(declared):
        return declared
    return MEDIA_TYPES.get(suffix_of(name), UNKNOWN_MEDIA_TYPE)


def suffix_of(name: str) -> str:
    """The end of a recording's name, `.mp3`; empty where it is none of a recording."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix in MEDIA_TYPES else ""
