"""Retention: what was kept for as long as its study says goes, on the day after, and nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.blobs import Blobs
from app.database import Database
from app.embedding import Embedder
from app.errors import NotFoundError, UnavailableError
from app.models import AuditEvent, Interview, Participant
from app.privacy.erasure import erase_interview, list_receipts, premises_of
from app.privacy.retention import RetentionPeriod, enforce_retention, keep_promises, read_retention, set_retention
from app.services import Services
from app.settings import Settings
from ingest.pipeline import ingest_study

DAYS = 30
MANIFEST = """
study: shop
languages: [de]
participants:
  - {{id: P01, language: de}}
  - {{id: P02, language: de}}
  - {{id: P03, language: de}}
  - {{id: P04, language: de}}
interviews:
  - {{id: I01, participant: P01, date: {long_ago}, files: [P01.txt]}}
  - {{id: I02, participant: P02, date: {last_day}, files: [P02.txt]}}
  - {{id: I03, participant: [P01, P02], date: {long_ago}, files: [both.txt], speakers: {{Kim: P01, Lou: P02}}}}
  - {{id: I04, participant: P03, files: [P03.txt]}}
"""


@pytest.fixture
def services(own_database: Database, embedder: Embedder, blobs: Blobs, tmp_path: Path) -> Services:
    """A study with interviews of the last day of the period, of the day before, and of an unknown day.

    P04 was never interviewed.
    """
    folder = tmp_path / "shop"
    folder.mkdir()
    today = datetime.now(UTC).date()
    days = {"last_day": today - timedelta(DAYS), "long_ago": today - timedelta(DAYS + 1)}
    (folder / "study.yaml").write_text(MANIFEST.format(**days), "utf-8")
    for code in ("P01", "P02", "P03"):
        (folder / f"{code}.txt").write_text(f"Anna: Und dann?\n{code}: Ich hatte Angst um mein Geld.\n", "utf-8")
    (folder / "both.txt").write_text("Kim: Mit der Bank war es so.\nLou: Bei mir war es anders.\n", "utf-8")
    services = Services(Settings(data_dir=tmp_path / "data"), own_database, embedder, blobs)
    assert ingest_study(folder, services, lambda *_: None).succeeded
    return services


def keep_for(services: Services, days: int | None) -> None:
    """Say how long the study keeps interviews."""
    with services.database.sessions.begin() as session:
        set_retention(session, "shop", RetentionPeriod(days=days))


def kept(services: Services) -> tuple[list[str], list[str]]:
    """The codes of the interviews and of the participants that are there."""
    with services.database.sessions() as session:
        interviews = session.scalars(select(Interview.code).order_by(Interview.code)).all()
        return list(interviews), list(session.scalars(select(Participant.code).order_by(Participant.code)))


def test_without_a_period_everything_is_kept(services: Services) -> None:
    """The default is no limit."""
    assert enforce_retention(premises_of(services)) == ()
    assert kept(services) == (["I01", "I02", "I03", "I04"], ["P01", "P02", "P03", "P04"])


def test_what_is_due_goes_with_who_has_nothing_else(services: Services) -> None:
    """On its last day an interview stays; whoever was never interviewed, or has another interview, stays too."""
    keep_for(services, DAYS)
    with services.database.sessions() as session:
        due = read_retention(session, "shop")
    assert (due.days, due.due_interviews, due.due_participants) == (DAYS, ("I01", "I03"), ("P01",))
    receipts = keep_promises(premises_of(services))
    assert [receipt.kind for receipt in receipts] == ["participant", "interview"]
    assert all(receipt.finished_at for receipt in receipts)
    assert kept(services) == (["I02", "I04"], ["P02", "P03", "P04"])
    assert keep_promises(premises_of(services)) == ()
    with services.database.sessions() as session:
        written = session.execute(select(AuditEvent.actor, AuditEvent.operation, AuditEvent.object)).all()
    assert [tuple(event) for event in written] == [
        ("retention", "erase_participant", "code P01"),
        ("retention", "erase_interview", "code I03"),
    ]


def test_an_interview_without_a_date_counts_from_its_arrival(services: Services) -> None:
    """It is kept as long as one that was held on the day on which it came in."""
    keep_for(services, DAYS)
    with services.database.sessions.begin() as session:
        assert "I04" not in read_retention(session, "shop").due_interviews
        session.execute(text("ALTER TABLE transcript DISABLE TRIGGER USER"))
        session.execute(text("UPDATE transcript SET created_at = created_at - interval '40 days'"))
        due = read_retention(session, "shop")
    assert "I04" in due.due_interviews
    assert "P03" in due.due_participants


def test_erasures_that_broke_off_are_finished(services: Services) -> None:
    """The worker's step does what the command says that it does, also where no study has a period."""
    premises = premises_of(services)
    premises.ledger.mkdir(parents=True)
    with pytest.raises(UnavailableError):
        erase_interview(premises, "shop", "I01")
    premises.ledger.rmdir()
    keep_promises(premises)
    with services.database.sessions() as session:
        assert all(receipt.finished_at for receipt in list_receipts(session))


def test_unknown_studies_are_told(services: Services) -> None:
    """Neither read nor enforced."""
    with services.database.sessions() as session, pytest.raises(NotFoundError):
        read_retention(session, "other")
    with pytest.raises(NotFoundError):
        enforce_retention(premises_of(services), "other")
