"""Codes go to a spreadsheet and come back, with what somebody changed there."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from study_factory import MadeStudy

from app.errors import InvalidInputError
from app.models import Code, CodeChange
from app.research.codebook.codes import create_code
from app.research.codebook.moves import merge_codes, retire_code
from app.research.codebook.read import read_code
from app.research.codebook.schemas import NewCode
from app.research.exchange.codebook_in import import_codes
from app.research.exchange.codebook_table import CodeLine, export_codebook_table
from app.research.exchange.codes_in import Importing
from app.research.exchange.schemas import CodebookImport
from app.research.exchange.tables import read_rows
from app.services import Services
from app.vocabulary import Kind

BY = Importing("tina")


def bring(services: Services, *lines: str, by: Importing = BY) -> CodebookImport:
    """Import a table."""
    return import_codes(services, "acme", "\n".join(lines).encode(), "codes.csv", by)


def faults(services: Services, *lines: str) -> list[tuple[str, str]]:
    """Places and problems of a table that is refused."""
    with pytest.raises(InvalidInputError) as error:
        bring(services, *lines)
    return [(fault.place, fault.problem) for fault in error.value.faults]


def exported(services: Services) -> list[dict[str, str]]:
    """The rows of the table that goes out."""
    with services.database.sessions() as session:
        return list(csv.DictReader(io.StringIO(export_codebook_table(session, "acme").removeprefix("\ufeff"))))


def several(services: Services) -> None:
    """Let there be codes of all sorts: with hostile words, retired, merged."""
    with services.database.sessions.begin() as session:
        for name in ("H1", "H2", "H3"):
            new = NewCode(
                code=name,
                kind=Kind.HABIT,
                labels={"de": f"=SUMME({name})", "en": name},
                about='says "x",\nand more',
                examples=("+1", "b"),
            )
            create_code(session, "acme", new, "ben", services.embedder)
        retire_code(session, "acme", "H2", "ben")
        merge_codes(session, "acme", "H3", "H1", "ben")


@pytest.mark.usefixtures("study")
def test_codes_are_rows(services: Services) -> None:
    """Retired ones are told; merged ones are none any more; nothing is a formula."""
    several(services)
    rows = exported(services)
    assert [(row["code"], row["kind"], row["state"]) for row in rows] == [
        ("AX1", "anxiety", "live"),
        ("H1", "habit", "live"),
        ("H2", "habit", "retired"),
    ]
    assert (rows[0]["affirmed_by"], rows[0]["denied_by"], rows[0]["by_persons"]) == ("2", "1", "3")
    assert (rows[1]["label_de"], rows[1]["label_en"], rows[1]["examples"]) == ("'=SUMME(H1)", "H1", "'+1\nb")


@pytest.mark.usefixtures("study")
def test_what_was_exported_changes_nothing(services: Services) -> None:
    """A table that comes back as it went."""
    several(services)
    with services.database.sessions() as session:
        changes = len(session.scalars(select(CodeChange)).all())
        table = export_codebook_table(session, "acme")
    before = exported(services)
    told = bring(services, *table.split("\n"))
    assert [(each.code, each.outcome) for each in told.codes] == [("AX1", "known"), ("H1", "known"), ("H2", "retired")]
    assert exported(services) == before
    with services.database.sessions() as session:
        assert len(session.scalars(select(CodeChange)).all()) == changes


@pytest.mark.usefixtures("study")
def test_a_row_changes_what_it_gives(services: Services) -> None:
    """An empty cell says nothing; a label in one language leaves those in others as they are."""
    told = bring(services, "code,kind,label_de,about", "AX1,habit,Angst,neu")
    assert [(each.outcome, each.kind) for each in told.codes] == [("changed", "habit")]
    assert bring(services, "code,about", "AX1,").codes[0].outcome == "known"
    with services.database.sessions() as session:
        code = read_code(session, "acme", "AX1")
    assert (code.about, code.labels) == ("neu", {"en": "Fear of losing the money", "de": "Angst"})


@pytest.mark.usefixtures("study")
def test_new_rows_are_new_codes(services: Services) -> None:
    """With the kind of the row, or of who imports, or the nearest; a German spreadsheet separates by semicolons."""
    by = Importing("tina", kind=Kind.PULL)
    told = bring(services, "code;kind;label;label_de", "N1;aha;One;Eins", "N2;;Two;", by=by)
    assert [(each.code, each.outcome, each.kind, each.guessed) for each in told.codes] == [
        ("N1", "created", "aha", False),
        ("N2", "created", "pull", False),
    ]
    guessed = bring(services, "code,label", 'N3,"Afraid of losing money, nervous about risks"').codes[0]
    assert (guessed.kind, guessed.guessed) == (Kind.ANXIETY, True)
    with services.database.sessions() as session:
        code = session.scalars(select(Code).where(Code.code == "N1")).one()
        assert code.labels == {"und": "One", "de": "Eins"}


@pytest.mark.usefixtures("study")
def test_a_dry_run_tells_and_leaves_all(services: Services) -> None:
    """What would be."""
    before = exported(services)
    told = bring(services, "code,label", "N1,One", "AX1,Else", by=Importing("tina", dry_run=True))
    assert ([each.outcome for each in told.codes], told.dry_run) == (["created", "changed"], True)
    assert exported(services) == before


@pytest.mark.usefixtures("study")
def test_all_faults_are_told_with_their_lines(services: Services) -> None:
    """And nothing is stored of a table that has one."""
    assert faults(services, "code,kind,label", "N1,hope,One", ",aha,Two", "N3,aha,Three,4", "N4,aha,Four") == [
        ("codes.csv:2", "kind: Input should be " + one_of(Kind)),
        ("codes.csv:3", "code: Field required"),
        ("codes.csv:4", "4 cells, and 3 columns"),
    ]
    assert [row["code"] for row in exported(services)] == ["AX1"]


def one_of(kinds: type[Kind]) -> str:
    """How a wrong choice is told."""
    *most, last = [f"'{kind}'" for kind in kinds]
    return f"{', '.join(most)} or {last}"


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (("code,label,colour", "N1,One,red"), "'colour' is no column here"),
        (("code,code", "N1,N1"), "the column 'code' is there twice"),
        (("label", "One"), "the column 'code' is missing"),
        (("",), "the column 'code' is missing"),
        (("code,label", "N1,One", "N1,Two"), "N1 comes twice"),
        (("code,label", "aha,One"), "aha is a kind"),
        (("code,label", "N1,"), "N1 has no label"),
        (("code,label", "a b,One"), "code: write letters, digits"),
        (("code,label", '"N1,One'), "this is not CSV"),
        (("code,label", f"N1,{'x' * 301}"), "at most 300 characters"),
    ],
)
def test_wrong_tables_are_refused(services: Services, lines: tuple[str, ...], problem: str) -> None:
    """Unknown, doubled and missing columns; codes that cannot be."""
    assert problem in faults(services, *lines)[0][1]


@pytest.mark.usefixtures("study")
def test_a_table_is_utf8(services: Services) -> None:
    """A file in another encoding is told with the first line that is not."""
    with pytest.raises(InvalidInputError) as error:
        import_codes(services, "acme", "code,label\nN1,Süß".encode("latin-1"), "codes.csv", BY)
    assert error.value.faults[0].place == "codes.csv:2"


def test_general_codes_stay(services: Services, study: MadeStudy) -> None:
    """What cannot be changed of a code is a fault of its row."""
    with services.database.sessions.begin() as session:
        session.execute(update(Code).where(Code.study_id == study.study_id).values(code="anxiety"))
    assert faults(services, "code,kind,label", "N1,habit,New", "anxiety,habit,")[0][0] == "codes.csv:3"
    assert [(row["code"], row["kind"]) for row in exported(services)] == [("anxiety", "anxiety")]


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20), max_size=4))
def test_no_cell_breaks_a_row(cells: list[str]) -> None:
    """Whatever stands in the cells, each row is one, and comes in as it went out, but for white space around."""
    written = io.StringIO()
    csv.writer(written).writerows([("code", "about"), *(("N1", cell) for cell in cells)])
    rows = read_rows(written.getvalue().encode(), "codes.csv", CodeLine)
    assert [row.place for row in rows] == [f"codes.csv:{line}" for line in range(2, len(cells) + 2)]
