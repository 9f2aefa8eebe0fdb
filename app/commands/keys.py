"""`verbatim keys`: who may use the service over the network."""

from datetime import datetime
from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened_database
from app.commands.output import line, tell, write, write_json
from app.privacy.keys import KeyRole, create_key, list_keys, revoke_key

app = typer.Typer(help="Create, list and revoke API keys.", no_args_is_help=True)


@app.command()
def create(
    role: Annotated[KeyRole, typer.Option(help="What the key allows.")],
    name: Annotated[str, typer.Option(help="Who uses the key.")] = "command line",
    as_json: options.AsJson = False,
) -> None:
    """Make a key and write it to stdout, this once."""
    with opened_database() as database, database.sessions.begin() as session:
        key = create_key(session, name, role)
    if as_json:
        write_json({"key": key, "name": name, "role": role})
    else:
        tell("Keep the key now, it is not shown again; send it as `Authorization: Bearer KEY`.")
        write([line(key)])


@app.command("list")
def list_all(as_json: options.AsJson = False) -> None:
    """List the keys, revoked ones included; their secrets are not stored."""
    with opened_database() as database, database.sessions() as session:
        keys = list_keys(session)
    if as_json:
        write_json(keys)
        return
    for key in keys:
        state = f"revoked {_day(key.revoked_at)}" if key.revoked_at else f"last used {_day(key.last_used_at)}"
        write([line(f"{key.identifier}  {key.role:<10}  made {_day(key.created_at)}  {state:<20}  {key.name}")])


@app.command()
def revoke(
    identifier: Annotated[str, typer.Argument(help="The first part of the key, as `verbatim keys list` shows it.")],
) -> None:
    """Make a key invalid for ever."""
    with opened_database() as database, database.sessions.begin() as session:
        revoke_key(session, identifier)
    tell(f"The key {identifier} is revoked.")


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "never"
