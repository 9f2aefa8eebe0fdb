"""Recordings to samples: any audio or video that PyAV reads, in windows, within limits, at the times it plays at."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import EOFError as MediaEndError
from av.error import FFmpegError

from app.media import OPEN_OPTIONS
from ingest.speech.declared import declared_duration_s
from ingest.speech.refusal import RecordingError, refusal
from ingest.speech.sound import Decoded
from ingest.speech.spool import Spool, TooLongError
from ingest.speech.task import MediaLimits

_MISSING_S = 2.0
_MISSING_SHARE = 0.02
_BROKEN_SHARE = 0.05
_EXPORT = "export it again, as wav, flac, mp3, m4a, ogg, mp4 or webm"


def decode(path: Path, target: Path, limits: MediaLimits, *, stereo: bool, progress: Callable[[int], None]) -> Decoded:
    """Decode a recording to one channel, or to left and right.

    Args:
        path: a file.
        target: the file that the sound is written to.
        limits: what it may be; checked while decoding, since headers lie.
        stereo: whether to keep left and right apart; a recording of one channel then gives one.
        progress: called with the milliseconds decoded so far, about once for each minute of sound.

    Raises:
        RecordingError: the file is empty, cut off, encrypted, too long or no recording at all.
        OSError: the sound cannot be written.
    """
    _check_size(path, limits)
    options = OPEN_OPTIONS | {"max_streams": str(limits.streams + 1)}
    try:
        with (
            target.open("wb") as sound,
            path.open("rb") as file,
            av.open(file, "r", options=options, metadata_errors="replace") as media,
        ):
            return _Decoding(path, media, limits).run(sound, stereo, progress)
    except FFmpegError as error:
        raise refusal("not a recording that can be read", f"if it plays elsewhere, {_EXPORT}") from error
    except TooLongError as error:
        raise _too_long(limits) from error


def _check_size(path: Path, limits: MediaLimits) -> None:
    size = path.stat().st_size
    if size == 0:
        raise refusal("an empty file", "record or upload it again")
    if size > limits.size_bytes:
        raise refusal(f"{size:,} bytes, more than {limits.size_bytes:,}", "give only its sound, as m4a, mp3 or ogg")


def _too_long(limits: MediaLimits) -> RecordingError:
    return refusal(f"longer than {limits.duration_s / 3600:g} hours", "split it")


class _Decoding:
    """The way through one file, with count of what was damaged."""

    def __init__(self, path: Path, media: InputContainer, limits: MediaLimits) -> None:
        self._media = media
        self._limits = limits
        self._stream = _choose_stream(media, limits)
        self._declared_s = declared_duration_s(path, media, self._stream) or 0.0
        self._packets = 0
        self._damaged = 0

    def run(self, sound: BinaryIO, stereo: bool, progress: Callable[[int], None]) -> Decoded:
        """Decode all of it into a file."""
        if self._declared_s > self._limits.duration_s:
            raise TooLongError
        has_sides = stereo and self._stream.codec_context.channels >= 2
        spool = Spool(sound, 2 if has_sides else 1, self._limits.duration_s, progress)
        start_s = (self._media.start_time or 0) / av.time_base
        for frame in self._frames():
            spool.append(frame, None if frame.time is None else frame.time - start_s)
        spool.finish()
        self._check(spool.duration_s)
        return Decoded(2 if has_sides else 1, tuple(self._warnings(lacks_sides=stereo and not has_sides)))

    def _frames(self) -> Iterator[AudioFrame]:
        """The frames that can be decoded."""
        for packet in self._media.demux(self._stream):
            if packet.has_sidedata("encryption_info"):
                raise refusal("an encrypted recording", "give a copy without copy protection")
            self._packets += 1
            try:
                yield from packet.decode()
            except MediaEndError:
                return
            except FFmpegError:
                self._damaged += 1

    def _check(self, decoded_s: float) -> None:
        """Refuse a recording that gave no sound, too little of what it declares, or too much that is damaged."""
        if decoded_s == 0:
            raise refusal("no sound could be decoded", f"if it plays elsewhere, {_EXPORT}")
        damaged = self._damaged / self._packets
        if damaged > _BROKEN_SHARE:
            raise refusal(f"damaged: {damaged:.0%} of it cannot be decoded", f"upload it again, or {_EXPORT}")
        if self._declared_s - decoded_s > max(_MISSING_S, _MISSING_SHARE * self._declared_s):
            problem = f"cut off: {decoded_s:,.0f} of the {self._declared_s:,.0f} seconds that it declares are there"
            raise refusal(problem, "upload it again, whole")

    def _warnings(self, *, lacks_sides: bool) -> Iterator[str]:
        streams = len(self._media.streams.audio)
        if streams > 1:
            yield f"the recording has {streams} streams of sound; only the first was transcribed"
        if lacks_sides:
            yield "the recording has one channel: its speakers cannot be told apart by left and right"
        if self._damaged:
            yield f"{self._damaged} damaged places of the recording were left out"


def _choose_stream(media: InputContainer, limits: MediaLimits) -> AudioStream:
    if len(media.streams) > limits.streams:
        raise refusal(f"more than {limits.streams} streams", "export it with its sound alone")
    if not media.streams.audio:
        raise refusal("no sound in the file", "give the recording that holds the sound")
    return media.streams.audio[0]
