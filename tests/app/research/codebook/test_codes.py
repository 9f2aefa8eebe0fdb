"""Codes are created and edited by people, keep their history, and are found by what they are called now and were."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from shop_study import ingest_shop
from sqlalchemy import select
from study_factory import MadeStudy, add_study

from app.answering.queries import read_vocabulary
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.library.pages import PageRequest
from app.models import Code
from app.research.codebook.codes import create_code, edit_code
from app.research.codebook.read import list_codes, read_code, read_history
from app.research.codebook.schemas import RESERVED, CodeEdit, NewCode
from app.services import Services
from app.vocabulary import Kind
from ingest.pipeline import ingest_study

NOBODY = NewCode(code="AX5", kind=Kind.ANXIETY, labels={"en": "Nobody to  call", "de": "Niemand da"}, about="no human")


def test_a_code_is_created_and_searched(services: Services, study: MadeStudy) -> None:
    """It is in the codebook, in the vocabulary of questions, and in the history with who made it."""
    with services.database.sessions.begin() as session:
        entry = create_code(session, "acme", NOBODY, "tina", services.embedder)
        assert (entry.labels["en"], entry.state, entry.general, entry.by_persons) == (
            "Nobody to call",
            "live",
            False,
            0,
        )
        assert "AX5" in read_vocabulary(session, "acme").codes
        (change,) = read_history(session, "acme", PageRequest()).changes
    assert (change.code, change.action, change.author) == ("AX5", "create", "tina")
    assert change.details["labels"] == entry.labels


def test_people_are_counted_not_taggings(services: Services, study: MadeStudy) -> None:
    """Two people affirm the code, one denies it."""
    with services.database.sessions() as session:
        (entry,) = list_codes(session, "acme", PageRequest()).codes
    assert (entry.affirmed_by, entry.denied_by, entry.by_persons, entry.by_models) == (2, 1, 3, 0)


def test_a_vector_is_made_anew_with_the_words(services: Services, study: MadeStudy) -> None:
    """What a code is found by follows its label; another kind changes no vector."""
    with services.database.sessions.begin() as session:
        vector = select(Code.embedding).where(Code.code == "AX1")
        before = session.scalars(vector).one()
        edit_code(session, "acme", "AX1", CodeEdit(kind=Kind.PUSH), "tina", services.embedder)
        assert session.scalars(vector).one() == before
        edit_code(session, "acme", "AX1", CodeEdit(labels={"en": "Slow delivery"}), "tina", services.embedder)
        assert session.scalars(vector).one() != before


def test_an_edit_changes_what_it_names(services: Services, study: MadeStudy) -> None:
    """Labels are by language, one that is null goes; the history has what was before and after."""
    with services.database.sessions.begin() as session:
        edit = CodeEdit(labels={"de": "Geld weg", "en": None}, examples=("Wo ist mein Geld?",))
        entry = edit_code(session, "acme", "AX1", edit, "tina", services.embedder)
        (change,) = read_history(session, "acme", PageRequest()).changes
        assert entry.labels == {"de": "Geld weg"}
        assert entry.examples == ("Wo ist mein Geld?",)
        assert change.details["examples"] == {"before": [], "after": ["Wo ist mein Geld?"]}
        edit_code(session, "acme", "AX1", edit, "tina", services.embedder)
        assert len(read_history(session, "acme", PageRequest()).changes) == 1


def test_a_renamed_code_is_found_by_both_names(services: Services, study: MadeStudy) -> None:
    """Taggings stay, and it can be called as before again."""
    with services.database.sessions.begin() as session:
        entry = edit_code(session, "acme", "AX1", CodeEdit(code="FEAR"), "tina", services.embedder)
        assert (entry.code, entry.former_names, entry.by_persons) == ("FEAR", ("AX1",), 3)
        assert read_code(session, "acme", "AX1") == entry
        with pytest.raises(ConflictError, match="FEAR was called before"):
            create_code(session, "acme", NOBODY.model_copy(update={"code": "AX1"}), "tina", services.embedder)
        back = edit_code(session, "acme", "FEAR", CodeEdit(code="AX1"), "tina", services.embedder)
        assert (back.code, back.former_names) == ("AX1", ("FEAR",))


def test_no_file_changes_what_a_person_edited(services: Services, tmp_path: Path) -> None:
    """The study folder brings back neither the words nor the name that a code had, and tags by its old name."""
    ingest_shop(services, tmp_path)
    with services.database.sessions.begin() as session:
        edit = CodeEdit(code="MONEY", labels={"en": "Money gone"})
        edit_code(session, "shop", "AX1", edit, "tina", services.embedder)
    assert ingest_study(tmp_path, services, lambda *_: None).succeeded
    with services.database.sessions() as session:
        entry = read_code(session, "shop", "MONEY")
        names = {code.code for code in list_codes(session, "shop", PageRequest(200), "all").codes}
    assert entry.labels["en"] == "Money gone"
    assert entry.by_persons == 2
    assert "AX1" not in names


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (CodeEdit(code="fears"), "a general code is not renamed"),
        (CodeEdit(kind=Kind.PUSH), "a general code is not put under another kind"),
    ],
)
def test_a_general_code_stays_what_it_is(services: Services, tmp_path: Path, edit: CodeEdit, error: str) -> None:
    """It stands for its kind: only its words can be changed."""
    ingest_shop(services, tmp_path)
    with services.database.sessions.begin() as session:
        with pytest.raises(InvalidInputError, match=error):
            edit_code(session, "shop", "anxiety", edit, "tina", services.embedder)
        entry = edit_code(session, "shop", "anxiety", CodeEdit(about="what they fear"), "tina", services.embedder)
    assert (entry.general, entry.about) == (True, "what they fear")


@pytest.mark.parametrize("name", ["trigger", "AX1"])
def test_a_name_that_is_taken_is_refused(services: Services, study: MadeStudy, name: str) -> None:
    """That of another code, and those of kinds."""
    with services.database.sessions.begin() as session, pytest.raises((ConflictError, InvalidInputError)):
        create_code(session, "acme", NOBODY.model_copy(update={"code": name}), "tina", services.embedder)


@pytest.mark.parametrize("name", ["", " ", "a b", "-x", "ä" * 64, *sorted(RESERVED)])
def test_a_name_that_cannot_be_used_is_refused(name: str) -> None:
    """Names are letters, digits and a few marks, and none that an address has."""
    with pytest.raises(ValidationError):
        NewCode(code=name, kind=Kind.ANXIETY, labels={"en": "x"})


def test_what_is_not_there_is_not_found(services: Services, study: MadeStudy) -> None:
    """Neither in this study nor from another."""
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "rival")
        create_code(session, "rival", NOBODY, "tina", services.embedder)
        for study_slug, code in (("acme", "AX5"), ("nobody", "AX1")):
            with pytest.raises(NotFoundError):
                read_code(session, study_slug, code)
            with pytest.raises(NotFoundError):
                edit_code(session, study_slug, code, CodeEdit(about="x"), "tina", services.embedder)
        assert read_history(session, "acme", PageRequest()).changes == ()
        with pytest.raises(InvalidInputError, match="needs a label"):
            edit_code(session, "acme", "AX1", CodeEdit(labels={"en": None}), "tina", services.embedder)


def test_history_and_codes_come_in_pages(services: Services, study: MadeStudy) -> None:
    """Following the cursors gives everything once: codes by name, changes the newest first."""
    with services.database.sessions.begin() as session:
        for number in range(5):
            create_code(session, "acme", NOBODY.model_copy(update={"code": f"N{number}"}), "tina", services.embedder)
        names, changed = [], []
        codes, changes = None, None
        for _ in range(3):
            page = list_codes(session, "acme", PageRequest(2, codes))
            names += [code.code for code in page.codes]
            codes = page.next_cursor
            history = read_history(session, "acme", PageRequest(2, changes))
            changed += [change.code for change in history.changes]
            changes = history.next_cursor
    assert (codes, changes) == (None, None)
    assert names == ["AX1", "N0", "N1", "N2", "N3", "N4"]
    assert changed == ["N4", "N3", "N2", "N1", "N0"]
