"""What every surface needs, opened once: settings, database, embedder, kept files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.blobs import Blobs, open_blobs
from app.database import Database, open_database
from app.embedding import Embedder, load_embedder
from app.settings import Settings


@dataclass(frozen=True)
class Services:
    """The opened parts, handed to whoever uses them."""

    settings: Settings
    database: Database
    embedder: Embedder
    blobs: Blobs


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Open the kept files and the database and load the embedder; the database is closed at the end."""
    blobs = open_blobs(settings)
    embedder = load_embedder(settings.embedder, settings.embedder_revision)
    with open_database(settings) as database:
        yield Services(settings, database, embedder, blobs)
