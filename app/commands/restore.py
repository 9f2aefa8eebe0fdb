"""`verbatim restore`: a backup put into an installation that holds nothing yet."""

from pathlib import Path
from typing import Annotated

import typer

from app.backup.restore import restore_backup
from app.commands import options
from app.commands.erase import premises_at
from app.commands.opening import note_command, opened_database, start
from app.commands.output import line, tell, write, write_json
from app.commands.progress import progress_bar

app = typer.Typer()


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `verbatim backup` wrote.")],
    erasures: Annotated[
        list[Path] | None, typer.Option(help="The erasures.jsonl of another installation, to erase again. Repeatable.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Put a backup into an installation without studies.

    Whoever was erased after the backup was made is erased again, by erasures.jsonl in the data directory and with
    the privacy.key that it was written with.

    A backup of an older version is brought up to date. A backup is a program for the database: restore only
    files of your own.
    """
    settings = start()
    with opened_database() as database, progress_bar("Restoring") as advance:
        report = restore_backup(premises_at(settings, database), file, settings.data_dir, advance, erasures or ())
        note_command(database)  # what was noted before is not in the backup
    if as_json:
        write_json(report)
        return
    held = report.holdings
    told = f"{held.studies} studies, {held.interviews} interviews, {held.answers} answers, {report.files} recordings"
    write([line(f"Restored of {report.backup.made_at:%Y-%m-%d %H:%M} UTC: {told}.")])
    if report.erased_again:
        tell(f"Erased again, by the ledger: {report.erased_again}.")
    for sha256 in report.missing:
        tell(f"Recording {sha256[:12]}… is not in the backup.")
