"""The worker: what a killed process left behind is finished, what another holds is left alone."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from app.models import Calibration, IngestRun, Interview, Passage
from app.services import Services
from ingest.pipeline import InterviewReport, ingest_study
from ingest.tasks import drain, work

MANIFEST = """\
study: shop
languages: [de]
participants: [{id: P01, language: de}, {id: P02, language: de}]
interviews:
  - {id: I01, participant: P01, files: [P01.txt]}
  - {id: I02, participant: P02, files: [P02.txt]}
"""
WORDS = "Ich hatte Angst um mein Geld, und die Bank hat wochenlang keinen einzigen meiner Briefe beantwortet."


@pytest.fixture
def left_behind(tmp_path: Path, services: Services) -> Services:
    """Two interviews that a process has read and not published before it was killed."""
    (tmp_path / "study.yaml").write_text(MANIFEST, encoding="utf-8")
    for person in ("P01", "P02"):
        (tmp_path / f"{person}.txt").write_text(f"Anna: Und dann?\n{person}: {WORDS}\n", encoding="utf-8")
    ingest_study(tmp_path, services, lambda *_: None)
    with services.database.sessions.begin() as session:
        session.execute(delete(Passage))
        session.execute(delete(Calibration))
        session.execute(update(Interview).values(transcript_id=None))
        session.execute(update(IngestRun).values(status="running", lease_until=func.now() - func.make_interval(0, 1)))
    return services


def test_what_a_killed_process_left_is_published(left_behind: Services) -> None:
    """Each interview once, and the study is calibrated, so that its words can be evidence."""
    reports: list[InterviewReport] = []
    drain(left_behind, threading.Event(), reports.append)
    assert sorted((report.interview, report.status) for report in reports) == [
        ("I01", "published"),
        ("I02", "published"),
    ]
    with left_behind.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Passage)) == 2
        assert session.scalar(select(func.count()).select_from(Calibration)) == 1
    drain(left_behind, threading.Event(), reports.append)
    assert len(reports) == 2


def test_what_another_process_holds_is_left_alone(left_behind: Services) -> None:
    """A lease that has not expired is respected."""
    with left_behind.database.sessions.begin() as session:
        session.execute(update(IngestRun).values(lease_until=func.now() + func.make_interval(0, 1)))
    drain(left_behind, threading.Event(), lambda _: pytest.fail("a run of another process was taken"))


def test_the_worker_ends_after_the_interview_in_hand(left_behind: Services) -> None:
    """Told to end while it works, it finishes that interview and begins no other."""
    ending = threading.Event()
    reports: list[InterviewReport] = []

    def report(outcome: InterviewReport) -> None:
        reports.append(outcome)
        ending.set()

    work(left_behind, ending, report)
    assert [outcome.status for outcome in reports] == ["published"]
