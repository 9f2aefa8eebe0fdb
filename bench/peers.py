"""What a user would take instead, in a process of its own: LangChain's and LlamaIndex's stores, and Postgres by hand.

It runs in an environment of its own (bench/requirements.txt), since their versions of SQLAlchemy and pgvector are older
than ours. All are on the same rows. Questions come as JSON lines, each with its vector; answers go as JSON lines, with
their time and their ids.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

import psycopg

TOP = 10
DEPTH = 50
EF_SEARCH = 100
TEXT_SEARCH = "german"
ADDED = 1_000

Asked = dict[str, Any]
Search = Callable[[Asked], Awaitable[list[str]]]

_ROWS = """
SELECT utterance.id, utterance.text, passage.embedding, passage.language, participant.code
FROM passage JOIN utterance ON utterance.id = passage.utterance_id
  JOIN participant ON participant.id = passage.participant_id
"""


def load(url: str) -> None:
    """Make one table for each store, of the rows that the product has, with the indexes that their makers advise."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(7)")
        if connection.execute("SELECT to_regclass('peer.plain')").fetchone() != (None,):
            return
        dimension = connection.execute("SELECT vector_dims(embedding) FROM passage LIMIT 1").fetchone()
        size = dimension[0] if dimension else 0
        connection.execute("SET maintenance_work_mem = '1GB'")
        for statement in (
            "DROP SCHEMA IF EXISTS peer CASCADE",
            "CREATE SCHEMA peer",
            (
                f"CREATE TABLE peer.langchain (langchain_id uuid PRIMARY KEY, content text NOT NULL, "
                f"embedding vector({size}) NOT NULL, language text, participant text, langchain_metadata json, "
                "content_tsv tsvector)"
            ),
            (
                f"INSERT INTO peer.langchain SELECT id, text, embedding::vector({size}), language, code, '{{}}', "  # noqa: S608
                f"to_tsvector('{TEXT_SEARCH}', text) FROM ({_ROWS}) AS rows"
            ),
            "CREATE INDEX ON peer.langchain USING hnsw (embedding vector_cosine_ops)",
            "CREATE INDEX ON peer.langchain USING gin (content_tsv)",
            "CREATE INDEX ON peer.langchain (participant)",
            (
                "CREATE TABLE peer.data_llamaindex (id bigserial PRIMARY KEY, text varchar NOT NULL, metadata_ jsonb, "
                f"node_id varchar, embedding halfvec({size}), text_search_tsv tsvector "
                f"GENERATED ALWAYS AS (to_tsvector('{TEXT_SEARCH}', text)) STORED)"
            ),
            (
                "INSERT INTO peer.data_llamaindex (text, metadata_, node_id, embedding) SELECT text, "  # noqa: S608
                "jsonb_build_object('language', language, 'participant', code), id, embedding "
                f"FROM ({_ROWS}) AS rows"
            ),
            "CREATE INDEX ON peer.data_llamaindex USING gin (text_search_tsv)",
            (
                "CREATE INDEX data_llamaindex_embedding_idx ON peer.data_llamaindex USING hnsw "
                "(embedding halfvec_cosine_ops)"
            ),
            (
                f"CREATE TABLE peer.plain AS SELECT id, text, embedding::halfvec({size}), language, "  # noqa: S608
                f"code AS participant, to_tsvector('{TEXT_SEARCH}', text) AS words FROM ({_ROWS}) AS rows"
            ),
            "CREATE INDEX ON peer.plain USING hnsw (embedding halfvec_cosine_ops)",
            "CREATE INDEX ON peer.plain USING gin (words)",
            "CREATE INDEX ON peer.plain (participant)",
            "ANALYZE peer.langchain",
            "ANALYZE peer.data_llamaindex",
            "ANALYZE peer.plain",
        ):
            connection.execute(cast("Any", statement))


async def langchain(url: str) -> Search:
    """LangChain's PGVectorStore, hybrid by reciprocal ranks, a fresh configuration for each question (its bug)."""
    from langchain_core.embeddings import Embeddings
    from langchain_postgres import PGEngine, PGVectorStore
    from langchain_postgres.v2.hybrid_search_config import HybridSearchConfig, reciprocal_rank_fusion
    from langchain_postgres.v2.indexes import HNSWQueryOptions

    vectors: dict[str, list[float]] = {}

    class Known(Embeddings):
        def embed_query(self, text: str) -> list[float]:
            return vectors[text]

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [vectors[text] for text in texts]

    def configuration() -> Any:
        return HybridSearchConfig(
            tsv_column="content_tsv",
            tsv_lang=f"pg_catalog.{TEXT_SEARCH}",
            fusion_function=reciprocal_rank_fusion,
            primary_top_k=DEPTH,
            secondary_top_k=DEPTH,
        )

    store = await PGVectorStore.create(
        PGEngine.from_connection_string(url),
        Known(),
        "langchain",
        schema_name="peer",
        metadata_columns=["language", "participant"],
        index_query_options=HNSWQueryOptions(ef_search=EF_SEARCH),
        hybrid_search_config=configuration(),
        k=TOP,
    )

    async def search(asked: Asked) -> list[str]:
        vectors[asked["text"]] = asked["vector"]
        found = await store.asimilarity_search(
            asked["text"], k=TOP, filter=asked["filter"] or None, hybrid_search_config=configuration()
        )
        return [str(document.id) for document in found]

    return search


async def llama_index(url: str) -> Search:
    """LlamaIndex's PGVectorStore, hybrid, by its synchronous driver."""
    from llama_index.core.vector_stores.types import (
        ExactMatchFilter,
        MetadataFilters,
        VectorStoreQuery,
        VectorStoreQueryMode,
    )
    from llama_index.vector_stores.postgres import PGVectorStore

    size = psycopg.connect(url).execute("SELECT vector_dims(embedding) FROM passage LIMIT 1").fetchone()
    plain = url.removeprefix("postgresql://")
    store = PGVectorStore.from_params(
        connection_string=f"postgresql+psycopg2://{plain}",
        async_connection_string=f"postgresql+asyncpg://{plain}",
        table_name="llamaindex",
        schema_name="peer",
        embed_dim=size[0] if size else 0,
        hybrid_search=True,
        text_search_config=TEXT_SEARCH,
        use_halfvec=True,
        use_jsonb=True,
        perform_setup=False,
        hnsw_kwargs={"hnsw_m": 16, "hnsw_ef_construction": 64, "hnsw_ef_search": EF_SEARCH},
    )

    async def search(asked: Asked) -> list[str]:
        filters = [ExactMatchFilter(key=key, value=value) for key, value in asked["filter"].items()]
        query = VectorStoreQuery(
            query_embedding=asked["vector"],
            query_str=asked["text"],
            similarity_top_k=DEPTH,
            sparse_top_k=DEPTH,
            mode=VectorStoreQueryMode.HYBRID,
            filters=MetadataFilters(filters=filters) if filters else None,
        )
        return [str(node_id) for node_id in store.query(query).ids or []][:TOP]

    return search


_DENSE = "SELECT id, text FROM peer.plain WHERE {filters} ORDER BY embedding <=> $1 LIMIT {top}"
_ANY_WORD = """
SELECT id, text
FROM peer.plain, CAST(replace(CAST(plainto_tsquery('{text_search}', $1) AS text), '&', '|') AS tsquery) AS query
WHERE words @@ query AND {filters} ORDER BY ts_rank_cd(words, query) DESC, id LIMIT {top}
"""
_PLAIN = {"plain-pgvector": _DENSE, "plain-text": _ANY_WORD}


async def plain(url: str, statement: str) -> Search:
    """One statement by hand: the nearest vectors, or what holds any of the words, by asyncpg."""
    import asyncpg
    from pgvector.asyncpg import register_vector
    from pgvector.utils import HalfVector

    connection = await asyncpg.connect(url, server_settings={"hnsw.ef_search": str(EF_SEARCH)})
    await register_vector(connection)

    async def search(asked: Asked) -> list[str]:
        filters = "".join(f" AND {name} = ${n}" for n, name in enumerate(asked["filter"], start=2))
        sql = statement.format(filters=f"true{filters}", top=TOP, text_search=TEXT_SEARCH)
        wanted = HalfVector(asked["vector"]) if statement is _DENSE else asked["text"]
        return [str(row["id"]) for row in await connection.fetch(sql, wanted, *asked["filter"].values())]

    return search


async def add(url: str) -> float:
    """How many documents a second LangChain's loader stores, given their vectors; without an index on these."""
    from langchain_core.embeddings import DeterministicFakeEmbedding
    from langchain_postgres import PGEngine, PGVectorStore

    with psycopg.connect(url) as connection:
        rows = connection.execute(f"SELECT text, embedding::real[] FROM ({_ROWS}) AS rows LIMIT {ADDED}").fetchall()  # noqa: S608
    engine = PGEngine.from_connection_string(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    await engine.ainit_vectorstore_table("langchain_added", len(rows[0][1]), overwrite_existing=True)
    store = await PGVectorStore.create(engine, DeterministicFakeEmbedding(size=len(rows[0][1])), "langchain_added")
    start = time.perf_counter()
    await store.aadd_embeddings([row[0] for row in rows], [row[1] for row in rows])
    return len(rows) / (time.perf_counter() - start)


async def serve(search: Search) -> None:
    """Answer questions until there are no more."""
    for line in sys.stdin:
        asked = json.loads(line)
        start = time.perf_counter()
        try:
            ids, error = await search(asked), None
        except Exception as failure:  # noqa: BLE001 whatever a peer fails with is a result
            ids, error = [], f"{type(failure).__name__}: {failure}"[:300]
        answer = {"ms": (time.perf_counter() - start) * 1000, "ids": ids, "error": error}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


async def main() -> None:
    """Load what is missing, then answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("system", choices=("langchain-psycopg", "langchain-asyncpg", "llama-index", *_PLAIN))
    parser.add_argument("url", help="postgresql://…")
    parser.add_argument("--add", action="store_true", help="measure LangChain's loader in place of its search")
    arguments = parser.parse_args()
    if arguments.add:
        sys.stdout.write(f"{await add(arguments.url)}\n")
        return
    load(arguments.url)
    system, _, driver = arguments.system.partition("-")
    if arguments.system in _PLAIN:
        search = await plain(arguments.url, _PLAIN[arguments.system])
    elif system == "langchain":
        search = await langchain(arguments.url.replace("postgresql://", f"postgresql+{driver}://", 1))
    else:
        search = await llama_index(arguments.url)
    await serve(search)


if __name__ == "__main__":
    asyncio.run(main())
