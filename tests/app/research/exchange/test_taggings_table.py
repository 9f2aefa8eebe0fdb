"""Taggings go to a spreadsheet and come back to the same words."""

import csv
import io
import uuid

import pytest
from codebook_factory import MODEL, add_model_tagging, stored_taggings
from study_factory import MadeStudy, Person, Turn, add_study

from app.errors import InvalidInputError
from app.research.codebook.codes import create_code, edit_code
from app.research.codebook.moves import retire_code
from app.research.codebook.schemas import CodeEdit, NewCode
from app.research.codebook.tagging_schemas import NewTagging
from app.research.codebook.taggings import add_tagging
from app.research.exchange.codes_in import Importing
from app.research.exchange.schemas import TaggingsImport
from app.research.exchange.taggings_table import COLUMNS, export_taggings_table, import_taggings_table
from app.services import Services
from app.vocabulary import Kind

BY = Importing("tina")
RATE = "die erste Rate"


def bring(services: Services, *lines: str, by: Importing = BY) -> TaggingsImport:
    """Import a table."""
    return import_taggings_table(services, "acme", "\n".join(lines).encode(), "taggings.csv", by)


def problems(services: Services, *lines: str) -> list[tuple[str, str]]:
    """Places and problems of a table that is refused."""
    with pytest.raises(InvalidInputError) as error:
        bring(services, *lines)
    return [(fault.place, fault.problem) for fault in error.value.faults]


def rows_of(services: Services, *, with_models: bool = False) -> list[dict[str, str]]:
    """The rows of the table that goes out."""
    with services.database.sessions() as session:
        table = export_taggings_table(session, "acme", with_models=with_models)
    return list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))


def made(services: Services) -> list[tuple[str, str, str, str, float]]:
    """What the study did not have before."""
    with services.database.sessions() as session:
        return [tagging for tagging in stored_taggings(session) if tagging[3] in {"tina", "ben", MODEL}]


def test_taggings_are_rows(services: Services, study: MadeStudy) -> None:
    """The columns of a study folder's table, and more; a model's only where they are asked for."""
    with services.database.sessions.begin() as session:
        add_model_tagging(session, study, ("I01", 3), "AX1", 0.25)
    rows = rows_of(services)
    assert tuple(rows[0])[:5] == COLUMNS == ("interview", "quote", "code", "polarity", "author")
    assert [(row["interview"], row["participant"], row["polarity"], row["basis"]) for row in rows] == [
        ("I01", "P01", "affirmed", "person"),
        ("I02", "P02", "affirmed", "person"),
        ("I03", "P03", "denied", "person"),
    ]
    assert uuid.UUID(rows[0]["utterance"]) == study.utterances["I01", 1]
    model = rows_of(services, with_models=True)[1]
    assert (model["author"], model["confidence"], model["basis"], model["quote"]) == (MODEL, "0.25", "model", "Als")


def test_what_was_exported_is_there_already(services: Services, study: MadeStudy) -> None:
    """A table that comes back as it went changes nothing, not even where the same words are said elsewhere."""
    with services.database.sessions.begin() as session:
        place = study.utterances["I01", 1]
        add_tagging(session, "acme", NewTagging(code="AX1", utterance=place, start=0, end=3), "tina")
        add_model_tagging(session, study, ("I01", 3), "AX1", 0.1 + 0.2)
        table = export_taggings_table(session, "acme", with_models=True)
        before = stored_taggings(session)
    told = bring(services, *table.split("\n"))
    assert (told.added, told.known, told.unplaced) == (0, 5, ())
    with services.database.sessions() as session:
        assert stored_taggings(session) == before


@pytest.mark.usefixtures("study")
def test_a_quote_is_enough(services: Services) -> None:
    """In the columns of a study folder; white space may differ, and who imports is the author where none is given."""
    told = bring(
        services,
        "interview,quote,code,polarity,author",
        'I01,"die  erste Rate",AX1,denied,ben',
        'I01,"die erste\n Rate",AX1,,',
    )
    assert (told.added, told.known) == (2, 0)
    assert made(services) == [(RATE, "AX1", "affirmed", "tina", 1.0), (RATE, "AX1", "denied", "ben", 1.0)]


def test_typographic_marks_may_differ(services: Services) -> None:
    """A spreadsheet sets quotation marks and apostrophes as it likes."""
    turn = Turn("That\u2019s \u201cmy bank\u201d, isn\u2019t it \u2013 or was.", "en", speaker="Joe")
    with services.database.sessions.begin() as session:
        add_study(session, services.embedder, "acme", (Person("P01", "Joe", "en", "careful", 1, "A", (turn,)),))
    told = bring(services, "interview,quote,code", 'I01,"That\'s ""my bank"", isn\'t it - or",AX1')
    assert (told.added, made(services)[0][0]) == (1, turn.text[:-5])


@pytest.mark.usefixtures("study")
def test_the_same_row_twice_is_one_tagging(services: Services) -> None:
    """Nobody tags the same words twice with the same code."""
    told = bring(services, "interview,quote,code", f"I01,{RATE},AX1", f"I01,{RATE},AX1")
    assert (told.added, told.known) == (1, 0)


def test_a_span_stands_where_it_says(services: Services, study: MadeStudy) -> None:
    """With the words that are quoted; where others stand there by now, they are looked for."""
    place = study.utterances["I01", 3]
    bring(services, "utterance,span_start,span_end,code", f"{place},8,22,AX1")
    assert made(services) == [(RATE, "AX1", "affirmed", "tina", 1.0)]
    moved = bring(services, "interview,utterance,span_start,span_end,code,quote", f"I01,{place},9,23,AX1,{RATE}")
    assert (moved.added, moved.known) == (0, 1)


def test_what_cannot_be_placed_is_told(services: Services, study: MadeStudy) -> None:
    """With its line and the reason; the rest comes in."""
    with services.database.sessions.begin() as session:
        new = NewCode(code="H1", kind=Kind.HABIT, labels={"en": "x"})
        create_code(session, "acme", new, "tina", services.embedder)
        retire_code(session, "acme", "H1", "tina")
    asked, said = study.utterances["I01", 0], study.utterances["I01", 3]
    told = bring(
        services,
        "interview,quote,code,utterance,span_start,span_end",
        "I01,nobody says that,AX1,,,",
        "I01,e,AX1,,,",
        "I01,Was hat Sie,AX1,,,",
        f"I01,{RATE},H1,,,",
        f",,AX1,{asked},0,3",
        f",,AX1,{said},0,5000",
        f",,AX1,{said},9,9",
        f",,AX1,{uuid.uuid4()},0,3",
        f"I01,{RATE},AX1,,,",
    )
    nowhere = "no participant who may be quoted has such words there"
    assert [(each.place, each.reason) for each in told.unplaced] == [
        ("taggings.csv:2", "no published participant says that"),
        ("taggings.csv:3", "participants say that more than once"),
        ("taggings.csv:4", "no published participant says that"),
        ("taggings.csv:5", "H1 was retired"),
        ("taggings.csv:6", nowhere),
        ("taggings.csv:7", nowhere),
        ("taggings.csv:8", nowhere),
        ("taggings.csv:9", nowhere),
    ]
    assert told.added == 1


@pytest.mark.usefixtures("study")
def test_unknown_names_are_faults(services: Services) -> None:
    """All at once, each with what it may have meant; nothing is stored."""
    assert problems(services, "interview,quote,code", f"I01,{RATE},AX2", f"I1,{RATE},AX1", f"I01,{RATE},AX1") == [
        ("taggings.csv:2", "there is no code 'AX2'"),
        ("taggings.csv:3", "there is no published interview 'I1'"),
    ]
    assert made(services) == []


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (f"I01,{RATE},AX1,maybe,1,", "polarity"),
        (f"I01,{RATE},AX1,,1.5,", "confidence"),
        (f"I01,{RATE},AX1,,nan,", "confidence"),
        (f"I01,{RATE},AX1,,,-5", "start_ms"),
        (f"I01,{RATE},,,,", "code"),
        (",,AX1,,,", "row"),
    ],
)
def test_wrong_cells_are_faults(services: Services, cells: str, column: str) -> None:
    """With their line and column."""
    place, problem = problems(services, "interview,quote,code,polarity,confidence,start_ms", cells)[0]
    assert (place, problem.partition(":")[0]) == ("taggings.csv:2", column)


@pytest.mark.usefixtures("study")
def test_former_names_are_followed(services: Services) -> None:
    """A table from before a code was renamed."""
    with services.database.sessions.begin() as session:
        edit_code(session, "acme", "AX1", CodeEdit(code="AX9"), "ben", services.embedder)
    assert bring(services, "interview,quote,code", f"I01,{RATE},AX1").added == 1
    assert made(services)[0][1] == "AX9"


def test_another_study_is_out_of_reach(services: Services, study: MadeStudy) -> None:
    """Its utterances are as if there were none."""
    with services.database.sessions.begin() as session:
        other = add_study(session, services.embedder, "other")
    place = other.utterances["I01", 3]
    told = bring(services, "utterance,span_start,span_end,code", f"{place},8,22,AX1")
    assert (told.added, len(told.unplaced)) == (0, 1)
    assert study.utterances["I01", 3] != place


@pytest.mark.usefixtures("study")
def test_a_dry_run_stores_nothing(services: Services) -> None:
    """It tells what would be."""
    told = bring(services, "interview,quote,code", f"I01,{RATE},AX1", by=Importing("tina", dry_run=True))
    assert (told.added, told.dry_run, made(services)) == (1, True, [])


@pytest.mark.usefixtures("study")
def test_words_like_formulas_come_back(services: Services) -> None:
    """They leave as text, and come in as they are said."""
    bring(services, "interview,quote,code,author", f"I01,{RATE},AX1,=cmd()")
    assert "'=cmd()" in {row["author"] for row in rows_of(services)}
    assert bring(services, "interview,quote,code,author", f"I01,{RATE},AX1,'=cmd()").known == 1
