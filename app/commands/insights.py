"""`verbatim insights`: what researchers concluded, with the quotes behind it."""

import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.insight_lines import detail_lines, entry_line, import_lines
from app.commands.opening import local_url, opened, opened_database, start
from app.commands.output import tell_more, write, write_json
from app.commands.studies import choose_study
from app.errors import Fault, InvalidInputError
from app.evidence.insights.places import Place
from app.library.pages import MOST_LIMIT, PageRequest
from app.research.insights.boards.reading import MOST_BYTES
from app.research.insights.forms import EvidenceForm, InsightForm, InsightPatch
from app.research.insights.imports import BoardFile, import_insights
from app.research.insights.manage import create_insight, edit_insight, forget_lost, link_evidence, unlink_evidence
from app.research.insights.read import Wanted, list_insights, read_insight
from app.research.insights.schemas import InsightDetail, InsightState
from app.text import Span
from app.vocabulary import Stance

app = typer.Typer(help="List what researchers concluded, with the quotes behind it; add, edit, link and import.")

Code = Annotated[str, typer.Argument(help="The insight, IN03.")]
Author = Annotated[str, typer.Option(help="Who concluded it.")]
Segments = Annotated[list[str] | None, typer.Option("--segment", help="For whom it holds. Repeatable.")]
Theme = Annotated[str | None, typer.Option(help="What it stands under.")]
Day = Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Of when it is.")]
State = Annotated[InsightState | None, typer.Option("--status", help="How far it is.")]
Words = Annotated[list[str] | None, typer.Option("--quote", help="Words of a participant for it. Repeatable.")]
Contrary = Annotated[list[str] | None, typer.Option("--against", help="Words of a participant against it. Repeatable.")]
NOBODY = "command line"


@app.callback(invoke_without_command=True)
def list_all(
    context: typer.Context,
    study: options.StudyName = None,
    status: State = None,
    segment: Annotated[str | None, typer.Option(help="Only those for it, or for all customers.")] = None,
    theme: Theme = None,
    stale: Annotated[
        bool | None, typer.Option("--stale/--sound", help="Only those that lost evidence, or not.")
    ] = None,
    cursor: options.Cursor = None,
    as_json: options.AsJson = False,
) -> None:
    """List the insights of a study, or work on them."""
    if context.invoked_subcommand is not None:
        return
    wanted = Wanted(status, segment, theme, stale)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            page = list_insights(session, slug, PageRequest(MOST_LIMIT, cursor), wanted)
    if as_json:
        write_json(page)
        return
    write(entry_line(insight) for insight in page.insights)
    tell_more(
        page.next_cursor,
        ""
        if page.insights
        else "There are no such insights: `verbatim insights add` and `verbatim insights import FILE` bring some.",
    )


@app.command()
def show(insight: Code, study: options.StudyName = None, as_json: options.AsJson = False) -> None:
    """Show an insight with the quotes that it rests on."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_insight(session, slug, insight)
    _tell(found, as_json=as_json)


@app.command()
def add(
    statement: Annotated[str, typer.Argument(help="The conclusion.")],
    study: options.StudyName = None,
    author: Author = NOBODY,
    code: Annotated[str | None, typer.Option(help="Its code; unset, the next free one.")] = None,
    segment: Segments = None,
    theme: Theme = None,
    day: Day = None,
    status: State = None,
    quote: Words = None,
    against: Contrary = None,
    as_json: options.AsJson = False,
) -> None:
    """Write an insight, with the words of participants that it rests on."""
    with opened() as services:
        form = options.form_of(
            InsightForm,
            study=choose_study(services.database, study),
            statement=statement,
            code=code,
            segments=segment,
            theme=theme,
            date=day.date() if day else None,
            status=status,
            evidence=[*_evidence(quote, Stance.FOR), *_evidence(against, Stance.AGAINST)],
        )
        found = create_insight(services, form, author)
    _tell(found, as_json=as_json)


@app.command()
def edit(
    insight: Code,
    study: options.StudyName = None,
    statement: Annotated[str | None, typer.Option(help="Other words for it.")] = None,
    author: Annotated[str | None, typer.Option(help="Who concluded it.")] = None,
    segment: Segments = None,
    theme: Theme = None,
    day: Day = None,
    status: State = None,
    as_json: options.AsJson = False,
) -> None:
    """Change an insight; what is left out stays."""
    changes = {"statement": statement, "author": author, "segments": segment, "theme": theme, "status": status}
    patch = options.form_of(InsightPatch, **changes, date=day.date() if day else None)
    with opened() as services:
        found = edit_insight(services, choose_study(services.database, study), insight, patch)
    _tell(found, as_json=as_json)


@app.command()
def link(
    insight: Code,
    quote: Annotated[str | None, typer.Option(help="Words of a participant, exactly.")] = None,
    utterance: Annotated[uuid.UUID | None, typer.Option(help="Instead of words: the utterance.")] = None,
    span: Annotated[
        tuple[int, int] | None, typer.Option(help="Of an utterance: where its words begin and end.")
    ] = None,
    against: Annotated[bool, typer.Option("--against", help="They speak against it.")] = False,
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Let an insight rest on words of a participant."""
    stance = Stance.AGAINST if against else Stance.FOR
    start_end = {"start": span[0], "end": span[1]} if span else {}
    evidence = options.form_of(EvidenceForm, quote=quote, utterance=utterance, stance=stance, **start_end)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions.begin() as session:
            found = link_evidence(session, slug, insight, evidence)
    _tell(found, as_json=as_json)


@app.command()
def unlink(
    insight: Code,
    utterance: Annotated[uuid.UUID | None, typer.Option(help="The utterance that holds the words.")] = None,
    span: Annotated[tuple[int, int] | None, typer.Option(help="Where the words begin and end in it.")] = None,
    lost: Annotated[bool, typer.Option("--lost", help="All evidence that is lost: it is stale no more.")] = False,
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Let an insight rest no more on some words, or forget what it lost."""
    if lost == (utterance is not None and span is not None):
        raise typer.BadParameter("say which words with --utterance and --span, or give --lost", param_hint="--lost")
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions.begin() as session:
            if utterance is None or span is None:
                found = forget_lost(session, slug, insight)
            else:
                found = unlink_evidence(session, slug, insight, Place(utterance, Span(*span)))
    _tell(found, as_json=as_json)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV of a board, Markdown, or a note on each line.")],
    study: options.StudyName = None,
    author: Author = NOBODY,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be imported.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Import the insights of a board; again, it brings them up to date."""
    if not file.is_file() or file.stat().st_size > MOST_BYTES:
        problem = f"larger than {MOST_BYTES:,} bytes" if file.is_file() else "there is no such file"
        raise InvalidInputError(
            "nothing was imported", (Fault(str(file), problem, "write the path of a board's file"),)
        )
    with opened() as services:
        slug = choose_study(services.database, study)
        report = import_insights(services, slug, BoardFile(file.name, file.read_bytes(), author), dry_run=dry_run)
    if as_json:
        write_json(report)
    else:
        write(import_lines(report))


def _evidence(quotes: list[str] | None, stance: Stance) -> list[dict[str, str]]:
    return [{"quote": quote, "stance": stance} for quote in quotes or []]


def _tell(found: InsightDetail, *, as_json: bool) -> None:
    if as_json:
        write_json(found)
        return
    settings = start()
    write(detail_lines(found, local_url(settings.host, settings.port)))
