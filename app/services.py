"""What every surface needs, opened once: settings, database, embedder, kept files, chat model and prompts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from threadpoolctl import threadpool_limits

from app.blobs import Blobs, open_blobs
from app.chat import Chat, open_chat
from app.cross_encoder import load_entailment
from app.database import Database, open_database
from app.embedding import Embedder, load_embedder
from app.isolation import StudyScope
from app.prompts import Prompt, load_prompts
from app.settings import CHAT_JUDGE, Settings
from app.vault import Vault, open_vault


@dataclass(frozen=True)
class Services:
    """The opened parts, handed to whoever uses them; without a chat model answers are made of quotes alone."""

    settings: Settings
    database: Database
    embedder: Embedder
    blobs: Blobs
    chat: Chat | None = None
    prompts: Mapping[str, Prompt] = field(default_factory=dict)

    @cached_property
    def vault(self) -> Vault:
        """What the key of this installation opens; it is made when it is needed first."""
        return open_vault(self.settings)

    def within(self, scope: StudyScope | None) -> "Services":
        """The same services for somebody who may see the studies of a scope alone; without one, they are all."""
        return self if scope is None else replace(self, database=self.database.within(scope))


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Open the kept files, the database and the chat model, load the embedder, and close at the end what needs it.

    Vectors are multiplied on one thread: further ones wait by spinning, and took as much time from the database and
    from other answers as all the rest of an answer.
    """
    blobs = open_blobs(settings)
    embedder = load_embedder(settings.embedder, settings.embedder_revision)
    threadpool_limits(limits=1, user_api="blas")
    prompts = load_prompts()
    if settings.judge not in (None, CHAT_JUDGE):
        load_entailment(settings.judge)
    with open_database(settings) as database, open_chat(settings, database) as chat:
        yield Services(settings, database, embedder, blobs, chat, prompts)
