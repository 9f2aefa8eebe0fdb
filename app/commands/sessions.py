"""`verbatim sessions`: who is signed in on the web pages."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened_database
from app.commands.output import line, tell, write, write_json
from app.privacy.sessions import end_sessions, list_sessions

app = typer.Typer(help="List and end the sessions of the web pages.", no_args_is_help=True)


@app.command("list")
def list_all(as_json: options.AsJson = False) -> None:
    """List who is signed in, the one seen last first."""
    with opened_database() as database, database.sessions() as session:
        found = list_sessions(session)
    if as_json:
        write_json(found)
        return
    if not found:
        tell("Nobody is signed in.")
    for each in found:
        times = f"since {_minute(each.created_at)}, seen {_minute(each.last_seen_at)}, ends {_minute(each.expires_at)}"
        write([line(f"{each.identifier}  by {each.by}  {times}  {each.name}")])


@app.command()
def end(
    identifier: Annotated[str, typer.Argument(help="Whose, as `verbatim sessions list` shows it.")],
) -> None:
    """Sign somebody out everywhere; who has a key that is valid can sign in again: revoke it first."""
    with opened_database() as database, database.sessions.begin() as session:
        count = end_sessions(session, identifier)
    tell(f"{count} session{'' if count == 1 else 's'} of {identifier} ended.")


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%MZ}"
