"""`verbatim keys`: who may use the service over the network."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened_database
from app.commands.output import line, tell, write, write_json
from app.privacy.keys import KeyFacts, KeyRole, create_key, grant_study, list_keys, revoke_key, withdraw_study

app = typer.Typer(help="Create, list and revoke API keys.", no_args_is_help=True)

_DAYS = re.compile(r"([1-9]\d{0,4})d", re.ASCII)


def _moment(value: str) -> datetime:
    """A day, of which the key does not see the end, or a number of days from now."""
    days = _DAYS.fullmatch(value)
    if days:
        return datetime.now(UTC) + timedelta(days=int(days[1]))
    try:
        return datetime.combine(date.fromisoformat(value), time(), UTC)
    except ValueError as error:
        raise typer.BadParameter("write a day such as 2027-03-31, or a number of days such as 90d") from error


Identifier = Annotated[str, typer.Argument(help="The second part of the key, as `verbatim keys list` shows it.")]
Role = Annotated[KeyRole, typer.Option(help="What the key allows.")]
Study = Annotated[str, typer.Option(help="The study.")]


@app.command()
def create(
    role: Role,
    name: Annotated[str, typer.Option(help="Who uses the key.")] = "command line",
    study: Annotated[
        list[str] | None, typer.Option(help="Only in this study; unset, in all, also those to come. Repeatable.")
    ] = None,
    expires: Annotated[
        datetime | None, typer.Option(parser=_moment, metavar="DAY", help="2027-03-31, or 90d; unset, never.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Make a key and write it to stdout, this once."""
    with opened_database() as database, database.sessions.begin() as session:
        key = create_key(session, name, role, studies=study or (), expires_at=expires)
    if as_json:
        write_json({"key": key, "name": name, "role": role, "studies": study, "expires_at": expires})
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
        last_used = f"last used {_day(key.last_used_at)}"
        made = f"made {_day(key.created_at)}"
        write([line(f"{key.identifier}  {_allowed(key)}  {made}  {last_used}  {_state(key)}  {key.name}")])


@app.command()
def grant(identifier: Identifier, role: Role, study: Study) -> None:
    """Let a key allow this in one study, whatever it allowed there before."""
    with opened_database() as database, database.sessions.begin() as session:
        grant_study(session, identifier, study, role)
    tell(f"The key {identifier} allows what a {role} does in {study}.")


@app.command()
def withdraw(identifier: Identifier, study: Study) -> None:
    """Take what a key allows in one study away again; what it allows in all stays."""
    with opened_database() as database, database.sessions.begin() as session:
        withdraw_study(session, identifier, study)
    tell(f"The key {identifier} allows nothing of its own in {study} any more.")


@app.command()
def revoke(identifier: Identifier) -> None:
    """Make a key invalid for ever."""
    with opened_database() as database, database.sessions.begin() as session:
        revoke_key(session, identifier)
    tell(f"The key {identifier} is revoked.")


def _allowed(key: KeyFacts) -> str:
    everywhere = [f"{key.role} of all studies"] if key.role else []
    return ", ".join([*everywhere, *(f"{role} of {slug}" for slug, role in key.studies.items())]) or "nothing"


def _state(key: KeyFacts) -> str:
    if key.revoked_at is not None:
        return f"revoked {_day(key.revoked_at)}"
    if key.expires_at is None:
        return "does not expire"
    return f"{'expired' if key.expires_at <= datetime.now(UTC) else 'expires'} {_day(key.expires_at)}"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "never"
