"""`verbatim backup`: everything that an installation holds, in one file."""

from pathlib import Path
from typing import Annotated

import typer

from app.backup.make import make_backup
from app.blobs import open_blobs
from app.commands import options
from app.commands.opening import opened_database, start
from app.commands.output import line, tell, write, write_json
from app.commands.progress import progress_bar

app = typer.Typer()


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, which must not exist: verbatim-2026-11-30.tar.")],
    as_json: options.AsJson = False,
) -> None:
    """Write everything that this installation holds into one file: the database, and the recordings.

    The service may go on meanwhile. Keep the file as you keep the interviews: it holds what people said, readable.
    """
    settings = start()
    with opened_database() as database, progress_bar("Writing") as advance:
        manifest = make_backup(database, open_blobs(settings), file, advance)
    if as_json:
        write_json(manifest)
        return
    held = manifest.holdings
    write(
        [
            line(
                (str(file), "bold"),
                f": {held.studies} studies, {held.interviews} interviews, {held.answers} answers, "
                f"{len(manifest.files) - len(manifest.missing)} recordings, {file.stat().st_size / 1e6:,.1f} MB",
            )
        ]
    )
    for sha256 in manifest.missing:
        tell(f"Recording {sha256[:12]}… was lost before: the backup has not got it.")
