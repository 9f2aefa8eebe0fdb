"""`verbatim export codebook`: codes as a REFI-QDA codebook, or as CSV."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened_database
from app.commands.output import tell, write_json
from app.commands.studies import choose_study
from app.research.exchange.codebook_table import export_codebook_table
from app.research.exchange.exports import export_codebook

app = typer.Typer()

OutFile = Annotated[Path | None, typer.Option("--out", "-o", dir_okay=False, help="The file; unset, stdout.")]


@app.command()
def codebook(
    out: OutFile = None,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV.")] = False,
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Export the codes of a study as a REFI-QDA codebook (.qdc) or as CSV."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            content = export_codebook_table(session, slug) if csv else export_codebook(session, slug).decode()
    deliver(content, out, as_json)


def deliver(content: str, out: Path | None, as_json: bool) -> None:
    """Write a text to a file, or to stdout."""
    if out is not None:
        write_file(content.encode(), out, as_json)
    elif as_json:
        write_json({"content": content})
    else:
        sys.stdout.write(content)


def write_file(content: bytes, out: Path, as_json: bool) -> None:
    """Write a file, and say so."""
    out.write_bytes(content)
    if as_json:
        write_json({"file": str(out), "bytes": len(content)})
    else:
        tell(f"{out}: {len(content):,} bytes")
