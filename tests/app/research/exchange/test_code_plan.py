"""Codes of a file are those of the study where they are the same, and new ones else."""

import uuid

import pytest
from refi_factory import code, codebook, guid
from sqlalchemy import select
from study_factory import MadeStudy

from app.errors import NotFoundError
from app.models import Code, CodeChange
from app.research.codebook.codes import create_code, edit_code
from app.research.codebook.moves import merge_codes, retire_code
from app.research.codebook.read import read_code
from app.research.codebook.schemas import CodeEdit, NewCode
from app.research.exchange.code_words import identify
from app.research.exchange.codes_in import Importing, import_codebook
from app.research.exchange.schemas import ImportedCode
from app.services import Services
from app.vocabulary import Kind

BY = Importing("tina")


def import_codes(services: Services, *codes: str, by: Importing = BY) -> list[tuple[str | None, str, Kind | None]]:
    """What becomes of codes: their name in the study, the outcome, their kind."""
    return [(told.code, told.outcome, told.kind) for told in tell(services, *codes, by=by)]


def tell(services: Services, *codes: str, by: Importing = BY) -> tuple[ImportedCode, ...]:
    """What an import tells of codes."""
    return import_codebook(services, "acme", codebook(*codes), "codes.qdc", by).codes


def stored(services: Services, name: str) -> Code:
    """A code of the study."""
    with services.database.sessions() as session:
        return session.scalars(select(Code).where(Code.code == name)).one()


@pytest.mark.usefixtures("study")
def test_nested_codes_know_what_they_are_in(services: Services) -> None:
    """Codes above stand in what a code is about; a group that is no code is none here either."""
    told = tell(services, code("Money", code("Fear", code("Of loss", description="that it is gone")), codable=False))
    assert [(each.name, each.code, each.outcome) for each in told] == [
        ("Money", None, "group"),
        ("Money › Fear", "Fear", "created"),
        ("Money › Fear › Of loss", "Of-loss", "created"),
    ]
    assert stored(services, "Of-loss").labels == {"und": "Of loss"}
    assert stored(services, "Of-loss").about == "Money › Fear › Of loss. that it is gone"
    assert stored(services, "Fear").about == "Money › Fear."


@pytest.mark.usefixtures("study")
def test_a_kind_is_what_says_it(services: Services) -> None:
    """The description, else who imports, else a group that is called as a kind; only else it is guessed."""
    assert import_codes(services, code("A", description="x\n---\nkind: aha")) == [("A", "created", Kind.AHA)]
    group = code("Anxieties", code("B", code("C")), code("D", description="x\n---\nkind: pull"), codable=False)
    assert import_codes(services, group) == [
        (None, "group", None),
        ("B", "created", Kind.ANXIETY),
        ("C", "created", Kind.ANXIETY),
        ("D", "created", Kind.PULL),
    ]
    assert stored(services, "B").about == ""
    by = Importing("tina", kind=Kind.HABIT)
    assert import_codes(services, code("Anxieties", code("E"), codable=False), by=by)[1] == (
        "E",
        "created",
        Kind.HABIT,
    )
    guessed = tell(services, code("They were afraid of losing money and nervous about risks"))[0]
    assert (guessed.kind, guessed.guessed) == (Kind.ANXIETY, True)


@pytest.mark.usefixtures("study")
def test_codes_of_the_study_stay_as_they_are(services: Services) -> None:
    """Known by their name or label, in whatever letters; what the file says of them is no reason to change them."""
    assert import_codes(services, code("AX1", description="other words")) == [("AX1", "known", Kind.ANXIETY)]
    assert import_codes(services, code("FEAR of losing the money")) == [("AX1", "known", Kind.ANXIETY)]
    assert stored(services, "AX1").about == ""


@pytest.mark.usefixtures("study")
def test_the_same_name_twice_makes_two_codes(services: Services) -> None:
    """Below different groups they are different; each is found again by its identity."""
    twice = (
        code("Work", code("Other", as_guid=guid("1"))),
        code("Home", code("Other", as_guid=guid("2"))),
    )
    first = import_codes(services, *twice)
    assert [name for name, _, _ in first] == ["Work", "Other", "Home", "Other-2"]
    assert import_codes(services, *twice) == [(name, "known", kind) for name, _, kind in first]
    assert stored(services, "Other-2").about == "Home › Other."


@pytest.mark.usefixtures("study")
def test_the_same_identity_twice_is_one_code(services: Services) -> None:
    """Some programs write a code wherever it belongs."""
    code_of = code("Work"), code("Home", code("Work"))
    assert [name for name, _, _ in import_codes(services, *code_of)] == ["Work", "Home"]


@pytest.mark.usefixtures("study")
def test_what_was_imported_is_known_by_its_identity(services: Services) -> None:
    """Whatever it is called here or there by now."""
    import_codes(services, code("Money"))
    with services.database.sessions.begin() as session:
        edit = CodeEdit(code="M1", labels={"en": "The money"})
        edit_code(session, "acme", "Money", edit, "ben", services.embedder)
    renamed = code("Cash", as_guid=guid("Money"))
    assert import_codes(services, renamed) == [("M1", "known", stored(services, "M1").kind)]


@pytest.mark.usefixtures("study")
def test_our_own_identities_are_stable(services: Services) -> None:
    """A code of this study is known by what an export calls it, also under a former name."""
    exported = str(identify("acme", "AX1"))
    with services.database.sessions.begin() as session:
        edit_code(session, "acme", "AX1", CodeEdit(code="AX9"), "ben", services.embedder)
    assert import_codes(services, code("Whatever", as_guid=exported)) == [("AX9", "known", Kind.ANXIETY)]


@pytest.mark.usefixtures("study")
def test_merged_and_retired_codes_are_followed(services: Services) -> None:
    """A merged code is what it was merged into; a retired one stays retired, and that is told."""
    with services.database.sessions.begin() as session:
        for name in ("B", "C"):
            new = NewCode(code=name, kind=Kind.HABIT, labels={"en": name * 3})
            create_code(session, "acme", new, "ben", services.embedder)
        merge_codes(session, "acme", "B", "AX1", "ben")
        retire_code(session, "acme", "C", "ben")
    assert import_codes(services, code("B"), code("C")) == [
        ("AX1", "known", Kind.ANXIETY),
        (None, "retired", None),
    ]
    assert stored(services, "C").retired_at is not None


@pytest.mark.usefixtures("study")
def test_a_code_for_denials_is_none_of_its_own(services: Services) -> None:
    """Other tools have no polarity; our exports give denials a code below the one that they deny."""
    told = import_codes(services, code("Trust", code("Trust (denied)")), code("Fear of losing the money (denied)"))
    assert [name for name, _, _ in told] == ["Trust", "Trust", "Fear-of-losing-the-money-denied"]
    assert import_codes(services, code("AX1 (denied)")) == [("AX1", "known", Kind.ANXIETY)]


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("name", ["=cmd()", "aha", "history", "💶", "ü" * 200, "a/b\\c", "&#x202e;evil", " . "])
def test_any_name_becomes_one_that_can_be_used(services: Services, name: str) -> None:
    """Also what is a kind or a command here, and what other programs take for a formula."""
    told = tell(services, code(name, as_guid=guid("any")))[0]
    assert told.outcome == "created"
    with services.database.sessions() as session:
        assert read_code(session, "acme", str(told.code)).labels == {"und": told.name or "unnamed"}


@pytest.mark.usefixtures("study")
def test_an_import_is_noted(services: Services) -> None:
    """Who imported what, and what it was in the file."""
    import_codes(services, code("Money"))
    with services.database.sessions() as session:
        change = session.scalars(select(CodeChange)).one()
    assert (change.code, change.action, change.author) == ("Money", "import", "tina")
    assert uuid.UUID(change.details["guid"]) == uuid.UUID(guid("Money"))


def test_a_dry_run_changes_nothing(services: Services, study: MadeStudy) -> None:
    """It tells what would be."""
    told = import_codebook(services, "acme", codebook(code("Money")), "codes.qdc", Importing("tina", dry_run=True))
    assert (told.dry_run, told.codes[0].code, told.codes[0].outcome) == (True, "Money", "created")
    with services.database.sessions() as session:
        codes = session.scalars(select(Code.code).where(Code.study_id == study.study_id)).all()
        assert list(codes) == ["AX1"]
        assert session.scalars(select(CodeChange)).all() == []


def test_a_study_must_be_known(services: Services) -> None:
    """As everywhere."""
    with pytest.raises(NotFoundError):
        import_codebook(services, "nope", codebook(code("Money")), "codes.qdc", BY)
