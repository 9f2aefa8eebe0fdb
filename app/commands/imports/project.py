"""`verbatim import project`: codes and codings from a REFI-QDA project."""

from collections.abc import Iterator

import typer

from app.commands import options
from app.commands.authors import Author, author_of
from app.commands.imports.codebook import DryRun, File, KindOfNew, code_lines, tell_dry_run
from app.commands.imports.taggings import tagging_lines
from app.commands.opening import opened
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.research.exchange.codes_in import Importing
from app.research.exchange.project_in import import_project
from app.research.exchange.schemas import ProjectImport

app = typer.Typer()


@app.command()
def project(
    file: File,
    study: options.StudyName = None,
    kind: KindOfNew = None,
    dry_run: DryRun = False,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Import codes and codings from a REFI-QDA project (.qdpx): ATLAS.ti, MAXQDA, NVivo, QualCoder.

    Codings are taken over where their words are a participant's in a published transcript; all others are listed.
    """
    by = Importing(author_of(author), kind, dry_run)
    with opened() as services:
        slug = choose_study(services.database, study)
        report = import_project(services, slug, file.read_bytes(), by)
    if as_json:
        write_json(report)
        return
    write(_lines(report))
    tell_dry_run(dry_run)


def _lines(report: ProjectImport) -> Iterator[Line]:
    if report.origin:
        yield line((f"from {report.origin}", "dim"))
    yield from code_lines(report.codes)
    for source in report.sources:
        held = source.interview or ("no published transcript" if source.in_file else "not in the file")
        counting = f" · counts {source.counting}" if source.counting else ""
        yield line(f"{source.name}: {held}", (f" · {source.selections} selections{counting}", "dim"))
    yield from tagging_lines(report)
    if report.spread:
        yield line(f"{report.spread} codings are over several turns: each turn has its own tagging")
    if report.left_out:
        yield line(f"not taken over: {', '.join(f'{count} {name}' for name, count in report.left_out.items())}")
