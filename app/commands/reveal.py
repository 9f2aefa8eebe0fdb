"""`verbatim reveal`: what the placeholders in a participant's interviews stand for."""

from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened_database, start
from app.commands.output import line, tell, write, write_json
from app.commands.studies import choose_study
from app.privacy.originals import read_originals
from app.vault import open_vault

app = typer.Typer()


@app.command()
def reveal(
    code: Annotated[str, typer.Argument(help="Whose interviews, P07.")],
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Show what the placeholders in a participant's interviews stand for."""
    settings = start()
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_originals(session, open_vault(settings), slug, code)
    if as_json:
        write_json(found)
        return
    write(line(f"{name}: {value}") for name, value in found.identity.items())
    write(line((each.label, "bold"), f"  {', '.join(each.originals)}") for each in found.placeholders)
    if not found.placeholders:
        tell(f"Nothing was replaced in what {code} said.")
