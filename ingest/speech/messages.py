"""What the transcribing child and its parent say to each other: lines of a tag and JSON, never pickles."""

from dataclasses import dataclass

import orjson
from pydantic import TypeAdapter, ValidationError

from app.errors import Fault
from ingest.speech.refusal import RecordingError, SpeechModelError, TranscriberError, unavailable
from ingest.speech.task import SpeechTask, Track
from ingest.speech.transcription import Transcription, read_transcription

MAX_LINE_BYTES = 64 * 1024 * 1024
_ERRORS = {"refused": RecordingError, "modelless": SpeechModelError}


@dataclass(frozen=True, slots=True)
class Order:
    """What the child is to do."""

    tracks: tuple[Track, ...]
    task: SpeechTask


@dataclass(frozen=True, slots=True)
class Progress:
    """How many milliseconds of sound are done, of how many."""

    done_ms: int
    total_ms: int


Answer = Progress | Transcription | RecordingError | SpeechModelError
"""What the child may say."""

_ORDER = TypeAdapter(Order)
_FAULTS = TypeAdapter(tuple[Fault, ...])
_PROGRESS = TypeAdapter(Progress)


def write_order(order: Order) -> bytes:
    """Write the line that the child reads first."""
    return _ORDER.dump_json(order) + b"\n"


def read_order(line: bytes) -> Order:
    """Read what `write_order` wrote."""
    return _ORDER.validate_json(line)


def write_answer(answer: Answer) -> bytes:
    """Write one line of the child."""
    match answer:
        case Progress():
            return b"progress " + _PROGRESS.dump_json(answer) + b"\n"
        case Transcription():
            return b"done " + answer.to_json() + b"\n"
        case RecordingError():
            return b"refused " + orjson.dumps(answer.faults) + b"\n"
        case SpeechModelError():
            return b"modelless " + orjson.dumps(answer.faults) + b"\n"


def read_answer(line: bytes) -> Progress | Transcription:
    """Read one line of the child, which nobody trusts; raise the error that it tells of.

    Raises:
        RecordingError: the recording cannot be used.
        SpeechModelError: the model cannot be used.
        TranscriberError: the line is none of the child's.
    """
    tag, _, payload = line.partition(b" ")
    name = tag.decode("ascii", "replace")
    try:
        if name == "progress":
            return _PROGRESS.validate_json(payload)
        if name == "done":
            return read_transcription(payload)
        faults = _FAULTS.validate_json(payload)
    except ValidationError as error:
        raise unavailable("an answer that cannot be read", "try it again") from error
    raise _ERRORS.get(name, TranscriberError)("; ".join(map(str, faults)), faults)
