"""The matrix of a small study, counted by hand, and of the sample study, against what its people were made to say."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.errors import InvalidInputError, NotFoundError
from app.library.pages import PageRequest
from app.models import Code, Participant, Segment, Study, Tagging, Utterance
from app.research.matrix.mentions import Wanted
from app.research.matrix.quotes import Cell, read_cell_quotes
from app.research.matrix.read import read_matrix
from app.research.matrix.schemas import Matrix, MatrixCell, MatrixReason, MatrixRow
from app.vocabulary import Stance

NIDO = Path(__file__).resolve().parents[4] / "examples" / "nido"
BY_PERSONS = Wanted(by_persons=True)


def rows_of(found: Matrix) -> list[MatrixRow | MatrixReason]:
    """Criteria and reasons."""
    return [*found.rows, *found.reasons]


def cells_of(found: Matrix, code: str) -> dict[tuple[str | None, str], MatrixCell]:
    """The cells of a row by segment and option."""
    row = next(row for row in rows_of(found) if row.code == code)
    return {(cell.segment, cell.option): cell for cell in row.cells}


def numbers(cell: MatrixCell) -> tuple[int, ...]:
    """For, against, both, asked in vain, never asked, and of how many."""
    return (
        cell.named_for,
        cell.named_against,
        cell.named_both,
        cell.asked_without_mention,
        cell.never_asked,
        cell.of,
    )


def test_the_matrix_by_hand(market: Session, embedder: Embedder) -> None:
    """P06 may not be quoted, and is not counted; P04 is in no segment; P02 and P05 were asked about fees and costs."""
    found = read_matrix(market, "market", BY_PERSONS, embedder)
    assert [(each.segment, each.people) for each in found.segments] == [("calm", 2), ("keen", 2), (None, 5)]
    assert [each.option for each in found.options] == ["any", "us", "Valora", "Deutsche Bank", "house"]
    fees = cells_of(found, "CR1")
    assert numbers(fees["calm", "any"]) == (1, 1, 1, 1, 0, 2)
    assert numbers(fees["calm", "us"]) == (1, 0, 0, 1, 0, 2)
    assert numbers(fees["calm", "Valora"]) == (0, 1, 0, 0, 1, 2)
    assert numbers(fees["keen", "any"]) == (1, 2, 1, 0, 0, 2)
    assert numbers(fees[None, "any"]) == (3, 3, 2, 1, 0, 5)
    assert numbers(fees[None, "house"]) == (1, 0, 0, 2, 2, 5)
    assert fees["keen", "house"].quotes is None
    assert [(reason.code, reason.option) for reason in found.reasons] == [("RC1", "Valora")]
    assert numbers(cells_of(found, "RC1")["calm", "any"])[:2] == (1, 0)
    assert numbers(cells_of(found, "CR2")[None, "any"])[:3] == (0, 0, 0)
    total = {(cell.segment, cell.option): cell for cell in found.totals}
    assert numbers(total[None, "any"]) == numbers(fees[None, "any"])


def test_a_name_counts_for_what_is_said_with_it_or_after_it(market: Session, embedder: Embedder) -> None:
    """P01 still means Valora a sentence later; what P04 tells of the stocking is not in the words that follow."""
    code = select(Code.id).where(Code.code == "CR1").scalar_subquery()
    for words in ("Das gefiel mir nicht.", "So war das."):
        (said,) = market.scalars(select(Utterance).where(Utterance.text.endswith(words))).all()
        moved = update(Tagging).where(Tagging.code_id == code, Tagging.utterance_id == said.id)
        market.execute(moved.values(start=len(said.text) - len(words), end=len(said.text)))
    fees = cells_of(read_matrix(market, "market", BY_PERSONS, embedder), "CR1")
    assert numbers(fees["calm", "Valora"])[:2] == (0, 1)
    assert (fees[None, "house"].named_for, fees[None, "us"].named_for) == (0, 3)


def test_a_cell_opens_its_quotes(market: Session, embedder: Embedder) -> None:
    """Of one side or both, of one segment or everybody, in order, page by page."""

    def said(cell: Cell, page: PageRequest = PageRequest()) -> list[str]:  # noqa: B008 frozen
        found = read_cell_quotes(market, "market", cell, page, embedder)
        return [quote.quote for quote in found.quotes]

    assert said(Cell("CR1", "calm", "Valora")) == ["Bei Valora waren die Kosten versteckt."]
    assert said(Cell("CR1", option="house", side=Stance.FOR)) == ["Im Sparstrumpf gab es keine Gebühren."]
    assert said(Cell("CR1", option="house", side=Stance.AGAINST)) == []
    assert len(said(Cell("CR1"))) == 6
    first = read_cell_quotes(market, "market", Cell("CR1"), PageRequest(4), embedder)
    rest = read_cell_quotes(market, "market", Cell("CR1"), PageRequest(4, first.next_cursor), embedder)
    assert [quote.quote for quote in (*first.quotes, *rest.quotes)] == said(Cell("CR1"))
    assert rest.next_cursor is None


def test_wrong_names_come_at_once(market: Session, embedder: Embedder) -> None:
    """Each with what can be written instead."""
    with pytest.raises(InvalidInputError) as refused:
        read_cell_quotes(market, "market", Cell("CR9", "clam", "Valra"), PageRequest(), embedder)
    assert [fault.place for fault in refused.value.faults] == ["query.criterion", "query.segment", "query.option"]
    assert "'Valora'" in refused.value.faults[2].remedy
    with pytest.raises(NotFoundError):
        read_matrix(market, "nothing", BY_PERSONS, embedder)


def test_a_study_without_segments_competitors_or_criteria(market: Session, embedder: Embedder) -> None:
    """There is a column of everybody, us and the house; without criteria there are no rows."""
    market.execute(update(Participant).values(segment_id=None))
    market.execute(delete(Segment))
    market.execute(update(Study).values(competitors=[], product=None))
    found = read_matrix(market, "market", BY_PERSONS, embedder)
    assert [each.segment for each in found.segments] == [None]
    assert [each.option for each in found.options] == ["any", "us", "house"]
    assert numbers(cells_of(found, "CR1")[None, "us"])[:2] == (2, 3)
    assert found.reasons[0].option == "house"
    market.execute(delete(Code).where(Code.code != Code.kind))
    empty = read_matrix(market, "market", BY_PERSONS, embedder)
    assert (empty.rows, empty.reasons) == ((), ())


def test_the_sample_study_equals_what_its_people_were_made_to_say(true_nido: Session, embedder: Embedder) -> None:
    """Every criterion, trade-off and reason in every segment, for and against, from the true tags of every turn."""
    bible = yaml.safe_load((NIDO / "source" / "bible.yaml").read_text(encoding="utf-8"))
    found = read_matrix(true_nido, "nido", Wanted(tradeoffs=True, by_persons=True), embedder)
    for row in rows_of(found):
        for cell in (cell for cell in row.cells if cell.option == "any"):
            people = [each for each in bible["participants"] if cell.segment in (None, each["segment"])]
            assert cell.of == len(people)
            assert cell.named_for == _count(people, "themes", row.code), (row.code, cell.segment)
            assert cell.named_against == _count(people, "denied", row.code), (row.code, cell.segment)
            assert cell.named_both == 0
    assert [row.code for row in found.rows] == ["CR1", "CR2", "CR3", "CR4", "CR5", "TO1", "TO2"]
    assert [(row.code, row.option) for row in found.reasons] == [
        ("RC1", "Valora"),
        ("RC2", "Hausbank"),
        ("RC3", "Kapitalo"),
    ]


def _count(people: list[dict[str, Any]], side: str, code: str) -> int:
    return sum(code in each[side] for each in people)


def test_the_routes(client: TestClient, market: Session) -> None:
    """The link of a cell leads to its quotes; wrong parameters and unknown studies are problems."""
    told = client.get("/v1/matrix", params={"study": "market", "by_persons": True}).json()
    cell = next(cell for cell in told["rows"][0]["cells"] if (cell["segment"], cell["option"]) == ("calm", "Valora"))
    quotes = client.get(f"{cell['quotes']}&side=against").json()["quotes"]
    assert [quote["quote"] for quote in quotes] == ["Bei Valora waren die Kosten versteckt."]
    assert client.get("/v1/matrix?study=nothing").status_code == 404
    for wrong in ("side=sideways", "option=Valra", "colour=red", "limit=0", "cursor=x"):
        assert client.get(f"/v1/matrix/quotes?study=market&criterion=CR1&{wrong}").status_code == 422
