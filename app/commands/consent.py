"""`verbatim consent`: what participants agreed to, interview by interview."""

import datetime as dt
from typing import Annotated

import typer

from app.commands import options
from app.commands.authors import Author, author_of
from app.commands.opening import opened_database
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.privacy.consent import ConsentChanges, ConsentEntry, change_consent, list_consent

app = typer.Typer(help="List, give and withdraw consent to interviews.", no_args_is_help=True)


@app.command("list")
def list_all(study: options.StudyName = None, as_json: options.AsJson = False) -> None:
    """List what the participants of each interview agreed to, and what that allows today."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = list_consent(session, slug)
    if as_json:
        write_json(found)
        return
    for entry in found.interviews:
        write([_shown(entry)])


@app.command("set")
def change(
    interview: Annotated[str, typer.Argument(help="Which, I07.")],
    study: options.StudyName = None,
    recording: Annotated[bool | None, typer.Option(help="The recording may be played.")] = None,
    quotes: Annotated[bool | None, typer.Option(help="Words may be quoted within the company.")] = None,
    marketing: Annotated[bool | None, typer.Option(help="Words may be used in marketing.")] = None,
    until: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day.")] = None,
    unlimited: Annotated[bool, typer.Option("--unlimited", help="Without a last day.")] = False,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Enter what participants agree to from now on, or withdraw: it holds at once, for whatever is asked next."""
    changes = ConsentChanges(
        recording=recording,
        quotes=quotes,
        marketing=marketing,
        until=until.date() if until else None,
        unlimited=unlimited,
    )
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions.begin() as session:
            entry = change_consent(session, slug, interview, changes, author_of(author))
    if as_json:
        write_json(entry)
    else:
        write([_shown(entry)])


def _shown(entry: ConsentEntry) -> Line:
    uses = (("quotes", entry.may_quote), ("recording", entry.may_play), ("marketing", entry.may_market))
    told = "  ".join(f"{use} {'yes' if may else 'no'}" for use, may in uses)
    until = f"  until {entry.consent.until}" if entry.consent.until else ""
    return line((entry.interview, "bold"), f"  {' '.join(entry.participants)}  {told}{until}")
