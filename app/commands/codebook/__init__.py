"""`verbatim codebook …`: the codes of a study, changed with their history kept."""

import typer

from app.commands.codebook import agreement, codes, moves, themes

app = typer.Typer(help="List and change the codes of a study, and see what no code names yet.", no_args_is_help=True)
for part in (codes, moves, themes, agreement):
    app.add_typer(part.app)
