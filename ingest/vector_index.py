"""The HNSW indexes of passages and of their gists: when they are built, and in how much memory."""

from sqlalchemy import text
from sqlalchemy.orm import Session

HALF_BYTES = 2
GRAPH_BYTES = 800
"""Memory of a vector's place in the graph while it is built, beside the vector itself; pgvector 0.8.5 takes 707."""
_GRANT_MEMORY = text("""
SELECT set_config('maintenance_work_mem', greatest(1024,
    least(pg_size_bytes(current_setting('maintenance_work_mem')), CAST(:bytes AS bigint)) / 1024) || 'kB', true)
""")


def build_vector_index(session: Session, dimension: int, least_rows: int) -> None:
    """Build the HNSW indexes once there are so many passages, or gists, that an exact scan is slow.

    A graph is built several times faster where all of it fits into memory: it is granted what it needs, as far as the
    server's `maintenance_work_mem` allows.
    """
    for table in ("passage", "passage_gist"):
        if session.scalar(text("SELECT to_regclass(:name)"), {"name": f"{table}_embedding_hnsw"}) is not None:
            continue
        rows = session.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 fixed names
        if rows >= least_rows:
            session.execute(_GRANT_MEMORY, {"bytes": rows * (HALF_BYTES * dimension + GRAPH_BYTES)})
            session.execute(
                text(
                    f"CREATE INDEX IF NOT EXISTS {table}_embedding_hnsw ON {table} USING hnsw "
                    f"(CAST(embedding AS halfvec({int(dimension)})) halfvec_cosine_ops)"
                )
            )
