"""What every surface needs, opened once: settings, database, embedder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.database import Database, open_database
from app.embedding import Embedder, load_embedder
from app.settings import Settings


@dataclass(frozen=True)
class Services:
    """The opened parts, handed to whoever uses them."""

    settings: Settings
    database: Database
    embedder: Embedder


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Open the database and load the embedder; both are closed at the end."""
    embedder = load_embedder(settings.embedder, settings.embedder_revision)
    with open_database(settings) as database:
        yield Services(settings, database, embedder)
