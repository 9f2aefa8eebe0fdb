"""`verbatim import codebook`: codes from a REFI-QDA codebook, or from CSV."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.authors import Author, author_of
from app.commands.opening import opened
from app.commands.output import Line, line, tell, write, write_json
from app.commands.studies import choose_study
from app.research.exchange.codebook_in import import_codes
from app.research.exchange.codes_in import Importing
from app.research.exchange.schemas import ImportedCode
from app.vocabulary import Kind

app = typer.Typer()

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The file.")]
KindOfNew = Annotated[
    Kind | None, typer.Option("--kind", help="Kind of new codes that do not say theirs; unset, the nearest.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would become of it.")]


@app.command()
def codebook(
    file: File,
    study: options.StudyName = None,
    kind: KindOfNew = None,
    dry_run: DryRun = False,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Import codes from a REFI-QDA codebook (.qdc) or from CSV.

    Codes of a .qdc that the study has stay as they are; CSV also changes those that it names.
    """
    by = Importing(author_of(author), kind, dry_run)
    with opened() as services:
        slug = choose_study(services.database, study)
        report = import_codes(services, slug, file.read_bytes(), file.name, by)
    if as_json:
        write_json(report)
        return
    write(code_lines(report.codes))
    tell_dry_run(dry_run)


def code_lines(codes: Sequence[ImportedCode]) -> Iterator[Line]:
    """What became of codes: how many, and each that is new or changed."""
    outcomes = Counter(code.outcome for code in codes)
    yield line((", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "no codes", "bold"))
    for code in codes:
        if code.outcome in ("created", "changed"):
            kind = f"{code.kind} (guessed)" if code.guessed else f"{code.kind}"
            yield line((f"{code.outcome:<8} ", "green"), f"{code.code}  {kind}", (f"  {code.name}", "dim"))


def tell_dry_run(dry_run: bool) -> None:
    """Say that nothing was changed, if nothing was."""
    if dry_run:
        tell("Nothing was changed; leave --dry-run out to do it.")
