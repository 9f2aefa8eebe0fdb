"""How a file of a board is refused."""

from app.errors import Fault, InvalidInputError


def board_refused(line: int, problem: str, remedy: str) -> InvalidInputError:
    """Build the error of a file that no insights can be read from; line 0 is the file as a whole."""
    place = f"line {line}" if line else "file"
    return InvalidInputError("no insights can be read from this file", (Fault(place, problem, remedy),))
