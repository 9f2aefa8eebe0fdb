"""How alembic runs the migrations: over the caller's connection, in the caller's transaction."""

from alembic import context
from sqlalchemy import text

from app.models import Base

MANAGED_ELSEWHERE = ("passage_embedding_hnsw",)


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the vector index, made at run time with the embedder's dimension, and the tables of the job queue."""
    return not (kind == "index" and name in MANAGED_ELSEWHERE) and not (name or "").startswith("procrastinate_")


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_name=include_name,
    compare_server_default=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    connection.execute(text("SET LOCAL lock_timeout = '10s'"))
    context.run_migrations()
