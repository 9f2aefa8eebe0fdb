"""The quotes that a cell of the matrix opens."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.errors import Fault, InvalidInputError, suggest_name
from app.library.marks import quote_marks
from app.library.pages import PageRequest, cut_page, decode_cursor
from app.library.schemas import QuotePage
from app.research.matrix.mentions import Found, Wanted, find_mentions
from app.research.matrix.options import ANY, HOUSE, US
from app.scope import Filters
from app.vocabulary import Polarity, Stance


@dataclass(frozen=True)
class Cell:
    """A cell of the matrix, of a criterion or of a reason; without a segment that of everybody, of one side or both."""

    criterion: str
    segment: str | None = None
    option: str = ANY
    side: Stance | None = None


def read_cell_quotes(
    session: Session, study: str, cell: Cell, page: PageRequest, embedder: Embedder, *, by_persons: bool = False
) -> QuotePage:
    """One page of what people of a cell said, in the order of interviews and utterances.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: it has no such criterion, segment or option; all of them are named.
    """
    after = decode_cursor(page.cursor, ("", -1, -1, -1, ""))
    found = find_mentions(session, study, Wanted(tradeoffs=True, by_persons=by_persons), embedder)
    _check(cell, found)
    polarity = {Stance.FOR: Polarity.AFFIRMED, Stance.AGAINST: Polarity.DENIED}.get(cell.side) if cell.side else None
    marks = {
        each.mark: (each.interview, each.place, each.mark.start, each.mark.end, str(each.mark.polarity))
        for each, options in found.mentions
        if each.code == cell.criterion
        and cell.option in options
        and cell.segment in (None, each.segment)
        and polarity in (None, each.mark.polarity)
    }
    later = [mark for mark, place in sorted(marks.items(), key=lambda item: item[1]) if place > after]
    shown, next_cursor = cut_page(later, page.limit, lambda mark: marks[mark])
    quotes = quote_marks(session, found.vocabulary, shown)
    filters = Filters(codes=(cell.criterion,), segments=(cell.segment,) if cell.segment else ())
    return QuotePage(study=study, filters=filters, quotes=tuple(quotes.values()), next_cursor=next_cursor)


def _check(cell: Cell, found: Found) -> None:
    faults = tuple(_faults(cell, found))
    if faults:
        raise InvalidInputError("the matrix has no such cell", faults)


def _faults(cell: Cell, found: Found) -> Iterator[Fault]:
    options = (ANY, US, *(name.competitor for name in found.names), HOUSE)
    codes = [code.code for code in (*found.criteria, *found.reasons)]
    named: tuple[tuple[str, str | None, Collection[str], str], ...] = (
        ("criterion", cell.criterion, codes, "neither a criterion nor a reason of the matrix"),
        ("segment", cell.segment, found.vocabulary.segments, f"no segment of study {found.vocabulary.slug}"),
        ("option", cell.option, options, "no option of the matrix"),
    )
    for place, value, known, problem in named:
        if value is not None and value not in known:
            yield Fault(f"query.{place}", f"{value!r} is {problem}", suggest_name(value, tuple(known)))
