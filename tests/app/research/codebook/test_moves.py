"""Codes merged, split, retired and restored: what was tagged goes along, and comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from codebook_factory import MODEL, add_model_tagging, stored_taggings
from pydantic import ValidationError
from shop_study import ingest_shop
from sqlalchemy import text
from sqlalchemy.orm import Session
from study_factory import MadeStudy

from app.answering.queries import check_filters, read_vocabulary
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.library.browse.wanted import WantedQuotes
from app.library.counts import count_people_by
from app.library.pages import PageRequest
from app.library.queries import codes_of
from app.library.quotes import browse_quotes
from app.research.codebook.codes import create_code, edit_code
from app.research.codebook.moves import merge_codes, restore_code, retire_code, split_code
from app.research.codebook.read import list_codes, read_code, read_history
from app.research.codebook.schemas import CodeEdit, NewCode, PartCode, Split
from app.research.codebook.tagging_schemas import NewTagging
from app.research.codebook.taggings import Wanted, add_tagging, list_taggings
from app.research.queries import current_codes
from app.scope import Filters
from app.services import Services
from app.tagging.store import read_codes
from app.vocabulary import Kind, Polarity
from ingest.pipeline import ingest_study
from ingest.retag import retag_study

OTHER = NewCode(code="AX2", kind=Kind.ANXIETY, labels={"en": "Loss"})
PART = PartCode(code="AX3", labels={"en": "Part"})


@pytest.fixture
def session(services: Services, study: MadeStudy) -> Iterator[Session]:
    """A session over `acme` with a second code AX2."""
    with services.database.sessions.begin() as session:
        create_code(session, "acme", OTHER, "tina", services.embedder)
        yield session


def test_taggings_move_without_doubles(session: Session, study: MadeStudy) -> None:
    """What one author said of the same words stays as the target has it; people are counted once."""
    add_tagging(session, "acme", NewTagging(code="AX2", utterance=study.utterances["I01", 1], start=0, end=66), "anna")
    add_tagging(session, "acme", NewTagging(code="AX2", utterance=study.utterances["I02", 2], start=0, end=5), "anna")
    first = stored_taggings(session)[0]
    moved = merge_codes(session, "acme", "AX1", "AX2", "tina")
    assert (moved.moved, moved.doubled) == (3, 0)
    assert {code for _, code, *_ in stored_taggings(session)} == {"AX2"}
    assert (moved.code.affirmed_by, moved.code.denied_by) == (2, 1)
    restore_code(session, "acme", "AX1", "tina")
    assert first in stored_taggings(session)


def test_a_merge_can_be_taken_back_exactly(session: Session, study: MadeStudy) -> None:
    """Also what was there twice with another polarity, and what a model tagged, is where it was."""
    add_model_tagging(session, study, ("I01", 3), "AX1", 0.4)
    ((words, *_),) = [each for each in stored_taggings(session) if each[2] == "denied"]
    place = NewTagging(code="AX2", utterance=study.utterances["I03", 1], quote=words, polarity=Polarity.AFFIRMED)
    add_tagging(session, "acme", place, "anna")
    before = stored_taggings(session)
    moved = merge_codes(session, "acme", "AX1", "AX2", "tina")
    assert (moved.moved, moved.doubled) == (3, 1)
    assert len(stored_taggings(session)) == len(before) - 1
    entry = restore_code(session, "acme", "AX1", "tina")
    assert entry.state == "live"
    assert stored_taggings(session) == before


def test_references_to_a_merged_code_lead_on(session: Session, services: Services, study: MadeStudy) -> None:
    """Through several merges; a filter by the old name says what to write."""
    create_code(session, "acme", OTHER.model_copy(update={"code": "AX9"}), "tina", services.embedder)
    merge_codes(session, "acme", "AX1", "AX2", "tina")
    merge_codes(session, "acme", "AX2", "AX9", "tina")
    assert read_code(session, "acme", "AX1").merged_into == "AX2"
    assert len(list_taggings(session, "acme", Wanted(codes=("AX1",)), PageRequest()).taggings) == 3
    entry = add_tagging(session, "acme", NewTagging(code="AX1", interview="I03", quote="never a worry"), "tina")
    assert entry.code == "AX9"
    with pytest.raises(InvalidInputError) as refused:
        check_filters(read_vocabulary(session, "acme"), Filters(codes=("AX1",)))
    assert "'AX9'" in refused.value.faults[0].remedy


def test_artefacts_follow_all_names_of_a_code(session: Session, services: Services, study: MadeStudy) -> None:
    """Renamed, then merged: what names it by one of its names is led on."""
    edit_code(session, "acme", "AX1", CodeEdit(code="AX9"), "tina", services.embedder)
    merge_codes(session, "acme", "AX9", "AX2", "tina")
    assert {"AX1": "AX2", "AX2": "AX2", "AX9": "AX2"}.items() <= current_codes(session, study.study_id).items()


def test_a_file_brings_no_merged_code_back(services: Services, tmp_path: Path) -> None:
    """Its taggings by the old name are those of the code that it was merged into."""
    ingest_shop(services, tmp_path)
    with services.database.sessions.begin() as session:
        merge_codes(session, "shop", "AX1", "AX2", "tina")
    for _ in range(2):
        assert ingest_study(tmp_path, services, lambda *_: None).succeeded
    with services.database.sessions() as session:
        assert (read_code(session, "shop", "AX1").state, read_code(session, "shop", "AX1").by_persons) == ("merged", 0)
        assert read_code(session, "shop", "AX2").by_persons == 3


def test_a_retired_code_is_seen_nowhere(services: Services, tmp_path: Path) -> None:
    """No list, no count, no quote, no tagger has it; what persons tagged stays stored, and comes back."""
    ingest_shop(services, tmp_path)
    with services.database.sessions.begin() as session:
        before = stored_taggings(session, "shop")
        study_id = session.scalars(text("SELECT id FROM study")).one()
        retire_code(session, "shop", "AX1", "tina")
        assert "AX1" not in {code.code for code in list_codes(session, "shop", PageRequest(200)).codes}
        assert "AX1" not in {row["code"] for row in codes_of(session, study_id)}
        assert "AX1" not in read_vocabulary(session, "shop").codes
        assert "AX1" not in {code.code for code in read_codes(session, study_id)}
        assert "AX1" not in {tag.code for tag in list_taggings(session, "shop", Wanted(), PageRequest(200)).taggings}
        quotes = browse_quotes(session, "shop", WantedQuotes(), PageRequest(200)).quotes
        assert "AX1" not in {code for quote in quotes for code in quote.codes}
        counts = count_people_by(session, "shop", "code", Filters(), 100)
        assert "AX1" not in {group.value for group in counts.groups}
    retag_study(services, "shop", lambda *_: None)
    assert ingest_study(tmp_path, services, lambda *_: None).succeeded
    with services.database.sessions.begin() as session:
        after = stored_taggings(session, "shop")
        assert [each for each in after if each[1] == "AX1"] == [
            each for each in before if each[1] == "AX1" and each[3] == "anna"
        ]
        entry = restore_code(session, "shop", "AX1", "tina")
    assert (entry.state, entry.by_persons) == ("live", 2)


def test_counts_by_kind_leave_retired_codes_out(session: Session, study: MadeStudy) -> None:
    """Nobody speaks of anxieties any more when the only code of them is retired."""
    retire_code(session, "acme", "AX1", "tina")
    counts = count_people_by(session, "acme", "kind", Filters(), 100)
    assert counts.total.raised_with == 0
    assert browse_quotes(session, "acme", WantedQuotes(Filters(kinds=(Kind.ANXIETY,))), PageRequest()).quotes == ()


def test_a_split_takes_what_is_chosen(session: Session, services: Services, study: MadeStudy) -> None:
    """Of people, of a segment, of both together, or single taggings; the kind is that of the code."""
    chosen = Split(into=PART, participants=("P01", "P03"), segments=("careful",))
    moved = split_code(session, "acme", "AX1", chosen, "tina", services.embedder)
    assert (moved.moved, moved.code.kind, moved.code.affirmed_by, moved.code.denied_by) == (2, Kind.ANXIETY, 1, 1)
    (left,) = list_taggings(session, "acme", Wanted(codes=("AX1",)), PageRequest()).taggings
    single = Split(into=PART.model_copy(update={"code": "AX4"}), taggings=(left.id,))
    assert split_code(session, "acme", "AX1", single, "tina", services.embedder).moved == 1
    assert [change.action for change in read_history(session, "acme", PageRequest(), "AX1").changes] == ["split"] * 2


def test_a_file_brings_no_split_tagging_back(services: Services, tmp_path: Path) -> None:
    """The researcher's file still says the old code; the person who split it has the last word."""
    ingest_shop(services, tmp_path)
    with services.database.sessions.begin() as session:
        split_code(
            session,
            "shop",
            "AX1",
            Split(into=PART.model_copy(update={"code": "AX7"}), participants=("P02",)),
            "tina",
            services.embedder,
        )
    assert ingest_study(tmp_path, services, lambda *_: None).succeeded
    with services.database.sessions() as session:
        wanted = {code: Wanted(codes=(code,), authors=("anna",)) for code in ("AX1", "AX7")}
        people = {
            code: {each.participant for each in list_taggings(session, "shop", by_anna, PageRequest()).taggings}
            for code, by_anna in wanted.items()
        }
    assert people == {"AX1": {"P01"}, "AX7": {"P02"}}


def test_a_split_that_chooses_nothing_is_refused(session: Session, services: Services, study: MadeStudy) -> None:
    """Unknown names are told all at once; nothing is created."""
    with pytest.raises(ValidationError, match="say which taggings go"):
        Split(into=PART)
    wrong = Split(into=PART, participants=("P99",), segments=("none",), taggings=(study.study_id,))
    with pytest.raises(InvalidInputError) as refused:
        split_code(session, "acme", "AX1", wrong, "tina", services.embedder)
    assert [fault.place for fault in refused.value.faults] == ["participants", "segments", "taggings"]
    with pytest.raises(InvalidInputError, match="nothing would go"):
        split_code(session, "acme", "AX2", Split(into=PART, segments=("careful",)), "tina", services.embedder)
    assert {code.code for code in list_codes(session, "acme", PageRequest(), "all").codes} == {"AX1", "AX2"}


def test_what_cannot_be_done_is_refused(session: Session, services: Services, study: MadeStudy) -> None:
    """With itself, with what is gone, twice; and unknown codes are not found."""
    with pytest.raises(InvalidInputError, match="merged into itself"):
        merge_codes(session, "acme", "AX1", "AX1", "tina")
    with pytest.raises(NotFoundError):
        merge_codes(session, "acme", "AX1", "AX99", "tina")
    with pytest.raises(ConflictError, match="nothing to restore"):
        restore_code(session, "acme", "AX1", "tina")
    merge_codes(session, "acme", "AX1", "AX2", "tina")
    for name, into in (("AX1", "AX2"), ("AX2", "AX1")):
        with pytest.raises(ConflictError, match="merged into AX2"):
            merge_codes(session, "acme", name, into, "tina")
    with pytest.raises(ConflictError):
        retire_code(session, "acme", "AX1", "tina")
    retire_code(session, "acme", "AX2", "tina")
    with pytest.raises(ConflictError, match="was retired"):
        retire_code(session, "acme", "AX2", "tina")


def test_a_general_code_is_neither_merged_nor_retired(services: Services, tmp_path: Path) -> None:
    """It stands for its kind; another code may be merged into it."""
    ingest_shop(services, tmp_path)
    with services.database.sessions.begin() as session:
        with pytest.raises(InvalidInputError, match="not merged"):
            merge_codes(session, "shop", "anxiety", "AX1", "tina")
        with pytest.raises(InvalidInputError, match="not retired"):
            retire_code(session, "shop", "anxiety", "tina")
        assert merge_codes(session, "shop", "AX1", "anxiety", "tina").code.by_persons == 2


def test_taggings_by_models_move_too(session: Session, study: MadeStudy) -> None:
    """So that a question finds them under the code that is left."""
    add_model_tagging(session, study, ("I01", 3), "AX1", 0.4)
    assert merge_codes(session, "acme", "AX1", "AX2", "tina").code.by_models == 1
    assert MODEL in {author for *_, author, _ in stored_taggings(session)}
