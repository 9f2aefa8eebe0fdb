"""`verbatim codebook …`: the codes of a study, changed with their history kept."""

import typer

from app.commands.codebook import agreement, codes, moves, themes

app = typer.Typer(help="List and change the codes of a study; see what none names yet.", invoke_without_command=True)
app.callback()(codes.list_all)
for part in (codes, moves, themes, agreement):
    app.add_typer(part.app)
