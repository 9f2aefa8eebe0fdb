"""Boards of Miro, FigJam, Mural and of people, in three languages: what is a conclusion, and what it rests on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidInputError
from app.research.insights.boards.preparing import prepare
from app.research.insights.boards.reading import MOST_BYTES, SUFFIXES, read_board
from app.research.insights.boards.stickies import Assembled, assemble
from app.vocabulary import Stance

MURAL = """\
"ID","Text","BG Color","Sticky type","Border line","Position X","Position Y","Area","Link to","Last Updated By",\
"Last Updated","Last Content Edited By","Last Content Edited","Tags","Integration Labels"
"0-17001","They fear the missing door<br>&quot;Dass man da nirgends klingeln kann.&quot; &mdash; P01","#FCF281","3x3",\
"","1","2","Fears","","Anna B","2026-04-01","Anna B","2026-04-02T10:00:00Z","careful, blue",""
"0-17002","&quot;¿A qué puerta voy yo?&quot;","#FCF281","3x3","","1","2","Fears","","Owen","","","","",""
"0-17003","&lt;b&gt; is a tag","#FCF281","3x3","","1","2","","","","","","","",""
"""
MIRO = """\
Steuern
"Das Dokument kommt zu spät: „Ich geb seit zwanzig Jahren am ersten April ab.“","careful","#ff0"
"„Genau.“"
Kunden wollen vor allem ihre Ruhe
"„Ich will einfach meine Ruhe.“"
"«Déjame en paz, por favor.»"
"""


def read(text: str, name: str) -> Assembled:
    """The insights of a file."""
    return assemble(read_board(text.encode(), name).stickies)


def told(text: str, name: str = "board.csv") -> list[tuple[str, str | None, list[str]]]:
    """Statement, theme and evidence of each insight of a file."""
    return [(note.text, note.theme, [each.words for each in note.evidence]) for note in read(text, name).insights]


def test_mural() -> None:
    """Markup and entities are read, areas are themes, a note that is a quote belongs to the one before it."""
    board = read_board(MURAL.encode(), "board.csv")
    assert board.format == "mural"
    assert board.columns == {
        "statement": "Text",
        "theme": "Area",
        "author": "Last Content Edited By",
        "date": "Last Content Edited",
        "code": "ID",
        "tags": "Tags",
    }
    assert told(MURAL) == [
        ("They fear the missing door", "Fears", ["Dass man da nirgends klingeln kann.", "¿A qué puerta voy yo?"]),
        ("<b> is a tag", None, []),
    ]
    first, _ = prepare(assemble(board.stickies).insights, {"careful": "careful"}, "somebody")
    assert (first.insight.code, first.insight.author, str(first.insight.date)) == ("0-17001", "Anna B", "2026-04-02")
    assert first.insight.segments == ("careful",)


def test_miro() -> None:
    """Without a header: short rows are the titles of frames, a title that says something is what its quotes come to."""
    board = read_board(MIRO.encode(), "board.csv")
    assert (board.format, board.columns) == ("notes", {})
    assert told(MIRO) == [
        ("Das Dokument kommt zu spät", "Steuern", ["Ich geb seit zwanzig Jahren am ersten April ab.", "Genau."]),
        (
            "Kunden wollen vor allem ihre Ruhe",
            "Kunden wollen vor allem ihre Ruhe",
            ["Ich will einfach meine Ruhe.", "Déjame en paz, por favor."],
        ),
    ]
    assert board.stickies[0].labels == ("careful", "#ff0")


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Insights,Quotes,Themes", {"statement": "Insights", "evidence": "Quotes", "theme": "Themes"}),
        ("Erkenntnis;Zitate;Thema", {"statement": "Erkenntnis", "evidence": "Zitate", "theme": "Thema"}),
        ("Conclusión\tCitas\tSección", {"statement": "Conclusión", "evidence": "Citas", "theme": "Sección"}),
        ("HALLAZGO,Evidencia,Categoría", {"statement": "HALLAZGO", "evidence": "Evidencia", "theme": "Categoría"}),
    ],
)
def test_headers_in_three_languages(header: str, columns: dict[str, str]) -> None:
    """Whatever separates the cells, however the words are written."""
    separator = next(mark for mark in ",;\t" if mark in header)
    text = f"\ufeff{header}\n{separator.join(['Sie wollen Ruhe', 'Lass mich. | Geh weg.', 'Ruhe'])}\n"
    assert read_board(text.encode(), "figjam.csv").columns == columns
    assert told(text) == [("Sie wollen Ruhe", "Ruhe", ["Lass mich.", "Geh weg."])]


def test_the_insights_of_a_study_folder_can_be_imported_too() -> None:
    """The same columns, the same codes."""
    text = "id,author,date,segment,statement,evidence\nIN01,anna,2026-02-26,careful,It stings.,Na ja. | Und denn.\n"
    (prepared,) = prepare(read(text, "insights.csv").insights, {"careful": "careful"}, "somebody")
    insight = prepared.insight
    assert (insight.code, insight.author, str(insight.date), insight.segments) == (
        "IN01",
        "anna",
        "2026-02-26",
        ("careful",),
    )
    assert [given.words for given in insight.evidence] == ["Na ja.", "Und denn."]


def test_evidence_against() -> None:
    """In a column of its own, or where the text says so."""
    text = 'insight,evidence,evidence against\nThey fear it,"against: „Ich nicht.“",Nie gehabt.\n'
    (note,) = read(text, "a.csv").insights
    assert [(each.words, each.stance) for each in note.evidence] == [
        ("Ich nicht.", Stance.AGAINST),
        ("Nie gehabt.", Stance.AGAINST),
    ]
    (note,) = read("- They fear it “I do fear it.” Against: “I never do.”", "a.md").insights
    assert (note.text, [each.stance for each in note.evidence]) == ("They fear it", [Stance.FOR, Stance.AGAINST])


def test_markdown() -> None:
    """Headings are themes, items and paragraphs insights, quotations and items below them evidence with its lines."""
    text = """\
---
title: Synthesis
---
# Careful

- **Success** is [forgetting](https://example.org)
  > Erst waren wir auf Texel,
  > und ich hab es nicht angetippt. — P08
- They test the exit “Vale, la jaula tiene puerta.” (P20, I20)
  - „Zehn Anteile rübergeholt.“
  - No fue fácil.

## Translations make people doubt

> “Era la cotización, vamos.”

Mistranslated terms
cost trust.

```
- no insight
```
<!-- - hidden -->
| a | table |
"""
    notes = read(text, "synthesis.md").insights
    assert [(note.line, note.text, note.theme) for note in notes] == [
        (6, "Success is forgetting", "Careful"),
        (9, "They test the exit", "Careful"),
        (17, "Mistranslated terms\ncost trust.", "Translations make people doubt"),
    ]
    assert [[(each.line, each.words) for each in note.evidence] for note in notes] == [
        [(7, "Erst waren wir auf Texel, und ich hab es nicht angetippt.")],
        [(9, "Vale, la jaula tiene puerta."), (10, "Zehn Anteile rübergeholt."), (11, "No fue fácil.")],
        [(15, "Era la cotización, vamos.")],
    ]


def test_notes_that_were_copied_as_text() -> None:
    """One a line, as FigJam gives them."""
    text = 'Fears\nThe missing door is what they fear: "Dass man nirgends klingeln kann."\nThey want a person.\n'
    assert told(text, "figjam.txt") == [
        ("The missing door is what they fear", "Fears", ["Dass man nirgends klingeln kann."]),
        ("They want a person.", "Fears", []),
    ]


def test_quotes_that_no_conclusion_goes_with_are_told() -> None:
    """By their lines; a title of few words is no conclusion."""
    found = read("Ruhe\n„Ich will einfach meine Ruhe.“\n", "a.txt")
    assert (found.insights, found.alone) == ((), (2,))


def test_a_way_of_speaking_is_no_quote() -> None:
    """One or two words in quotation marks stay in the statement."""
    assert told("insight\nThey call it “the warehouse” at once\n") == [
        ("They call it “the warehouse” at once", None, [])
    ]


def test_codes_stay_and_the_same_insight_is_one() -> None:
    """A code is made of the words, so that another order of notes changes none; evidence of both is kept."""
    rows = ["They want calm,Lass mich.", "They fear it,Nein.", "They want  CALM.,Geh weg."]
    first = prepare(read("insight,quote\n" + "\n".join(rows), "a.csv").insights, {}, "a")
    again = prepare(read("insight,quote\n" + "\n".join(reversed(rows)), "a.csv").insights, {}, "a")
    assert {each.insight.code for each in first} == {each.insight.code for each in again}
    assert len(first) == 2
    assert [given.words for given in first[0].insight.evidence] == ["Lass mich.", "Geh weg."]
    assert first[0].problems == ("line 4: the same insight again",)


@pytest.mark.parametrize(
    ("data", "name", "problem"),
    [
        (b"", "a.csv", "no notes"),
        (b"insight,quote\n", "a.csv", "no notes"),
        (b'insight\n"unclosed\n', "a.csv", "no CSV"),
        (b"x" * (MOST_BYTES + 1), "a.csv", "bytes, more than"),
        (b"insight\n" + b"a\n" * 6000, "a.csv", "more than 5,000 notes"),
        (b"a,b\n" * 30_000, "a.csv", "more than 20,000 rows"),
        (b"%PDF-1.7", "a.pdf", r"a \.pdf file"),
        (bytes(range(32)) * 20, "a.csv", "not a text file"),
        (b"- a", "a", "a nameless file"),
    ],
)
def test_what_is_no_board_is_refused(data: bytes, name: str, problem: str) -> None:
    """With the reason, before anything is stored."""
    with pytest.raises(InvalidInputError) as refused:
        read_board(data, name)
    assert problem.replace("\\", "") in str(refused.value.faults[0])


@given(st.text(), st.sampled_from(SUFFIXES))
def test_any_text_is_read_or_refused(text: str, suffix: str) -> None:
    """Nothing is more than refused, and each insight has words and the line of its note."""
    try:
        board = read_board(text.encode("utf-8", "surrogatepass"), f"a{suffix}")
    except InvalidInputError:
        return
    for each in prepare(assemble(board.stickies).insights, {}, "somebody"):
        assert each.insight.statement.strip()
        assert 1 <= each.sticky.line <= text.count("\n") + text.count("\r") + 30


@given(st.lists(st.sampled_from(["- a b", "  - „x y z“", "> „x y z“", "# T", "# A theme of five words", "", "text"])))
def test_markdown_keeps_every_quote(lines: list[str]) -> None:
    """What stands in quotation marks is evidence of something, or its line is told."""
    text = "\n".join(["- first", *lines])
    stickies = read_board(text.encode(), "a.md").stickies
    found = assemble(stickies)
    alone = [note for note in stickies if note.line in found.alone]
    assert sum(len(note.evidence) for note in (*found.insights, *alone)) == text.count("„x y z“")


def test_a_header_below_the_title_of_the_board() -> None:
    """What stands above it is no note."""
    titled = '"Board of Velo"\n\n"Sticky notes"\n"Frame","Content","Tags"\n"Price","They want it fixed","calm"\n'
    board = read_board(titled.encode(), "board.csv")
    assert board.columns == {"statement": "Content", "theme": "Frame", "tags": "Tags"}
    (sticky,) = board.stickies
    assert (sticky.text, sticky.theme, sticky.labels) == ("They want it fixed", "Price", ("calm",))


@pytest.mark.parametrize(
    "note", ["« Le prix fixe. »", "«\u00a0Le prix fixe.\u00a0»", "»Le prix fixe.«", "«Le prix fixe.»"]
)
def test_guillemets_of_all_countries_are_quotation_marks(note: str) -> None:
    """French sets them apart from the words, German turns them round."""
    assert told(f"They like it {note}\n") == [("They like it", None, ["Le prix fixe."])]
