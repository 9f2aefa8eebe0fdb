"""How insights and what became of them are laid out on the command line."""

from collections.abc import Iterator

from app.commands.answers import quote_lines
from app.commands.output import Line, line
from app.research.insights.imports import BoardReport
from app.research.insights.schemas import InsightDetail, InsightEntry
from app.vocabulary import Stance


def entry_line(insight: InsightEntry) -> Line:
    """Lay out an insight on one line."""
    for_whom = ", ".join(insight.segments) or "all customers"
    people = "1 person" if insight.people == 1 else f"{insight.people} people"
    about = f"  {insight.status}, {for_whom}, {_counted(insight.evidence.current)} of {people}"
    stale = (f"  stale: {', '.join(insight.why)}", "yellow") if insight.stale else ""
    return line((f"{insight.code}  ", "bold"), insight.statement, (about, "dim"), stale)


def detail_lines(found: InsightDetail, base_url: str) -> Iterator[Line]:
    """Lay out an insight with its quotes, those for it and those against it."""
    insight = found.insight
    yield entry_line(insight)
    theme = f"  {insight.theme}" if insight.theme else ""
    yield line((f"{insight.author}, {insight.date or 'without a date'}, from {insight.origin}{theme}", "dim"), indent=2)
    for stance, title in ((Stance.FOR, ""), (Stance.AGAINST, "Against it:")):
        quotes = [quote.citation for quote in found.quotes if quote.stance is stance]
        if quotes and title:
            yield line((title, "yellow"))
        yield from quote_lines(quotes, base_url)


def import_lines(report: BoardReport) -> Iterator[Line]:
    """Lay out what was read of a board, and what became of it."""
    taken = ", ".join(f"{column} from {header!r}" for column, header in report.columns.items())
    yield line((f"{len(report.insights)} insights", "bold"), f" read as {report.format}", f": {taken}" if taken else "")
    for insight in report.insights:
        outcome = insight.outcome or "not stored"
        about = f"  {outcome}, {_counted(insight.linked)}"
        yield line((f"{insight.code}  ", "bold"), insight.statement, (about, "dim"), indent=2)
        for problem in insight.problems:
            yield line((problem, "yellow"), indent=6)
    if report.alone:
        yield line((f"quotes that no conclusion goes with: lines {', '.join(map(str, report.alone))}", "yellow"))
    if report.gone:
        yield line((f"not in the file any more, and kept: {', '.join(report.gone)}", "yellow"))


def _counted(quotes: int) -> str:
    return "1 quote" if quotes == 1 else f"{quotes} quotes"
