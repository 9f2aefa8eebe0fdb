"""Files that came over the web: checked before anything starts, ingested by runs, concluded, forgotten."""

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from app.blobs import Blobs
from app.database import Database
from app.embedding import Embedder
from app.errors import ConflictError
from app.kept_files import sweep_unused
from app.library.deliveries.manage import cancel_delivery, open_delivery, read_delivery, start_delivery
from app.library.deliveries.schemas import ConversationFacts, DeliveredFile, DeliveryProgress
from app.models import Delivery, IngestRun, Study, Tagging
from app.services import Services
from app.settings import Settings
from app.vocabulary import Mode
from ingest.deliveries import KEPT_FOR, deliver, forget_old_deliveries, waiting_deliveries
from ingest.speech.recordings import SpeechProcess
from ingest.tasks import process

MANIFEST = """
study: shop
title: Shop
languages: [de]
codebook: codebook.yaml
participants: [{id: P01, language: de}, {id: P02, language: de}]
interviews:
  - {id: I01, participant: P01, files: [transcripts/P01.txt]}
  - {id: I02, participant: P02, files: [transcripts/P02.txt]}
taggings: taggings.csv
"""
FOLDER = {
    "study.yaml": MANIFEST,
    "codebook.yaml": "codes: [{code: AX1, kind: anxiety, label: Angst}]\n",
    "taggings.csv": "interview,quote,code,author\nI01,Ich hatte Angst um mein Geld,AX1,anna\n",
    "transcripts/P01.txt": "Anna: Und dann?\nP01: Ich hatte Angst um mein Geld, jeden Tag.\n",
    "transcripts/P02.txt": "Anna: Und dann?\nP02: Die Bank hat nie geantwortet, wochenlang nicht.\n",
}


@pytest.fixture
def shop_services(own_database: Database, embedder: Embedder, blobs: Blobs, tmp_path: Path) -> Services:
    """Services over a database of one's own, where several connections see what is committed."""
    return Services(Settings(data_dir=tmp_path / "data"), own_database, embedder, blobs)


def send(
    services: Services,
    contents: dict[str, str],
    facts: ConversationFacts | None = None,
    study_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Keep files and open a delivery of them."""
    files = []
    for name, content in contents.items():
        kept = services.blobs.put([content.encode()], 1_000_000)
        files.append(DeliveredFile(name=name, sha256=kept.sha256, size_bytes=kept.size_bytes))
    with services.database.sessions.begin() as session:
        return open_delivery(session, "anna", files, facts, study_id)


def progress(services: Services, delivery_id: uuid.UUID) -> DeliveryProgress:
    """How far a delivery is."""
    with services.database.sessions() as session:
        return read_delivery(session, delivery_id)


def start(services: Services, delivery_id: uuid.UUID) -> None:
    """Start a delivery, and register its interviews."""
    with services.database.sessions.begin() as session:
        start_delivery(session, delivery_id)
    deliver(delivery_id, services)


def process_all(services: Services) -> None:
    """Do what the queue holds of runs."""
    with services.database.sessions() as session:
        runs: Sequence[uuid.UUID] = session.scalars(
            select(IngestRun.id).where(IngestRun.status == "queued").order_by(IngestRun.id)
        ).all()
    with SpeechProcess() as speech:
        for run_id in runs:
            process(run_id, services, speech, lambda _: None)


def jobs(services: Services) -> Iterator[str]:
    """What is in the queue."""
    with services.database.sessions() as session:
        yield from session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id"))


def test_a_folder_is_checked_and_nothing_starts(shop_services: Services) -> None:
    """The dry run tells what there is; no study is made of it."""
    delivery_id = send(shop_services, FOLDER)
    assert list(jobs(shop_services)) == ["deliver"]
    deliver(delivery_id, shop_services)
    found = progress(shop_services, delivery_id)
    assert (found.status, found.faults, found.interviews) == ("ready", (), ())
    assert found.plan is not None
    assert (found.plan.study, found.plan.is_new, found.plan.interviews, found.plan.taggings) == ("shop", True, 2, 1)
    with shop_services.database.sessions() as session:
        assert session.scalars(select(Study.slug)).all() == []


def test_every_fault_is_told_with_its_place(shop_services: Services) -> None:
    """A wrong manifest and a file that is not there are said at once; it cannot be started."""
    wrong = MANIFEST.replace("languages: [de]", "langauges: [de]").replace("P02.txt", "P03.txt")
    delivery_id = send(shop_services, {**FOLDER, "study.yaml": wrong})
    deliver(delivery_id, shop_services)
    found = progress(shop_services, delivery_id)
    assert found.status == "refused"
    told = [(fault.place, fault.problem) for fault in found.faults]
    assert ("study.yaml:4", "`langauges` is not a key here") in told
    assert any(place == "study.yaml:9" and "there is no file `transcripts/P03.txt`" in told for place, told in told)
    with pytest.raises(ConflictError), shop_services.database.sessions.begin() as session:
        start_delivery(session, delivery_id)


def test_files_without_a_manifest_need_words(shop_services: Services) -> None:
    """Nobody knows whose conversation they are."""
    delivery_id = send(shop_services, {"P01.txt": FOLDER["transcripts/P01.txt"]})
    deliver(delivery_id, shop_services)
    (fault,) = progress(shop_services, delivery_id).faults
    assert fault.place == "study.yaml"
    assert "say study and participant" in fault.remedy


def test_a_folder_becomes_published_interviews(shop_services: Services) -> None:
    """Started, its interviews are runs of the queue; when they are through, taggings are stored and files forgotten."""
    delivery_id = send(shop_services, FOLDER)
    deliver(delivery_id, shop_services)
    start(shop_services, delivery_id)
    running = progress(shop_services, delivery_id)
    assert (running.status, running.counts) == ("running", {"queued": 2})
    assert list(jobs(shop_services)).count("process") == 2
    process_all(shop_services)
    done = progress(shop_services, delivery_id)
    assert (done.status, done.counts, done.files) == ("finished", {"published": 2}, ())
    with shop_services.database.sessions() as session:
        assert session.scalars(select(Tagging.author).where(Tagging.basis == "person")).all() == ["anna"]
        assert waiting_deliveries(session) == []
    assert shop_services.blobs.names() == frozenset()
    assert not list((shop_services.settings.data_dir / "deliveries").iterdir())


def test_a_broken_transcript_fails_alone_and_is_tried_again(shop_services: Services) -> None:
    """The other interview is published; the files stay, so that it can be started again."""
    delivery_id = send(shop_services, {**FOLDER, "transcripts/P02.txt": ""})
    deliver(delivery_id, shop_services)
    start(shop_services, delivery_id)
    process_all(shop_services)
    found = progress(shop_services, delivery_id)
    assert (found.status, found.counts) == ("finished", {"published": 1, "failed": 1})
    assert found.may_start
    assert next(entry.problem for entry in found.interviews if entry.status == "failed")
    start(shop_services, delivery_id)
    assert progress(shop_services, delivery_id).counts == {"unchanged": 1, "queued": 1}


def test_a_conversation_becomes_an_interview(shop_services: Services) -> None:
    """Its facts are said by the sender; what is missing is asked for in the words of the form."""
    facts = ConversationFacts(study="calls", participant="P24", mode=Mode.INTERPRETED)
    files = {"call.txt": FOLDER["transcripts/P01.txt"]}
    refused = send(shop_services, files, facts)
    deliver(refused, shop_services)
    (fault,) = progress(shop_services, refused).faults
    assert "interviewer-language" in fault.place + fault.remedy
    assert "--" not in fault.place + fault.remedy
    delivery_id = send(shop_services, files, ConversationFacts(study="calls", participant="P24", language="de"))
    deliver(delivery_id, shop_services)
    assert progress(shop_services, delivery_id).status == "ready"
    start(shop_services, delivery_id)
    process_all(shop_services)
    found = progress(shop_services, delivery_id)
    assert [(entry.interview, entry.status) for entry in found.interviews] == [("I24", "published")]
    assert found.status == "finished"


def test_a_sender_of_one_study_cannot_reach_another(shop_services: Services) -> None:
    """What was sent to a study, and says that it is another one, is refused."""
    with shop_services.database.sessions.begin() as session:
        session.add(study := Study(slug="rival", title="Rival", languages=["de"], competitors=[]))
        session.flush()
        study_id = study.id
    delivery_id = send(shop_services, FOLDER, study_id=study_id)
    deliver(delivery_id, shop_services)
    (fault,) = progress(shop_services, delivery_id).faults
    assert "not the study that the files were sent to" in fault.problem


def test_given_up_it_leaves_nothing(shop_services: Services) -> None:
    """Its runs are cancelled, its files are gone, and a worker that comes late does nothing."""
    delivery_id = send(shop_services, FOLDER)
    deliver(delivery_id, shop_services)
    start(shop_services, delivery_id)
    with shop_services.database.sessions.begin() as session:
        cancel_delivery(session, delivery_id)
    deliver(delivery_id, shop_services)
    found = progress(shop_services, delivery_id)
    assert (found.status, found.counts, found.may_start) == ("cancelled", {"cancelled": 2}, False)
    assert sweep_unused(shop_services.database.sessions, shop_services.blobs, -KEPT_FOR) == len(FOLDER)


def test_a_failure_of_ours_is_told_and_can_be_tried_again(shop_services: Services) -> None:
    """A file that vanished is no fault of the manifest."""
    delivery_id = send(shop_services, FOLDER)
    for sha256 in shop_services.blobs.names():
        shop_services.blobs.delete(sha256)
    deliver(delivery_id, shop_services)
    found = progress(shop_services, delivery_id)
    assert (found.status, found.may_start) == ("failed", True)
    assert found.error is not None


def test_files_of_deliveries_are_kept_for_a_week(shop_services: Services) -> None:
    """As long as somebody may start one its files are used; afterwards they go."""
    delivery_id = send(shop_services, FOLDER)
    deliver(delivery_id, shop_services)
    sessions, blobs = shop_services.database.sessions, shop_services.blobs
    forget_old_deliveries(shop_services)
    assert sweep_unused(sessions, blobs, -KEPT_FOR) == 0
    with sessions.begin() as session:
        session.execute(update(Delivery).values(updated_at=text("now() - interval '8 days'")))
    forget_old_deliveries(shop_services)
    assert sweep_unused(sessions, blobs, -KEPT_FOR) == len(FOLDER)
    assert not progress(shop_services, delivery_id).may_start


def test_what_waits_is_found_by_a_sweep(shop_services: Services) -> None:
    """A step that nobody queued, and a delivery whose interviews are through."""
    delivery_id = send(shop_services, FOLDER)
    with shop_services.database.sessions() as session:
        assert waiting_deliveries(session) == [delivery_id]
    deliver(delivery_id, shop_services)
    start(shop_services, delivery_id)
    with shop_services.database.sessions.begin() as session:
        assert waiting_deliveries(session) == []
        session.execute(update(IngestRun).values(status="published"))
        assert waiting_deliveries(session) == [delivery_id]
