"""Backups: restored elsewhere they answer as before, and whatever is wrong leaves nothing half done."""

import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from database_factory import make_database
from sqlalchemy import select, text, update
from sqlalchemy.orm import sessionmaker
from study_factory import add_study

from app.answering.answer import answer_question
from app.answering.schemas import Answer, Question
from app.backup.archive import DUMP, MANIFEST, Holdings, Manifest, add_bytes, opened_archive
from app.backup.make import count_holdings, make_backup
from app.backup.programs import run_program
from app.backup.restore import restore_backup
from app.blobs import Blobs, open_blobs
from app.database import Database, make_engine, migrate
from app.embedding import Embedder
from app.errors import AppError, ConflictError, InvalidInputError
from app.models import Recording, Study
from app.privacy.erasure import premises_of
from app.services import Services
from app.settings import Settings

SOUND = b"what was said, as sound"
QUESTION = Question(question="¿Miedo de perder el dinero?", study="acme")
NOTHING = Holdings(studies=0, interviews=0, utterances=0, taggings=0, insights=0, answers=0, recordings=0)


@pytest.fixture
def filled(own_database: Database, embedder: Embedder, blobs: Blobs) -> Services:
    """An installation with a study, a recording that is kept and an answer that was given."""
    kept = blobs.put(BytesIO(SOUND), 1000)
    with own_database.sessions.begin() as session:
        add_study(session, embedder, "acme")
        session.execute(update(Recording).values(sha256=kept.sha256))
    return Services(Settings(), own_database, embedder, blobs)


@pytest.fixture
def elsewhere(migrated_url: str, tmp_path: Path, embedder: Embedder) -> Iterator[Services]:
    """An installation that holds nothing."""
    engine = make_engine(make_database(migrated_url, "elsewhere_test"), Settings())
    blobs = open_blobs(Settings(data_dir=tmp_path / "elsewhere"))
    yield Services(Settings(), Database(engine, sessionmaker(engine, expire_on_commit=False)), embedder, blobs)
    engine.dispose()


def backed_up(services: Services, path: Path) -> Path:
    """Make a backup."""
    make_backup(services.database, services.blobs, path, lambda *_: None)
    return path


def restore(services: Services, path: Path) -> None:
    """Restore a backup."""
    restore_backup(premises_of(services), path, path.parent / "room", lambda *_: None)


def said(answer: Answer) -> dict[str, object]:
    """An answer without what is new in each."""
    return answer.model_dump(exclude={"id", "thread_id", "created_at", "provenance"})


def test_a_restored_installation_answers_as_before(filled: Services, elsewhere: Services, tmp_path: Path) -> None:
    """The same answer with the same quotes and counts, the recording byte for byte, and as much of everything."""
    before = answer_question(QUESTION, filled)
    path = backed_up(filled, tmp_path / "backup.tar")
    restore(elsewhere, path)
    assert said(answer_question(QUESTION, elsewhere)) == said(before)
    with elsewhere.database.sessions() as session, filled.database.sessions() as former:
        assert count_holdings(session) == count_holdings(former).model_copy(update={"answers": 2})
        recording = session.scalars(select(Recording.sha256).distinct()).one()
    with elsewhere.blobs.open(recording) as stream:
        assert stream.read() == SOUND


def test_a_backup_says_what_it_holds_and_is_nobody_elses(filled: Services, tmp_path: Path) -> None:
    """Its manifest comes first; files that were lost are named; nobody else may read it; nothing is written over."""
    filled.blobs.delete(next(iter(filled.blobs.names())))
    path = backed_up(filled, tmp_path / "backup.tar")
    assert path.stat().st_mode & 0o777 == 0o600
    with opened_archive(path) as (manifest, archive):
        assert archive.getnames() == [MANIFEST, DUMP]
        assert (manifest.holdings.studies, len(manifest.missing)) == (1, 1)
    with pytest.raises(ConflictError, match="exists"):
        backed_up(filled, path)
    assert list(tmp_path.glob(".backup-*")) == []


def test_nothing_is_restored_over_studies(filled: Services, tmp_path: Path) -> None:
    """What is there stays."""
    path = backed_up(filled, tmp_path / "backup.tar")
    with pytest.raises(ConflictError, match="there are studies here"):
        restore(filled, path)
    with filled.database.sessions() as session:
        assert count_holdings(session).studies == 1


@pytest.mark.parametrize(
    "fault", ["text", "short", "changed dump", "changed recording", "newer", "no file", "a folder"]
)
def test_a_wrong_file_leaves_an_empty_installation(
    filled: Services, elsewhere: Services, tmp_path: Path, fault: str
) -> None:
    """It is refused with a remedy, and the installation can be used at once."""
    path = backed_up(filled, tmp_path / "backup.tar")
    content = path.read_bytes()
    changed = {
        "text": b"this is no archive at all" * 100,
        "short": content[: len(content) // 2],
        "changed dump": content.replace(b"PGDMP", b"PGDMQ", 1),
        "changed recording": content.replace(SOUND, SOUND.upper(), 1),
        "newer": _renamed(content),
    }
    if fault == "no file":
        path = tmp_path / "none.tar"
    elif fault == "a folder":
        path = tmp_path
    else:
        path.write_bytes(changed[fault])
    with pytest.raises(InvalidInputError) as refused:
        restore(elsewhere, path)
    assert refused.value.faults[0].remedy
    with elsewhere.database.sessions() as session:
        assert count_holdings(session) == NOTHING
    assert not elsewhere.blobs.names() or fault == "changed dump"


def _renamed(content: bytes) -> bytes:
    """A backup whose schema nobody knows yet."""
    at = content.index(b'"schema_revision": "') + len(b'"schema_revision": "')
    return content[:at] + b"9" * 4 + content[at + 4 :]


def test_a_dump_that_the_database_refuses_changes_nothing(elsewhere: Services, tmp_path: Path) -> None:
    """The installation is empty and up to date again."""
    path = _made_by_hand(tmp_path, b"PGDMP but nothing that follows", "0001")
    with pytest.raises(AppError, match="pg_restore gave up"):
        restore(elsewhere, path)
    with elsewhere.database.sessions() as session:
        assert count_holdings(session) == NOTHING


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    server_url: str, elsewhere: Services, tmp_path: Path
) -> None:
    """What was stored under the first schema is there under the newest."""
    engine = make_engine(make_database(server_url, "older_test"), Settings())
    migrate(engine, "0001")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO study (id, slug, title, languages, competitors) "
                "VALUES (gen_random_uuid(), 'old', 'Of old', '{de}', '{}')"
            )
        )
    run_program("pg_dump", ("--format=custom", "--no-owner", f"--file={tmp_path / DUMP}"), engine)
    engine.dispose()
    restore(elsewhere, _made_by_hand(tmp_path, (tmp_path / DUMP).read_bytes(), "0001"))
    with elsewhere.database.sessions() as session:
        assert session.scalars(select(Study.title)).all() == ["Of old"]
        assert count_holdings(session).studies == 1


def _made_by_hand(folder: Path, dump: bytes, revision: str) -> Path:
    """A backup with a dump of one's own."""
    digest = sha256(dump).hexdigest()
    manifest = Manifest(
        made_at=datetime.now(UTC),
        verbatim="0.1",
        schema_revision=revision,
        embedder=None,
        dump_sha256=digest,
        dump_bytes=len(dump),
        holdings=NOTHING,
        files=(),
    )
    path = folder / "by-hand.tar"
    with tarfile.open(path, "w") as archive:
        add_bytes(archive, MANIFEST, manifest.model_dump_json().encode())
        add_bytes(archive, DUMP, dump)
    return path
