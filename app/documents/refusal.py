"""How a document is refused: one message with the problem and the remedy."""

from app.errors import Fault, InvalidInputError


class DocumentError(InvalidInputError):
    """A document that cannot be used; the message names the problem and the remedy."""


def refusal(problem: str, remedy: str, place: str = "") -> DocumentError:
    """Build the error of a document that cannot be used; `place` is a line or a part inside it."""
    return DocumentError(f"{problem} → {remedy}", (Fault(place, problem, remedy),))
