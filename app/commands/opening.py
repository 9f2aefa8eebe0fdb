"""What a command opens before its work: settings, logs, services."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from typer._click.globals import get_current_context

from app.database import Database, is_away, is_disk_full, open_database
from app.errors import InsufficientStorageError, UnavailableError
from app.logging import configure_logging
from app.privacy.audit import Deed, action_of, record
from app.services import Services, open_services
from app.settings import Settings, read_settings

COMMAND_LINE = "command line"
_CODES = ("code", "identifier", "interview", "insight", "hypothesis", "source")
"""What commands call that which they are about."""


def start() -> Settings:
    """Read the settings and set the logs up."""
    settings = read_settings()
    configure_logging(settings)
    return settings


@contextmanager
def opened() -> Iterator[Services]:
    """Open the services of this process.

    Raises:
        UnavailableError: the database cannot be used, or went away in the middle of the work.
    """
    with open_services(start()) as services, _loss_told():
        note_command(services.database)
        yield services


@contextmanager
def opened_database() -> Iterator[Database]:
    """Open the database alone, for commands that need no embedder; raises what `opened` raises."""
    with open_database(start()) as database, _loss_told():
        note_command(database)
        yield database


def note_command(database: Database, *, changes: bool = False) -> None:
    """Write down which command runs, where the audit asks for it; commands are run by whoever has the data.

    Commands that show something, and change it with an option, say themselves that they are about to.
    """
    context = get_current_context(silent=True)
    path = context.command_path.split() if context else []
    as_file = context is not None and bool(context.params.get("file_format") or context.params.get("output"))
    known = (" ".join(path[:length]) for length in (3, 2))
    action = next(filter(None, (action_of(name, changes=changes, as_file=as_file) for name in known)), None)
    if context is None or action is None:
        return
    study = context.params.get("study")
    named = ", ".join(study) if isinstance(study, list) else study
    codes = (context.params.get(name) for name in _CODES)
    code = next((code for code in codes if isinstance(code, str)), None)
    record(database, Deed(COMMAND_LINE, action, " ".join(path), named, f"code {code}" if code else None))


@contextmanager
def _loss_told() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        if is_disk_full(error):
            raise InsufficientStorageError(
                "the disk of the database is full: free some room, then run this again"
            ) from error
        if not is_away(error):
            raise
        raise UnavailableError("the database went away; see `verbatim doctor`, then run this again") from error


def local_url(host: str, port: int) -> str:
    """How a service that listens on an address is reached on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 looked up, not listened on
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
