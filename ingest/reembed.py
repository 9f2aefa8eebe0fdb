"""The switch to another embedder: all vectors are made anew and replaced in one transaction, so that two never mix.

Afterwards the taggings that were made with the former embedder are made anew, study by study.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pgvector import HalfVector
from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session, aliased

from app.calibration import save_calibration
from app.embedding import Embedder, Vectors
from app.evidence.insights.store import remake_statement_vectors
from app.evidence.sources.vectors import remake_chunk_vectors
from app.index import activate_model, stored_identity
from app.models import Code, Passage, PassageGist, Study, Utterance
from app.services import Services
from app.tagging.codes import code_text
from ingest.passages import embed_with_questions
from ingest.retag import Progress, RetagReport, retag_outdated
from ingest.vector_index import build_vector_index

_BATCH_ROWS = 2048
_FIRST = uuid.UUID(int=0)

# Nobody publishes meanwhile, and no second switch begins.
_HOLD = "LOCK TABLE embedding_model, passage IN SHARE ROW EXCLUSIVE MODE"
# Emptied, not updated: an index is also built over the rows that were replaced, and those have another dimension.
_INDEXED = ("passage", "passage_gist")
_COPY = (
    "CREATE TEMPORARY TABLE remade_{table} ON COMMIT DROP AS TABLE {table}",
    "ALTER TABLE remade_{table} ADD PRIMARY KEY (utterance_id)",
)
_REPLACE = (
    "DROP INDEX IF EXISTS {table}_embedding_hnsw",
    "TRUNCATE {table}",
    "INSERT INTO {table} SELECT * FROM remade_{table}",
    "ANALYZE {table}",
)
_SET_VECTOR = "UPDATE remade_{table} SET embedding = :embedding, model_id = :model_id WHERE utterance_id = :id"


@dataclass(frozen=True)
class ReembedReport:
    """What was made anew: no vectors when the index is empty or holds those of this embedder already.

    `chunks` are those of external documents; `tagged` has the studies whose taggings were out of date.
    """

    embedder: str
    before: str | None
    passages: int
    codes: int
    chunks: int = 0
    insights: int = 0
    tagged: tuple[RetagReport, ...] = ()


def reembed(services: Services, progress: Progress) -> ReembedReport:
    """Make all vectors anew with the configured embedder, then outdated taggings.

    Meanwhile questions see the old vectors, and ingest waits. A process that is killed leaves the old index, or the new
    one and the old taggings of some studies; run again it makes these anew.

    Args:
        services: the opened services, with the embedder to switch to.
        progress: called with (what is made, number done, number of all).
    """
    report = _remake_index(services, progress)
    tagged = retag_outdated(services, lambda interview, done, total: progress(f"tags {interview}", done, total))
    return replace(report, tagged=tagged)


def _remake_index(services: Services, progress: Progress) -> ReembedReport:
    embedder = services.embedder
    with services.database.sessions.begin() as session:
        session.execute(text(_HOLD))
        before = stored_identity(session)
        if before is None or before == embedder.identity:
            return ReembedReport(str(embedder.identity), str(before) if before else None, passages=0, codes=0)
        _run(session, _COPY)
        model_id = activate_model(session, embedder.identity)
        passages = _remake_passages(session, embedder, model_id, progress)
        _remake_gists(session, embedder, model_id)
        codes = _remake_codes(session, embedder, model_id)
        chunks = remake_chunk_vectors(session, embedder, model_id, progress)
        insights = remake_statement_vectors(session, embedder, model_id)
        _run(session, _REPLACE)
        for study_id in session.scalars(select(Study.id)).all():
            save_calibration(session, study_id, model_id, embedder)
    with services.database.sessions.begin() as session:
        build_vector_index(session, embedder.identity.dimension, services.settings.exact_scan_rows)
    return ReembedReport(str(embedder.identity), str(before), passages, codes, chunks, insights)


def _run(session: Session, statements: Sequence[str]) -> None:
    for table in _INDEXED:
        for statement in statements:
            session.execute(text(statement.format(table=table)))


def _remake_passages(session: Session, embedder: Embedder, model_id: uuid.UUID, progress: Progress) -> int:
    total = session.scalar(select(func.count()).select_from(Passage)) or 0
    done = 0
    for rows in _batches(session):
        vectors = embed_with_questions(embedder, [row.text for row in rows], [row.question for row in rows])
        _set_vectors(session, "passage", [row.utterance_id for row in rows], vectors, model_id)
        done += len(rows)
        progress("passages", done, total)
    return done


def _remake_gists(session: Session, embedder: Embedder, model_id: uuid.UUID) -> None:
    gists = select(PassageGist.utterance_id, PassageGist.text).order_by(PassageGist.utterance_id).limit(_BATCH_ROWS)
    last = _FIRST
    while rows := session.execute(gists.where(PassageGist.utterance_id > last)).all():
        vectors = embedder.embed_passages([row.text for row in rows])
        _set_vectors(session, "passage_gist", [row.utterance_id for row in rows], vectors, model_id)
        last = rows[-1].utterance_id


def _set_vectors(
    session: Session, table: str, utterances: Sequence[uuid.UUID], vectors: Vectors, model_id: uuid.UUID
) -> None:
    statement = text(_SET_VECTOR.format(table=table))
    pairs = zip(utterances, vectors, strict=True)
    values = [{"id": each, "model_id": model_id, "embedding": HalfVector(vector)} for each, vector in pairs]
    session.execute(statement, values)


def _batches(session: Session) -> Iterator[Sequence[Row[uuid.UUID, str, str | None]]]:
    asked = aliased(Utterance)
    rows = (
        select(Passage.utterance_id, Utterance.text, asked.text.label("question"))
        .join(Utterance, Utterance.id == Passage.utterance_id)
        .outerjoin(asked, asked.id == Passage.question_id)
        .order_by(Passage.utterance_id)
        .limit(_BATCH_ROWS)
    )
    last = _FIRST
    while batch := session.execute(rows.where(Passage.utterance_id > last)).all():
        yield batch
        last = batch[-1].utterance_id


def _remake_codes(session: Session, embedder: Embedder, model_id: uuid.UUID) -> int:
    codes = session.scalars(select(Code).order_by(Code.id)).all()
    vectors = embedder.embed_passages([code_text(code.labels, code.about, code.examples) for code in codes])
    for code, vector in zip(codes, vectors, strict=True):
        code.model_id, code.embedding = model_id, HalfVector(vector)
    session.flush()
    return len(codes)
