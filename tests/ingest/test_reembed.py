"""The switch to another embedder: all vectors at once, or none."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from narrow_embedder import DIMENSION, write_narrow_embedder
from pgvector import HalfVector
from sqlalchemy import func, select, text
from sqlalchemy.orm import aliased
from study_factory import add_study

from app.blobs import Blobs
from app.calibration import read_calibration
from app.database import Database
from app.embedding import Embedder, load_embedder
from app.evidence.insights.given import NewInsight
from app.evidence.insights.intake import save_insights
from app.evidence.sources.arrivals import Arrival, embedded_text
from app.evidence.sources.facts import SourceFacts
from app.evidence.sources.intake import add_document
from app.index import MixedIndexError, active_model_id, stored_identity
from app.models import Code, EmbeddingModel, Insight, Passage, PassageGist, SourceChunk, Study, Tagging, Utterance
from app.services import Services
from app.settings import Settings
from app.tagging.tagger import author_of
from app.vocabulary import SourceKind
from ingest.passages import embed_with_questions
from ingest.reembed import reembed
from ingest.vector_index import build_vector_index


@pytest.fixture
def narrow(tmp_path: Path) -> Embedder:
    """Another embedder than the bundled one."""
    return load_embedder(str(write_narrow_embedder(tmp_path / "narrow")))


@pytest.fixture
def filled(own_database: Database, embedder: Embedder, blobs: Blobs) -> Services:
    """Two studies whose vectors the bundled embedder made."""
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
        add_study(session, embedder, "zeta")
    return Services(Settings(exact_scan_rows=5), own_database, embedder, blobs)


def switched(services: Services, embedder: Embedder) -> Services:
    """The same services with another embedder configured."""
    return replace(services, embedder=embedder)


def test_gists_are_found_by_the_new_embedder(filled: Services, narrow: Embedder) -> None:
    """Their vectors change with those of the passages, and their index is built over these alone."""
    with filled.database.sessions.begin() as session:
        model_id = session.scalars(select(Passage.model_id).distinct()).one()
        for utterance_id, study_id in session.execute(select(Passage.utterance_id, Passage.study_id)).all():
            vector = HalfVector(filled.embedder.embed_passages(["Fears a loss"])[0])
            gist = PassageGist(utterance_id=utterance_id, study_id=study_id, text="Fears a loss", embedding=vector)
            gist.language, gist.chat_model, gist.prompt, gist.model_id = "en", "scripted", "tag_passages", model_id
            session.add(gist)
    with filled.database.sessions.begin() as session:
        build_vector_index(session, filled.embedder.identity.dimension, 5)
    reembed(switched(filled, narrow), lambda *_: None)
    expected = narrow.embed_passages(["Fears a loss"])[0]
    with filled.database.sessions() as session:
        gists = session.scalars(select(PassageGist)).all()
        indexes = session.scalars(
            text("SELECT indexdef FROM pg_indexes WHERE indexname = 'passage_gist_embedding_hnsw'")
        )
        assert f"halfvec({DIMENSION})" in indexes.one()
    assert len(gists) == 8
    assert all(np.allclose(gist.embedding, expected, atol=1e-3) for gist in gists)


def test_all_vectors_are_those_of_the_new_embedder(filled: Services, narrow: Embedder) -> None:
    """Passages with their questions, codes and calibrations of every study change together."""
    progress: list[tuple[str, int, int]] = []
    report = reembed(switched(filled, narrow), lambda *step: progress.append(step))
    assert (report.embedder, report.before) == (str(narrow.identity), str(filled.embedder.identity))
    assert (report.passages, report.codes) == (8, 2)
    assert progress[0] == ("passages", 8, 8)
    assert ("tags I01", 0, 3) in progress
    asked = aliased(Utterance)
    with filled.database.sessions() as session:
        model_id = active_model_id(session, narrow.identity)
        rows = session.execute(
            select(Utterance.text, asked.text, Passage.embedding, Passage.model_id)
            .select_from(Passage)
            .join(Utterance, Utterance.id == Passage.utterance_id)
            .outerjoin(asked, asked.id == Passage.question_id)
        ).all()
        codes = session.scalars(select(Code)).all()
        thresholds = [read_calibration(session, study_id, model_id) for study_id in session.scalars(select(Study.id))]
    expected = embed_with_questions(narrow, [row[0] for row in rows], [row[1] for row in rows])
    stored = np.array([row[2] for row in rows])
    assert stored.shape == (8, DIMENSION)
    assert np.allclose(stored, expected, atol=1e-2)
    assert {row[3] for row in rows} | {code.model_id for code in codes} == {model_id}
    assert len(thresholds) == 2


def test_sources_and_insights_change_with_all_else(filled: Services, narrow: Embedder) -> None:
    """Chunks of every version of a source, and statements of insights, whatever their status."""
    with filled.database.sessions() as session:
        study_id = session.scalars(select(Study.id).where(Study.slug == "acme")).one()
    facts = SourceFacts(SourceKind.OTHER, "Preise", url="https://a.example/")
    for words in ("Eine Order kostet einen Euro.", "Eine Order kostet zwei Euro."):
        add_document(filled, study_id, facts, Arrival("a.md", words.encode()))
    save_insights(filled, study_id, "test", [NewInsight("IN1", "anna", "Orders are cheap.")])
    progress: list[tuple[str, int, int]] = []
    report = reembed(switched(filled, narrow), lambda *step: progress.append(step))
    assert (report.chunks, report.insights) == (2, 1)
    assert ("chunks of sources", 2, 2) in progress
    with filled.database.sessions() as session:
        model_id = active_model_id(session, narrow.identity)
        chunks = session.scalars(select(SourceChunk).order_by(SourceChunk.text)).all()
        (insight,) = session.scalars(select(Insight)).all()
        assert {chunk.model_id for chunk in chunks} | {insight.model_id} == {model_id}
        texts = [embedded_text("Preise", None, chunk.text) for chunk in chunks]
        assert np.allclose(np.array([chunk.embedding for chunk in chunks]), narrow.embed_passages(texts), atol=1e-2)
        assert np.allclose(np.array(insight.embedding), narrow.embed_passages([insight.statement])[0], atol=1e-2)
    assert add_document(switched(filled, narrow), study_id, facts, Arrival("a.md", b"Drei Euro.")).outcome == "changed"


def test_the_taggings_are_those_of_the_new_embedder(filled: Services, narrow: Embedder) -> None:
    """What the former embedder tagged is tagged anew, also when a switch ended before that; persons' tags stay."""
    old = author_of(filled.embedder.identity)
    by_persons = tags_by(filled, "anna")
    for passages in (8, 0):
        add_tags_by(filled, old)
        report = reembed(switched(filled, narrow), lambda *_: None)
        assert report.passages == passages
        assert "acme" in {entry.study for entry in report.tagged}
        assert tags_by(filled, old) == set()
        assert tags_by(filled, "anna") == by_persons != set()


def tags_by(services: Services, author: str) -> set[UUID]:
    """The taggings of an author."""
    with services.database.sessions() as session:
        return set(session.scalars(select(Tagging.id).where(Tagging.author == author)))


def add_tags_by(services: Services, author: str) -> None:
    """Put a tagger's tag beside each tag of a person in the study acme."""
    with services.database.sessions.begin() as session:
        session.execute(
            text(
                'INSERT INTO tagging (study_id, utterance_id, code_id, start, "end", polarity, author, basis, '
                "confidence) SELECT study_id, utterance_id, code_id, 0, 1, polarity, :author, 'model', 0.5 "
                "FROM tagging WHERE basis = 'person' AND study_id = (SELECT id FROM study WHERE slug = 'acme')"
            ),
            {"author": author},
        )


def test_no_more_memory_is_taken_for_an_index_than_it_needs(filled: Services, own_database: Database) -> None:
    """Eight vectors get a mebibyte for as long as it takes, of whatever the server allows."""
    allowed = text("SELECT pg_size_bytes(current_setting('maintenance_work_mem'))")
    with own_database.sessions.begin() as session:
        before = session.scalar(allowed)
        build_vector_index(session, filled.embedder.identity.dimension, least_rows=1)
        granted = session.scalar(allowed)
    with own_database.sessions.begin() as session:
        assert (before, granted) == (2**30, 2**20)
        assert session.scalar(allowed) == before


def test_the_index_is_built_for_the_new_vectors(filled: Services, narrow: Embedder, own_database: Database) -> None:
    """The vector index of the old dimension is gone, the new one holds the new dimension."""
    with own_database.sessions.begin() as session:
        build_vector_index(session, filled.embedder.identity.dimension, least_rows=1)
    reembed(switched(filled, narrow), lambda *_: None)
    with own_database.sessions() as session:
        definition = session.scalar(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'passage_embedding_hnsw'"))
    assert f"halfvec({DIMENSION})" in str(definition)


def test_nothing_is_done_when_the_embedder_is_the_same(filled: Services, own_database: Database) -> None:
    """A second run writes no row."""
    with own_database.sessions() as session:
        before = session.execute(text("SELECT utterance_id, xmin::text FROM passage ORDER BY 1")).all()
    report = reembed(filled, lambda *_: None)
    with own_database.sessions() as session:
        after = session.execute(text("SELECT utterance_id, xmin::text FROM passage ORDER BY 1")).all()
    assert (report.passages, report.codes, report.before) == (0, 0, str(filled.embedder.identity))
    assert before == after


def test_an_empty_index_needs_nothing(own_database: Database, narrow: Embedder, blobs: Blobs) -> None:
    """Before the first ingest there is nothing to switch."""
    report = reembed(Services(Settings(), own_database, narrow, blobs), lambda *_: None)
    assert (report.before, report.passages) == (None, 0)


def test_a_switch_that_is_cut_off_leaves_the_old_index_whole(filled: Services, narrow: Embedder) -> None:
    """Whatever interrupts it, no vector of the new embedder is seen, and the old one still answers."""

    class CutOffError(Exception):
        """The process is gone."""

    def cut_off(*_: object) -> None:
        raise CutOffError

    with pytest.raises(CutOffError):
        reembed(switched(filled, narrow), cut_off)
    with filled.database.sessions() as session:
        assert stored_identity(session) == filled.embedder.identity
        assert session.scalar(select(func.count(Passage.model_id.distinct()))) == 1
        assert session.scalar(select(func.count()).select_from(EmbeddingModel)) == 1
        with pytest.raises(MixedIndexError):
            active_model_id(session, narrow.identity)
