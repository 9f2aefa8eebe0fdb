"""How an importer says no: one message with the place, the problem and the remedy."""

from dataclasses import replace

from app.errors import AppError, Fault
from ingest.transcript import TranscriptError


def refusal(problem: str, remedy: str, place: str = "") -> TranscriptError:
    """Build the error of a file that cannot be read; `place` is a line or a JSON pointer inside the file."""
    fault = Fault(place=place, problem=problem, remedy=remedy)
    return TranscriptError(str(fault), (fault,))


def in_file(error: AppError, name: str) -> TranscriptError:
    """Name the file in the places of an error that was raised on reading it."""
    faults = tuple(replace(fault, place=f"{name}, {fault.place}" if fault.place else name) for fault in error.faults)
    return TranscriptError("; ".join(map(str, faults)), faults)
