"""Erased is erased: rows, answers, files, pages on the disk, the log, backups; and the receipt names nobody."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from database_factory import make_database
from sqlalchemy import select, text
from sqlalchemy.orm import sessionmaker

from app.answering.answer import answer_by_id, answer_question
from app.answering.schemas import Question
from app.backup.make import make_backup
from app.backup.restore import restore_backup
from app.blobs import Blobs, open_blobs
from app.database import Database, make_engine, migrate
from app.embedded_postgres import embedded_postgres
from app.embedding import Embedder
from app.erased import read_ledger
from app.errors import ConflictError, NotFoundError, UnavailableError
from app.isolation import StudyScope
from app.models import Answer, Customer, Delivery, ErasedSubject, Interview, Participant, Study, Utterance
from app.privacy.audit import Action, Deed, record
from app.privacy.erasure import (
    Premises,
    erase_interview,
    erase_participant,
    finish_erasures,
    list_receipts,
    premises_of,
    read_receipt,
)
from app.privacy.originals import read_originals
from app.privacy.storage import Cleared, clear_traces
from app.pseudonyms.replace import Mark
from app.pseudonyms.store import hashes_of_name, save_marks
from app.services import Services
from app.settings import Settings
from ingest.file_facts import read_facts
from ingest.pipeline import ingest_study
from ingest.single_file import ingest_file

CANARY = "Zyxquarkulum"
QUESTION = Question(question="Hatten sie Angst um ihr Geld?", study="shop", recognise=False)
SAID = f"Ich hatte Angst um mein Geld, sagte ich zu {CANARY}. Meine Bank hat nicht geantwortet."
MANIFEST = """
study: shop
languages: [de, es, en]
customers: customers.csv
insights: insights.csv
participants:
  - {id: P01, customer_id: C-1, language: de, attributes: {age: 34, city: ZyxquarkulumCity}}
  - {id: P02, customer_id: C-2, language: de}
interviews:
  - {id: I01, participant: P01, files: [P01.txt, P01.ogg]}
  - {id: I02, participant: P02, files: [P02.txt]}
  - {id: I03, participant: [P01, P02], files: [both.txt], speakers: {Kim: P01, Lou: P02}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study in which P01 says a word that nobody else says, alone and together with P02, and has a recording."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "study.yaml").write_text(MANIFEST, "utf-8")
    (folder / "P01.txt").write_text(f"Anna: Und dann?\nP01: {SAID}\n", "utf-8")
    (folder / "P02.txt").write_text("Anna: Und dann?\nP02: Ich hatte auch Angst um das Geld auf der Bank.\n", "utf-8")
    (folder / "both.txt").write_text(
        f"Kim: Mit {CANARY} war es so, um das Geld.\nLou: Bei mir war es anders.\n", "utf-8"
    )
    (folder / "P01.ogg").write_bytes(b"OggS" + CANARY.encode() * 50)
    (folder / "customers.csv").write_text(
        f"customer_id,first_purchase,purchases,revenue_eur,note\nC-1,2026-01-01,1,10,{CANARY}\nC-2,2026-01-01,2,20,x\n",
        "utf-8",
    )
    (folder / "insights.csv").write_text(
        f"id,author,date,segment,statement,evidence\nIN01,anna,2026-02-01,,They fear for the money,{SAID[:29]}\n",
        "utf-8",
    )
    return folder


@pytest.fixture
def services(own_database: Database, embedder: Embedder, blobs: Blobs, folder: Path, tmp_path: Path) -> Services:
    """That study in an installation of its own, with an answer that quotes P01."""
    services = Services(Settings(data_dir=tmp_path / "data"), own_database, embedder, blobs)
    assert ingest_study(folder, services, lambda *_: None).succeeded
    return services


def test_everything_of_a_participant_goes_and_of_others_stays(services: Services) -> None:
    """Rows, the recording, the customer; of a shared interview only what others said is left, without its file."""
    receipt = erase_participant(premises_of(services), "shop", "P01")
    assert (receipt.rows["participant"], receipt.rows["interview"], receipt.rows["customer"]) == (1, 1, 1)
    assert (receipt.shared_interviews, receipt.insights) == (1, ("IN01",))
    assert services.blobs.names() == frozenset()
    with services.database.sessions() as session:
        assert session.scalars(select(Participant.code)).all() == ["P02"]
        assert session.scalars(select(Interview.code).order_by(Interview.code)).all() == ["I02", "I03"]
        assert session.scalars(select(Customer.code)).all() == ["C-2"]
        assert session.scalar(text("SELECT count(*) FROM lexicon")) == 0, "which words were said, and how often"
        said = session.scalars(text("SELECT text FROM utterance ORDER BY text")).all()
        assert not any(CANARY in each for each in said)
        assert "Bei mir war es anders." in said
        shared = text("SELECT source FROM transcript JOIN interview ON interview.id = interview_id WHERE code = 'I03'")
        assert session.scalar(shared) == b""


def test_an_answer_keeps_a_tombstone_and_says_that_it_is_stale(services: Services) -> None:
    """Nothing of the quote is left but its number; the counts are those of then."""
    answer = answer_question(QUESTION, services)
    numbers = {quote.n for quote in answer.quotes if quote.participant == "P01"}
    assert numbers
    receipt = erase_participant(premises_of(services), "shop", "P01")
    assert receipt.answers == 1
    kept = answer_by_id(answer.id, services)
    buried = [citation for citation in kept.citations if citation.n in numbers]
    assert kept.stale
    assert {getattr(each, "removed", None) for each in buried} == {"erased"}
    assert {each.quote for each in buried} == {""}
    assert CANARY not in kept.model_dump_json()
    assert "P01" not in kept.model_dump_json()


def test_an_answer_about_a_participant_no_longer_names_it(services: Services) -> None:
    """The code goes out of the question and its filters too."""
    asked = Question(question="What did P01 fear?", study="shop")
    answer = answer_question(asked, services)
    assert answer.filters.participants == ("P01",)
    erase_participant(premises_of(services), "shop", "P01")
    with services.database.sessions() as session:
        kept = session.get_one(Answer, answer.id)
    assert "P01" not in json.dumps(kept.body) + kept.question


def test_an_interview_goes_alone(services: Services) -> None:
    """The participant and the other interviews stay."""
    receipt = erase_interview(premises_of(services), "shop", "I01")
    assert (receipt.kind, receipt.rows["participant"], receipt.rows["interview"]) == ("interview", 0, 1)
    with services.database.sessions() as session:
        assert session.scalars(select(Interview.code).order_by(Interview.code)).all() == ["I02", "I03"]
        assert session.scalars(select(Participant.code).order_by(Participant.code)).all() == ["P01", "P02"]


def test_a_receipt_names_nobody(services: Services) -> None:
    """It is found again, and holds neither codes nor words; the hash of the subject needs the key."""
    receipt = erase_participant(premises_of(services), "shop", "P01")
    with services.database.sessions() as session:
        assert list_receipts(session) == (receipt,)
        assert read_receipt(session, receipt.id) == receipt
        hashes = session.scalars(select(ErasedSubject.hash)).all()
    shown = receipt.model_dump_json()
    assert not any(word in shown for word in ("P01", "I01", "C-1", CANARY))
    assert receipt.finished_at is not None
    assert receipt.subject == services.vault.keyed_hash("participant", "shop", "P01")
    assert receipt.subject in hashes


def test_a_receipt_lists_exports_that_may_hold_the_words(services: Services) -> None:
    """Those of the study since the words came in, and archives of the person; not others' archives, nor codebooks."""
    made = (
        ("export_taggings", "shop", None),
        ("export_taggings", "other", None),
        ("export_codebook", "shop", None),
        ("export_participant", "shop", "code P01"),
        ("export_participant", "shop", "code P02"),
        ("verbatim backup", None, None),
    )
    for operation, study, about in made:
        record(services.database, Deed("key 1", Action.EXPORT, operation, study, about))
    record(services.database, Deed("key 1", Action.READ, "list_quotes", "shop"))
    receipt = erase_participant(premises_of(services), "shop", "P01")
    listed = ["verbatim backup", "export_participant", "export_taggings"]
    assert [export.operation for export in receipt.exports] == listed
    assert [export.event for export in receipt.exports] == [6, 4, 1]


def test_whom_nobody_knows_cannot_be_erased(services: Services) -> None:
    """A wrong code, interview or study is told, and nothing is entered."""
    premises = premises_of(services)
    for study, code in (("shop", "P09"), ("other", "P01")):
        with pytest.raises(NotFoundError):
            erase_participant(premises, study, code)
        with pytest.raises(NotFoundError):
            erase_interview(premises, study, code)
    with services.database.sessions() as session:
        assert list_receipts(session) == ()


def test_a_folder_does_not_bring_back_who_was_erased(services: Services, folder: Path) -> None:
    """Ingesting it again leaves the person, the interviews and the customer out, and says so."""
    erase_participant(premises_of(services), "shop", "P01")
    report = ingest_study(folder, services, lambda *_: None)
    assert {(each.interview, each.status) for each in report.interviews} == {
        ("I01", "erased"),
        ("I03", "erased"),
        ("I02", "unchanged"),
    }
    with services.database.sessions() as session:
        assert session.scalars(select(Participant.code)).all() == ["P02"]
        assert session.scalars(select(Customer.code)).all() == ["C-2"]


@pytest.mark.parametrize("code", ["P01", "P77"])
def test_a_file_does_not_bring_back_who_was_erased(services: Services, folder: Path, code: str) -> None:
    """Neither under the code of the person, nor the same file under another one."""
    erase_participant(premises_of(services), "shop", "P01")
    facts = read_facts([folder / "P01.txt"], {"study": "shop", "participant": code, "language": "de"})
    with pytest.raises(ConflictError, match="erased on request"):
        ingest_file(facts, services)


@pytest.fixture
def elsewhere(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    """An empty database to restore into."""
    engine = make_engine(make_database(migrated_url, "elsewhere_test"), Settings())
    yield Database(engine, sessionmaker(engine, expire_on_commit=False))
    engine.dispose()


def test_a_backup_does_not_bring_back_who_was_erased(services: Services, elsewhere: Database, tmp_path: Path) -> None:
    """A backup from before, restored with the ledger, is without the person at once."""
    premises = premises_of(services)
    backup = tmp_path / "backup.tar"
    make_backup(services.database, services.blobs, backup, lambda *_: None)
    erase_participant(premises, "shop", "P01")
    blobs = open_blobs(Settings(data_dir=tmp_path / "elsewhere"))
    there = Premises(elsewhere, blobs, services.vault, tmp_path / "elsewhere" / "erasures.jsonl")
    report = restore_backup(there, backup, tmp_path / "room", lambda *_: None, [premises.ledger])
    assert report.erased_again >= 1
    with elsewhere.sessions() as session:
        assert session.scalars(select(Participant.code)).all() == ["P02"]
        assert session.scalars(select(Customer.code)).all() == ["C-2"]
        said = session.scalars(text("SELECT text FROM utterance")).all()
    assert not any(CANARY in each for each in said)
    assert blobs.names() == frozenset()


def test_a_file_that_another_study_has_stays(services: Services, folder: Path) -> None:
    """Also where whoever erases sees nothing of that study; it goes with the last that has it."""
    (folder / "study.yaml").write_text(MANIFEST.replace("study: shop", "study: twin"), "utf-8")
    assert ingest_study(folder, services, lambda *_: None).succeeded
    kept = services.blobs.names()
    with services.database.sessions() as session:
        shop = frozenset(session.scalars(select(Study.id).where(Study.slug == "shop")))
    own = services.within(StudyScope(shop, shop))
    assert erase_participant(premises_of(own), "shop", "P01").files > 0
    assert services.blobs.names() == kept != frozenset()
    erase_participant(premises_of(services), "twin", "P01")
    assert services.blobs.names() == frozenset()


def test_nothing_in_a_shared_interview_leads_to_who_went(services: Services) -> None:
    """Neither who it says speaks, nor placeholders of the name; those of others can still be opened."""
    vault = services.vault
    with services.database.sessions.begin() as session:
        p01 = session.scalars(select(Participant.id).where(Participant.code == "P01")).one()
        lou = session.scalars(select(Utterance).where(Utterance.text == "Bei mir war es anders.")).one()
        (hashed,) = hashes_of_name(vault, [p01], "P01")
        marks = (Mark(0, 3, "[Name 1]", "Kim", (hashed,)), Mark(4, 7, "[Name 2]", "Ulf", ("another",)))
        save_marks(session, vault, lou.study_id, p01, {lou.id: marks})
    erase_participant(premises_of(services), "shop", "P01")
    with services.database.sessions() as session:
        assert session.scalar(select(Interview.speakers).where(Interview.code == "I03")) == {"Lou": "P02"}
        originals = read_originals(session, vault, "shop", "P02").placeholders
    assert [(each.label, each.originals) for each in originals] == [("[Name 2]", ("Ulf",))]


def test_what_nobody_ingested_yet_goes(services: Services) -> None:
    """Files that wait for the study, or for one that nobody knows yet; what says that it is of another study stays."""
    shop: dict[str, dict[str, str] | None] = {"facts": {"study": "shop", "participant": "P01"}, "plan": None}
    unknown: dict[str, dict[str, str] | None] = {"facts": None, "plan": None}
    other: dict[str, dict[str, str] | None] = {"facts": None, "plan": {"study": "other"}}
    with services.database.sessions.begin() as session:
        shop_id = session.scalar(select(Study.id))
        for study_id, told in ((shop_id, unknown), (None, shop), (None, unknown), (None, other)):
            sha256 = services.blobs.put([repr((study_id, told)).encode()], 1000).sha256
            files = [{"name": "P01.txt", "sha256": sha256, "size_bytes": 1}]
            session.add(Delivery(study_id=study_id, author="anna", status="ready", files=files, **told))
    erase_participant(premises_of(services), "shop", "P01")
    with services.database.sessions() as session:
        assert session.scalars(select(Delivery.plan)).all() == [other["plan"]]
    assert services.blobs.names() == {sha256}


def test_a_line_of_the_ledger_that_broke_off_spoils_no_later_one(services: Services) -> None:
    """It is written anew in its place."""
    premises = premises_of(services)
    first = erase_interview(premises, "shop", "I01")
    with premises.ledger.open("a", encoding="utf-8") as file:
        file.write('{"erasure": "')
    second = erase_interview(premises, "shop", "I02")
    assert [entry.erasure for entry in read_ledger(premises.ledger)] == [first.id, second.id]


@pytest.mark.parametrize(
    ("options", "cleared"),
    [
        ("-c role=verbatim_confined", Cleared(pages=False, statistics=False, write_ahead_log=False)),
        ("-c wal_recycle=on", Cleared(pages=True, statistics=True, write_ahead_log=False)),
    ],
)
def test_what_the_server_leaves_is_not_called_cleared(own_database: Database, options: str, cleared: Cleared) -> None:
    """A table of somebody else is skipped with a warning; a log that is recycled keeps what it held."""
    url = own_database.engine.url.render_as_string(hide_password=False)
    engine = make_engine(url, Settings(), options=f" {options}")
    assert clear_traces(engine, ["utterance"]) == cleared
    engine.dispose()


def test_what_broke_off_is_finished(services: Services) -> None:
    """Rows are gone when the disk is in the way; files, pages and the ledger's file follow later."""
    premises = premises_of(services)
    premises.ledger.mkdir(parents=True)
    with pytest.raises(UnavailableError):
        erase_participant(premises, "shop", "P01")
    with services.database.sessions() as session:
        assert [receipt.finished_at for receipt in list_receipts(session)] == [None]
    premises.ledger.rmdir()
    (finished,) = finish_erasures(premises)
    assert finished.finished_at is not None
    assert finish_erasures(premises) == ()
    assert services.blobs.names() == frozenset()


def test_no_canary_is_left_in_the_data_directory(embedder: Embedder, folder: Path, tmp_path: Path) -> None:
    """Not in tables, indexes, statistics or the write-ahead log of the embedded database, not in any file beside it."""
    data = tmp_path / "data"
    with embedded_postgres(data) as url:
        engine = make_engine(url, Settings())
        migrate(engine)
        database = Database(engine, sessionmaker(engine, expire_on_commit=False))
        settings = Settings(data_dir=data)
        services = Services(settings, database, embedder, open_blobs(settings))
        assert ingest_study(folder, services, lambda *_: None).succeeded
        answer_question(QUESTION, services)
        assert holding(data, CANARY)
        receipt = erase_participant(premises_of(services), "shop", "P01")
        assert receipt.cleared.write_ahead_log
        assert holding(data, CANARY) == []
        engine.dispose()
    assert holding(data, CANARY) == []


def holding(folder: Path, word: str) -> list[str]:
    """The files under a folder that hold a word, in any case of its letters."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [str(path) for path in files if word.lower().encode() in path.read_bytes().lower()]
