"""`verbatim audit`: who read, exported, changed and erased what."""

from datetime import datetime
from typing import Annotated

import typer

from app.commands import options
from app.commands.boundary import FAILED
from app.commands.opening import opened_database
from app.commands.output import line, tell, write, write_json
from app.privacy.audit import Action, Wanted, list_events, verify_chain

app = typer.Typer(help="Show who read, exported, changed and erased what; check the chain.", no_args_is_help=True)


@app.command("list")
def list_all(
    study: options.StudyName = None,
    actor: Annotated[str | None, typer.Option(help="Only what this key did, by its identifier.")] = None,
    action: Annotated[Action | None, typer.Option(help="Only such deeds.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only from this day on.")] = None,
    before: Annotated[int | None, typer.Option(min=1, help="Only events before this number.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most events.")] = 100,
    as_json: options.AsJson = False,
) -> None:
    """List events, the newest first."""
    with opened_database() as database, database.sessions() as session:
        since = since.astimezone() if since else None
        events = list_events(session, Wanted(study, actor, action, since), before, limit)
    if as_json:
        write_json(events)
        return
    for event in events:
        what = "  ".join(part for part in (event.operation, event.study, event.object) if part)
        write([line(f"{event.id}  {event.at:%Y-%m-%d %H:%M:%S}  {event.actor}  {event.action}  {what}")])


@app.command()
def verify(
    head: Annotated[str | None, typer.Option(help="The hash that an earlier check showed as the last.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """Compute the chain of hashes anew; exits with 1 where an event was changed or is missing.

    Note what it shows as the last hash: with `--head` it also finds out whether events were taken from the end.
    """
    with opened_database() as database, database.sessions() as session:
        check = verify_chain(session)
        is_known = head is None or bool(list_events(session, Wanted(hash=head), None, 1))
    if as_json:
        write_json(check.model_dump(mode="json") | {"whole": check.is_whole, "head_known": is_known})
    elif check.is_whole and is_known:
        write([line(f"{check.events} events, whole; the last is {check.head or 'none'}")])
    if not check.is_whole:
        tell(f"Event {check.broken_at} was changed, or one before it is missing.")
    if not is_known:
        tell("No event has the hash that you noted: events were taken from the end, or all of them replaced.")
    if not (check.is_whole and is_known):
        raise typer.Exit(FAILED)
