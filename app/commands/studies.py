"""Which study a command is about."""

from app.errors import InvalidInputError, NotFoundError
from app.library.pages import PageRequest
from app.library.studies import list_studies
from app.services import Services


def choose_study(services: Services, named: str | None) -> str:
    """The study that was named, or else the only one there is.

    Raises:
        NotFoundError: there is none yet.
        InvalidInputError: there are several.
    """
    if named is not None:
        return named
    with services.database.sessions() as session:
        slugs = [study.slug for study in list_studies(session, PageRequest()).studies]
    if not slugs:
        raise NotFoundError("there is no study yet; run `verbatim ingest FOLDER`, or `verbatim demo` for the sample")
    if len(slugs) > 1:
        raise InvalidInputError(f"there are several studies; add `--study` with one of {', '.join(slugs)}")
    return slugs[0]
