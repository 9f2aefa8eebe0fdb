"""`verbatim taggings …`: codes on words of participants, by persons and models."""

import typer

from app.commands.taggings import lists, review, verdicts

app = typer.Typer(help="List, add, remove and review codes on words of participants.", invoke_without_command=True)
app.callback()(lists.list_all)
for part in (lists, review, verdicts):
    app.add_typer(part.app)
