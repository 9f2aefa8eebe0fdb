"""Which study a command is about."""

from dataclasses import replace

from app.database import Database
from app.errors import InvalidInputError
from app.library.studies import sole_study


def choose_study(database: Database, named: str | None) -> str:
    """The study that was named, or else the only one there is.

    Raises:
        NotFoundError: there is none yet.
        InvalidInputError: there are several.
    """
    if named is not None:
        return named
    try:
        with database.sessions() as session:
            return sole_study(session)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, tuple(replace(at, place="--study") for at in error.faults)) from error
