"""Why a recording was not transcribed: for good, or for now."""

from app.errors import Fault, InvalidInputError, UnavailableError


class RecordingError(InvalidInputError):
    """A recording that cannot be transcribed, however often it is tried; the message holds the remedy."""


class TranscriberError(UnavailableError):
    """The transcriber died or stalled, perhaps because of the recording; another attempt may help."""


class SpeechModelError(TranscriberError):
    """The speech model is not there or cannot be loaded; the recording is innocent, and can wait for the remedy."""


def refusal(problem: str, remedy: str, place: str = "the recording") -> RecordingError:
    """Build the error of a recording that cannot be used."""
    fault = Fault(place, problem, remedy)
    return RecordingError(str(fault), (fault,))


def unavailable(problem: str, remedy: str) -> TranscriberError:
    """Build the error of a transcriber that did not finish."""
    fault = Fault("the transcriber", problem, remedy)
    return TranscriberError(str(fault), (fault,))


def model_refusal(problem: str, remedy: str) -> SpeechModelError:
    """Build the error of a speech model that cannot be used."""
    fault = Fault("the speech model", problem, remedy)
    return SpeechModelError(str(fault), (fault,))
