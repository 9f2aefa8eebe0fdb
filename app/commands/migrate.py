"""`verbatim migrate`: the schema, brought up to date before services start."""

import typer

from app.commands.opening import opened_database
from app.commands.output import tell

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the schema of the database up to date."""
    with opened_database():
        tell("The schema is up to date.")
