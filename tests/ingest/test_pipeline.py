"""From a study folder to published interviews: whole, once, again, broken, changed, taken over."""

import base64
import shutil
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from app.blobs import Blobs
from app.database import Database
from app.embedding import Embedder
from app.models import IngestRun, Interview, Passage, Tagging, Transcript, Utterance
from app.services import Services
from app.settings import Settings
from ingest.manifest import ManifestError, read_study
from ingest.pipeline import IngestReport, ingest_study, process_run, register_interview
from ingest.runs import LeaseLostError, advance, alone_with, claim_run, waiting_runs
from ingest.speech.recordings import SpeechProcess

MANIFEST = """\
study: shop
title: Why people come back
languages: [de, es, en]
team:
  - {id: anna, name: Anna Brandt, role: researcher}
codebook: codebook.yaml
participants:
  - {id: P01, language: de}
  - {id: P02, language: es}
interviews:
  - {id: I01, participant: P01, interviewer: anna, files: [P01.vtt]}
  - {id: I02, participant: P02, interviewer: anna, mode: interpreted, interviewer_language: en, files: [P02.txt]}
taggings: taggings.csv
"""

GERMAN = """\
WEBVTT

1
00:00:01.000 --> 00:00:04.000
<v Anna Brandt>Was war der Anlass, sich etwas Neues zu suchen?</v>

2
00:00:04.500 --> 00:00:08.000
<v P01>Die Bank wollte plötzlich Gebühren für das Konto.

3
00:00:08.000 --> 00:00:12.000
<v P01>Da war ich richtig sauer auf die.</v>
"""

SPANISH = """\
Anna Brandt: What did you do first?
P02: ¿Qué hizo usted primero?
P02: Pues primero fui a la oficina de mi banco y pregunté por las comisiones.
P02: Well, first I went to the branch of my bank and asked about the fees.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small study folder: one German interview, one interpreted Spanish one."""
    (tmp_path / "study.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "P01.vtt").write_text(GERMAN, encoding="utf-8")
    (tmp_path / "P02.txt").write_text(SPANISH, encoding="utf-8")
    codes = "codes: [{code: FEE, kind: trigger, label: Account fee, about: the bank asks for a fee}]\n"
    (tmp_path / "codebook.yaml").write_text(codes, encoding="utf-8")
    (tmp_path / "taggings.csv").write_text(
        "interview,quote,code,polarity,author\nI01,wollte plötzlich Gebühren,FEE,affirmed,anna\n", encoding="utf-8"
    )
    return tmp_path


def run(folder: Path, services: Services) -> IngestReport:
    """Ingest without showing progress."""
    return ingest_study(folder, services, lambda *_: None)


def statuses(report: IngestReport) -> list[str]:
    """Status of each interview, in order."""
    return [interview.status for interview in report.interviews]


def test_a_study_is_published_whole(folder: Path, services: Services) -> None:
    """Cues become turns, roles follow names and language, and only the participants have passages."""
    report = run(folder, services)
    assert (statuses(report), report.faults, report.succeeded) == (["published", "published"], (), True)
    with services.database.sessions() as session:
        rows = session.execute(
            select(Interview.code, Utterance.role, Utterance.language, Utterance.text, Utterance.start_ms)
            .join(Interview, Interview.transcript_id == Utterance.transcript_id)
            .order_by(Interview.code, Utterance.index)
        ).all()
        quotable = session.scalars(
            select(Utterance.text).join(Passage, Passage.utterance_id == Utterance.id).order_by(Utterance.text)
        ).all()
    assert [(row.code, row.role, row.language) for row in rows] == [
        ("I01", "interviewer", "de"),
        ("I01", "participant", "de"),
        ("I02", "interviewer", "en"),
        ("I02", "interpreter", "es"),
        ("I02", "participant", "es"),
        ("I02", "interpreter", "en"),
    ]
    assert rows[1].text == "Die Bank wollte plötzlich Gebühren für das Konto. Da war ich richtig sauer auf die."
    assert rows[1].start_ms == 4500
    assert quotable == [rows[1].text, rows[4].text]


def test_the_same_folder_twice_changes_nothing(folder: Path, services: Services) -> None:
    """A second run publishes nothing and leaves every row as it is."""
    run(folder, services)
    with services.database.sessions() as session:
        before = session.execute(text("SELECT id, xmin::text FROM utterance ORDER BY id")).all()
    report = run(folder, services)
    with services.database.sessions() as session:
        after = session.execute(text("SELECT id, xmin::text FROM utterance ORDER BY id")).all()
        taggings = session.scalar(select(func.count()).select_from(Tagging).where(Tagging.basis == "person"))
    assert statuses(report) == ["unchanged", "unchanged"]
    assert before == after
    assert taggings == 1


def test_a_changed_file_is_a_new_version_and_the_old_words_stay(folder: Path, services: Services) -> None:
    """Version 2 is found, version 1 is kept, and going back to the old file publishes version 1 again."""
    run(folder, services)
    (folder / "P01.vtt").write_text(GERMAN.replace("richtig sauer", "sehr enttäuscht"), encoding="utf-8")
    assert statuses(run(folder, services)) == ["published", "unchanged"]

    def published() -> tuple[int, str]:
        with services.database.sessions() as session:
            version, words = session.execute(
                select(Transcript.version, Utterance.text)
                .join(Interview, Interview.transcript_id == Transcript.id)
                .join(Utterance, Utterance.transcript_id == Transcript.id)
                .join(Passage, Passage.utterance_id == Utterance.id)
                .where(Interview.code == "I01")
            ).one()
        return version, words

    version, words = published()
    assert (version, "sehr enttäuscht" in words) == (2, True)
    with services.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Utterance).where(Utterance.text.contains("sauer"))) == 1
    (folder / "P01.vtt").write_text(GERMAN, encoding="utf-8")
    run(folder, services)
    version, words = published()
    assert (version, "richtig sauer" in words) == (1, True)


def test_nobody_without_the_key_tries_out_who_takes_part(folder: Path, services: Services) -> None:
    """Of the same folder, another key makes other fingerprints: names are in them."""
    run(folder, services)
    settings = services.settings.model_copy(update={"privacy_key": SecretStr(base64.b64encode(bytes(32)).decode())})
    study = read_study(folder)
    register_interview(study, study.interviews[0], replace(services, settings=settings))
    with services.database.sessions() as session:
        fingerprints = session.scalars(select(IngestRun.fingerprint).join(Interview).where(Interview.code == "I01"))
        assert len(set(fingerprints)) == 2


@pytest.mark.parametrize("broken", [b"\x00\x01\x02\xff" * 40, b"", b"RIFF....WAVE", b"\n\n"])
def test_a_broken_transcript_fails_alone_and_is_tried_again(folder: Path, services: Services, broken: bytes) -> None:
    """The other interview is published; the broken one says why, and is published once it is mended."""
    (folder / "P02.txt").write_bytes(broken)
    report = run(folder, services)
    assert statuses(report) == ["published", "failed"]
    assert not report.succeeded
    assert "P02.txt" in (report.interviews[1].problem or "")
    with services.database.sessions() as session:
        run_row = session.scalars(select(IngestRun).where(IngestRun.status == "failed")).one()
    assert run_row.error == report.interviews[1].problem
    (folder / "P02.txt").write_text(SPANISH, encoding="utf-8")
    assert statuses(run(folder, services)) == ["unchanged", "published"]


def test_a_text_that_need_not_be_a_conversation_is_told(services: Services, tmp_path: Path) -> None:
    """Where nobody is named and nobody asks, it is quoted as the participant's: whoever gave the file may err."""
    people = "participants: [{id: P01, language: de}]\ninterviews: [{id: I01, participant: P01, files: [P01.txt]}]\n"
    (tmp_path / "study.yaml").write_text(f"study: shop\nlanguages: [de, en]\n{people}", encoding="utf-8")
    readme = Path(__file__).resolve().parents[2] / "README.md"
    (tmp_path / "P01.txt").write_text(readme.read_text(encoding="utf-8")[:6000], encoding="utf-8")
    (interview,) = run(tmp_path, services).interviews
    assert interview.status == "published"
    (told,) = interview.warnings
    assert "nobody is named" in told
    assert "verbatim speakers I01" in told


def test_a_wrong_manifest_stores_nothing(folder: Path, services: Services) -> None:
    """All faults come at once, and no study is made."""
    wrong = MANIFEST.replace("mode: interpreted", "mode: interpretet")
    (folder / "study.yaml").write_text(wrong.replace("participant: P01", "participant: P91"), "utf-8")
    with pytest.raises(ManifestError) as refusal:
        run(folder, services)
    assert len(refusal.value.faults) >= 2
    with services.database.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM study")) == 0


def test_a_tagging_of_words_nobody_said_is_reported_with_its_line(folder: Path, services: Services) -> None:
    """The interviewer's words and invented ones cannot be tagged."""
    with (folder / "taggings.csv").open("a", encoding="utf-8") as file:
        file.write("I01,Was war der Anlass,FEE,affirmed,anna\nI01,nie gesagt,FEE,affirmed,anna\n")
    report = run(folder, services)
    assert [fault.place for fault in report.faults] == ["taggings.csv:3", "taggings.csv:4"]
    assert not report.succeeded


def test_without_consent_nothing_is_quotable(folder: Path, services: Services) -> None:
    """Nothing of an interview whose people did not agree to quotes is among what may be quoted."""
    manifest = MANIFEST.replace("files: [P01.vtt]}", "files: [P01.vtt], consent: {quotes: false}}")
    (folder / "study.yaml").write_text(manifest, encoding="utf-8")
    run(folder, services)
    with services.database.sessions() as session:
        statement = "SELECT DISTINCT interview.code FROM quotable JOIN interview ON interview.id = interview_id"
        assert session.scalars(text(statement)).all() == ["I02"]


def test_words_never_change_once_stored(folder: Path, services: Services) -> None:
    """The database itself refuses to alter what was said."""
    run(folder, services)
    with services.database.sessions() as session, pytest.raises(DBAPIError, match="never changes"):
        session.execute(update(Utterance).values(text="Ich war begeistert."))


def test_one_run_has_one_holder(folder: Path, own_database: Database, embedder: Embedder, blobs: Blobs) -> None:
    """A second claim fails while the lease holds; when it has run out, the first holder can write no more."""
    services = Services(Settings(), own_database, embedder, blobs)
    shutil.copy(folder / "P01.vtt", folder / "P02.txt")
    run(folder, services)
    sessions = own_database.sessions
    with sessions.begin() as session:
        run_id: uuid.UUID = session.scalars(select(IngestRun.id)).first() or uuid.uuid4()
        session.execute(update(IngestRun).where(IngestRun.id == run_id).values(status="queued"))
    with sessions.begin() as session:
        first = claim_run(session, run_id)
    with sessions.begin() as session:
        assert claim_run(session, run_id) is None
        assert run_id not in waiting_runs(session)
        session.execute(
            update(IngestRun).where(IngestRun.id == run_id).values(lease_until=text("now() - interval '1 s'"))
        )
    with sessions.begin() as session:
        assert run_id in waiting_runs(session)
        second = claim_run(session, run_id)
    assert first is not None
    assert second is not None
    with pytest.raises(LeaseLostError), sessions.begin() as session:
        advance(session, first, "embed")
    with sessions.begin() as session:
        advance(session, second, "embed")


def test_a_dead_holder_is_replaced_at_once(
    folder: Path, own_database: Database, embedder: Embedder, blobs: Blobs
) -> None:
    """A run whose holder's lock is gone is taken over although its lease still holds; a living holder's is not."""
    services = Services(Settings(), own_database, embedder, blobs)
    run(folder, services)
    sessions = own_database.sessions
    with sessions.begin() as session:
        run_id = session.scalars(select(IngestRun.id).limit(1)).one()
        session.execute(update(IngestRun).where(IngestRun.id == run_id).values(status="queued"))
    with sessions.begin() as session:
        dead = claim_run(session, run_id)
    with alone_with(own_database.engine, run_id) as mine, alone_with(own_database.engine, run_id) as other:
        assert (mine, other) == (True, False)
    assert process_run(run_id, "I01", services, SpeechProcess()).status == "published"
    assert dead is not None
    with pytest.raises(LeaseLostError), sessions.begin() as session:
        advance(session, dead, "embed")
