"""`verbatim sources`: external documents, taken in, compared over time, removed."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.boundary import FAILED, complain
from app.commands.opening import opened, opened_database
from app.commands.output import tell, tell_more, write, write_json
from app.commands.progress import progress_bar
from app.commands.source_lines import change_lines, detail_lines, entry_line, taken_line
from app.commands.studies import choose_study
from app.documents.extraction import MOST_BYTES
from app.documents.web import PublicWeb
from app.errors import AppError, Fault, InvalidInputError
from app.library.pages import MOST_LIMIT, PageRequest
from app.research.sources.form import SourceForm
from app.research.sources.manage import refresh as refresh_source
from app.research.sources.manage import remove as remove_source
from app.research.sources.manage import take_file, take_page
from app.research.sources.read import Wanted, list_sources, read_changes, read_source, sources_with_address
from app.vocabulary import SourceKind

app = typer.Typer(help="List external documents; add, refresh, compare, show and remove them.")

Code = Annotated[str, typer.Argument(help="The source, S01.")]
_DAY = ["%Y-%m-%d"]


@app.callback(invoke_without_command=True)
def list_all(
    context: typer.Context,
    study: options.StudyName = None,
    kind: Annotated[SourceKind | None, typer.Option(help="Only sources of this kind.")] = None,
    competitor: Annotated[str | None, typer.Option(help="Only sources about this competitor.")] = None,
    cursor: options.Cursor = None,
    as_json: options.AsJson = False,
) -> None:
    """List the external documents of a study, or work on them."""
    if context.invoked_subcommand is not None:
        return
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            page = list_sources(session, slug, PageRequest(MOST_LIMIT, cursor), kind, competitor)
    if as_json:
        write_json(page)
        return
    write(entry_line(source) for source in page.sources)
    tell_more(
        page.next_cursor,
        ""
        if page.sources
        else "There are no sources yet: `verbatim sources add FILE` or `verbatim sources add URL` adds one.",
    )


@app.command()
def add(
    what: Annotated[str, typer.Argument(metavar="FILE|URL", help="HTML, PDF, DOCX, Markdown or text.")],
    study: options.StudyName = None,
    kind: Annotated[SourceKind, typer.Option(help="What it is.")] = SourceKind.OTHER,
    title: Annotated[str | None, typer.Option(help="What it is called; unset, what it calls itself.")] = None,
    competitor: Annotated[str | None, typer.Option(help="Whom it is about; unset, whom its title names.")] = None,
    url: Annotated[str | None, typer.Option(help="Of a file: where it is from.")] = None,
    day: Annotated[datetime | None, typer.Option("--date", formats=_DAY, help="Of a file: of when it is.")] = None,
    version_of: Annotated[str | None, typer.Option(help="The source that it is the next version of, S01.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """Add a file, or a page of the web; the same again changes nothing."""
    is_page = what.lower().startswith(("http://", "https://"))
    with opened() as services, progress_bar("Reading"):
        form = options.form_of(
            SourceForm,
            study=choose_study(services.database, study),
            kind=kind,
            title=title,
            competitor=competitor,
            url=what if is_page else url,
            date=day.date() if day else None,
            source=version_of,
        )
        if is_page:
            taken = take_page(services, form, PublicWeb())
        else:
            taken = take_file(services, form, Path(what).name, _read(Path(what)))
    if as_json:
        write_json(taken)
    else:
        write([taken_line(taken)])
        for warning in taken.warnings:
            tell((warning, "yellow"))


@app.command()
def refresh(
    codes: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]…", help="The sources, S01.")] = None,
    all_of_them: Annotated[bool, typer.Option("--all", help="All sources that have an address.")] = False,
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Fetch pages again; what says something else than before has a new version."""
    if bool(codes) == all_of_them:
        raise typer.BadParameter("name sources, or give --all", param_hint="SOURCE")
    taken, failed = [], False
    with opened() as services, progress_bar("Fetching") as advance:
        slug = choose_study(services.database, study)
        if all_of_them:
            with services.database.sessions() as session:
                codes = list(sources_with_address(session, slug))
        for done, code in enumerate(codes or []):
            advance(code, done, len(codes or []))
            try:
                taken.append(refresh_source(services, slug, code, PublicWeb()))
            except AppError as error:
                complain(
                    InvalidInputError(f"{code}: {error.message}", tuple(replace(at, place=code) for at in error.faults))
                )
                failed = True
    if as_json:
        write_json(taken)
    else:
        write(map(taken_line, taken))
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def diff(
    source: Code,
    study: options.StudyName = None,
    before: Annotated[int | None, typer.Option("--from", min=1, help="Version; unset, the one before.")] = None,
    after: Annotated[int | None, typer.Option("--to", min=1, help="Version; unset, the current one.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="Instead of --from: what was known then.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Compare two versions of a source, sentence by sentence."""
    wanted = Wanted(before, after, since.date() if since else None)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            changes = read_changes(session, slug, source, wanted)
    if as_json:
        write_json(changes)
    else:
        write(change_lines(changes))


@app.command()
def show(
    source: Code,
    study: options.StudyName = None,
    version: Annotated[int | None, typer.Option(min=1, help="Which version; unset, the current one.")] = None,
    cursor: options.Cursor = None,
    as_json: options.AsJson = False,
) -> None:
    """Show what a source is, its versions, and its text."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_source(session, slug, source, version, cursor)
    if as_json:
        write_json(found)
        return
    write(detail_lines(found))
    tell_more(found.next_cursor)


@app.command()
def remove(
    source: Code,
    study: options.StudyName = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a source with all that it ever said."""
    with opened_database() as database:
        slug = choose_study(database, study)
        if not yes:
            typer.confirm(f"Remove {source} of {slug} with all its versions?", abort=True, err=True)
        with database.sessions.begin() as session:
            remove_source(session, slug, source)
    tell(f"{source} is removed.")


def _read(path: Path) -> bytes:
    if not path.is_file():
        fault = Fault(str(path), "there is no such file", "write the path of a file, or an address with https://")
        raise InvalidInputError("nothing was added", (fault,))
    if path.stat().st_size > MOST_BYTES:
        raise InvalidInputError("nothing was added", (Fault(str(path), "larger than 50 MB", "split the document"),))
    return path.read_bytes()
