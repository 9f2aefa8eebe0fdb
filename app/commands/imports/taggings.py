"""`verbatim import taggings`: taggings from CSV."""

from collections.abc import Iterator

import typer

from app.commands import options
from app.commands.authors import Author, author_of
from app.commands.imports.codebook import DryRun, File, tell_dry_run
from app.commands.opening import opened
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.research.exchange.codes_in import Importing
from app.research.exchange.schemas import TaggingsImport
from app.research.exchange.taggings_table import import_taggings_table

app = typer.Typer()


@app.command()
def taggings(
    file: File,
    study: options.StudyName = None,
    dry_run: DryRun = False,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Import taggings from CSV.

    The columns are those of a study folder's taggings.csv, and those that `verbatim export taggings` writes.
    """
    by = Importing(author_of(author), dry_run=dry_run)
    with opened() as services:
        slug = choose_study(services.database, study)
        report = import_taggings_table(services, slug, file.read_bytes(), file.name, by)
    if as_json:
        write_json(report)
        return
    write(tagging_lines(report))
    tell_dry_run(dry_run)


def tagging_lines(report: TaggingsImport) -> Iterator[Line]:
    """What became of taggings: how many, and each that was left out, with the reason."""
    left_out = len(report.unplaced) + report.more_unplaced
    yield line((f"{report.added} taggings added, {report.known} known, {left_out} left out", "bold"))
    for each in report.unplaced:
        yield line((f"{each.place}: ", "yellow"), f"{each.code}: {each.reason}", (f"  {each.source}", "dim"))
        if each.words:
            yield line(f"“{each.words}”", indent=4)
    if report.more_unplaced:
        yield line(f"… and {report.more_unplaced} more")
