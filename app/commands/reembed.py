"""`verbatim reembed`: the switch to another embedder."""

import typer

from app.commands import options
from app.commands.opening import opened
from app.commands.output import line, write, write_json
from app.commands.progress import progress_bar
from app.commands.retag import report_lines
from ingest.reembed import reembed as make_vectors

app = typer.Typer()


@app.command()
def reembed(as_json: options.AsJson = False) -> None:
    """Make all vectors anew with the configured embedder.

    VERBATIM_EMBEDDER names it. Questions see the old vectors until all are made. Tags that were made with another
    embedder are made anew too.
    """
    with opened() as services, progress_bar("Making") as advance:
        report = make_vectors(services, advance)
    if as_json:
        write_json(report)
        return
    if report.before is None:
        write([line("There is nothing to embed yet.")])
    elif report.before == report.embedder:
        write([line(f"The index holds the vectors of {report.embedder} already.")])
    else:
        made = (
            f"{report.passages} passages, {report.codes} codes, {report.chunks} chunks and {report.insights} insights"
        )
        write([line(f"{made} have vectors of {report.embedder} now, before of {report.before}.")])
    write(entry for report_ in report.tagged for entry in report_lines(report_))
