"""`verbatim taggings …`: codes on words of participants, by persons and models."""

import typer

from app.commands.taggings import lists, review, verdicts

app = typer.Typer(help="List, add, remove and review codes on words of participants.", no_args_is_help=True)
for part in (lists, review, verdicts):
    app.add_typer(part.app)
