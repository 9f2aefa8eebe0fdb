"""What the children that decode and listen say to their parent, and it to them: lines of JSON, never pickles."""

from dataclasses import dataclass
from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from app.errors import AppError, Fault, InsufficientStorageError
from ingest.speech.refusal import RecordingError, SpeechModelError, TranscriberError, unavailable
from ingest.speech.sound import Decoded
from ingest.speech.task import MediaLimits, SpeechTask
from ingest.speech.transcription import Transcription, read_transcription

MAX_LINE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DecodeOrder:
    """Recordings to decode, and the folder that takes their sound."""

    recordings: tuple[Path, ...]
    folder: Path
    split_channels: bool
    limits: MediaLimits


@dataclass(frozen=True, slots=True)
class ListenOrder:
    """Sound in a folder, decoded from the recordings of one interview, to transcribe; `labels` are as in `Track`."""

    folder: Path
    decoded: tuple[Decoded, ...]
    labels: tuple[str | None, ...]
    task: SpeechTask


@dataclass(frozen=True, slots=True)
class Progress:
    """How many milliseconds of sound are done, of how many."""

    done_ms: int
    total_ms: int


Result = tuple[Decoded, ...] | Transcription
"""What an order comes to, unless it comes to an error."""

Answer = Progress | Result | AppError
"""What a child may say."""

_DECODE_ORDER = TypeAdapter(DecodeOrder)
_LISTEN_ORDER = TypeAdapter(ListenOrder)
_ERROR = TypeAdapter(tuple[str, tuple[Fault, ...]])
_PROGRESS = TypeAdapter(Progress)
_DECODED = TypeAdapter(tuple[Decoded, ...])

_ERRORS: dict[str, type[AppError]] = {
    "refused": RecordingError,
    "modelless": SpeechModelError,
    "full": InsufficientStorageError,
}


def write_order(order: DecodeOrder | ListenOrder) -> bytes:
    """Write the line that a child reads."""
    match order:
        case DecodeOrder():
            return _DECODE_ORDER.dump_json(order) + b"\n"
        case ListenOrder():
            return _LISTEN_ORDER.dump_json(order) + b"\n"


def read_decode_order(line: bytes) -> DecodeOrder:
    """Read what `write_order` wrote for the child that decodes."""
    return _DECODE_ORDER.validate_json(line)


def read_listen_order(line: bytes) -> ListenOrder:
    """Read what `write_order` wrote for the child that listens."""
    return _LISTEN_ORDER.validate_json(line)


def write_answer(answer: Answer) -> bytes:
    """Write one line of a child."""
    match answer:
        case Progress():
            return b"progress " + _PROGRESS.dump_json(answer) + b"\n"
        case Transcription():
            return b"heard " + answer.to_json() + b"\n"
        case tuple():
            return b"decoded " + _DECODED.dump_json(answer) + b"\n"
        case AppError():
            tag = next((tag for tag, kind in _ERRORS.items() if isinstance(answer, kind)), "unavailable")
            return tag.encode() + b" " + orjson.dumps([answer.message, answer.faults]) + b"\n"


def read_answer(line: bytes) -> Progress | Result:
    """Read one line of a child, which nobody trusts; raise the error that it tells of.

    Raises:
        RecordingError: the recording cannot be used.
        SpeechModelError: the model cannot be used.
        InsufficientStorageError: there is no room for the sound.
        TranscriberError: the line is none of a child's.
    """
    tag, _, payload = line.partition(b" ")
    name = tag.decode("ascii", "replace")
    try:
        match name:
            case "progress":
                return _PROGRESS.validate_json(payload)
            case "decoded":
                return _DECODED.validate_json(payload)
            case "heard":
                return read_transcription(payload)
        message, faults = _ERROR.validate_json(payload)
    except ValidationError as error:
        raise unreadable_answer() from error
    raise _ERRORS.get(name, TranscriberError)(message, faults)


def unreadable_answer() -> TranscriberError:
    """Build the error of an answer that is none of a child's."""
    return unavailable("an answer that cannot be read", "try it again")
