"""`verbatim retention`: how long a study keeps interviews."""

from typing import Annotated

import typer

from app.commands import options
from app.commands.boundary import FAILED
from app.commands.erase import Yes, premises_at
from app.commands.opening import opened_database, start
from app.commands.output import Line, line, tell, write, write_json
from app.commands.studies import choose_study
from app.privacy.retention import (
    LONGEST_DAYS,
    Retention,
    RetentionPeriod,
    enforce_retention,
    read_retention,
    set_retention,
)

app = typer.Typer(
    help="Show or say how long a study keeps interviews; erase what was kept for long enough.", no_args_is_help=True
)


@app.command()
def show(study: options.StudyName = None, as_json: options.AsJson = False) -> None:
    """Show how long a study keeps interviews, and what was kept for longer."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_retention(session, slug)
    _tell(found, as_json)


@app.command("set")
def change(
    days: Annotated[
        int | None, typer.Argument(min=1, max=LONGEST_DAYS, help="Days after the day of an interview.")
    ] = None,
    study: options.StudyName = None,
    unlimited: Annotated[bool, typer.Option("--unlimited", help="Without limit.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Say for how long a study keeps interviews; a worker erases them, and who has no other, within ten minutes."""
    if (days is None) is not unlimited:
        raise typer.BadParameter("give either a number of days, or --unlimited")
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions.begin() as session:
            found = set_retention(session, slug, RetentionPeriod(days=days))
    _tell(found, as_json)


@app.command()
def run(
    study: options.StudyName = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is due, and erase nothing.")] = False,
    yes: Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Erase now what was kept for long enough, as a worker does by itself."""
    settings = start()
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_retention(session, slug)
        if dry_run:
            _tell(found, as_json)
            return
        count = len(found.due_interviews)
        if (
            count
            and not yes
            and not typer.confirm(f"Erase {count} interviews of {slug}? Nothing brings them back.", err=True)
        ):
            raise typer.Exit(FAILED)
        receipts = enforce_retention(premises_at(settings, database), slug)
    if as_json:
        write_json(receipts)
        return
    write(line(f"{receipt.kind}  receipt {receipt.id}") for receipt in receipts)
    tell(f"Erased: {len(receipts)}." if receipts else "Nothing was kept for long enough.")


def _tell(found: Retention, as_json: bool) -> None:
    if as_json:
        write_json(found)
        return
    period = f"for {found.days} days after their day" if found.days else "without limit"
    write([line((found.study, "bold"), f" keeps interviews {period}.")])
    write(_listed("interviews", found.due_interviews))
    write(_listed("participants of whom nothing else is kept", found.due_participants))


def _listed(what: str, codes: tuple[str, ...]) -> list[Line]:
    return [line(f"to be erased, {what}: {', '.join(codes)}", indent=2)] if codes else []
