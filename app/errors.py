"""Errors that a user can act on: one message with the place and the remedy, one problem document over HTTP."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass

_MOST_NAMES = 12


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in an input: where it is, what is wrong and what to write instead."""

    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} → {self.remedy}"


def suggest_name(value: str, known: Collection[str]) -> str:
    """Say what to write instead of a name that is not known: the nearest known one, else some of them."""
    near = difflib.get_close_matches(value, known, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    if not known:
        return "leave it out"
    return f"known: {', '.join(list(known)[:_MOST_NAMES])}{' …' if len(known) > _MOST_NAMES else ''}"


class AppError(Exception):
    """A failure with a message for the user; `status_code` is what HTTP says of it."""

    status_code = 400
    title = "Bad request"

    def __init__(self, message: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.faults = faults


class NotFoundError(AppError):
    """What was asked for does not exist in this study."""

    status_code = 404
    title = "Not found"


class InvalidInputError(AppError):
    """The input is well-formed, and wrong."""

    status_code = 422
    title = "Invalid input"


class UnauthorizedError(AppError):
    """No valid key was given."""

    status_code = 401
    title = "Unauthorized"


class ForbiddenError(AppError):
    """The key does not allow this."""

    status_code = 403
    title = "Forbidden"


class ConflictError(AppError):
    """The request contradicts the stored state."""

    status_code = 409
    title = "Conflict"


class TooManyRequestsError(AppError):
    """An account goes too fast; `headers` say when to come again."""

    status_code = 429
    title = "Too many requests"

    def __init__(self, message: str, headers: dict[str, str]) -> None:
        super().__init__(message)
        self.headers = headers


class ContentTooLargeError(AppError):
    """More bytes came than are taken."""

    status_code = 413
    title = "Content too large"


class InsufficientStorageError(AppError):
    """There is no room left for what was sent; what is stored stays readable."""

    status_code = 507
    title = "Insufficient storage"


class UnavailableError(AppError):
    """Something that the service needs is not there now; trying later, or the named remedy, helps."""

    status_code = 503
    title = "Service unavailable"
