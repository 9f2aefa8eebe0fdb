"""`verbatim export participant`: everything that is held of a participant, as one archive."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.erase import premises_at
from app.commands.files import written_whole
from app.commands.opening import opened_database, start
from app.commands.output import tell, write_json
from app.commands.studies import choose_study
from app.privacy.access import export_participant

app = typer.Typer()


@app.command()
def participant(
    code: Annotated[str, typer.Argument(help="Who, P07.")],
    output: Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="The file, P07.zip.")],
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Export everything that is held of a participant as one archive (Art. 15 and 20 GDPR)."""
    settings = start()
    with opened_database() as database, written_whole(output) as path:
        facts = export_participant(premises_at(settings, database), choose_study(database, study), code, path)
    if as_json:
        write_json(facts)
        return
    tell(f"{output}: {facts.interviews} interviews, {facts.utterances} utterances, {facts.recordings} recordings")
    if facts.left_out:
        tell(f"{facts.left_out} recordings are lost, or have other participants in them, and were left out.")
