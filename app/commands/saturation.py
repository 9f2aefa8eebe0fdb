"""`verbatim saturation`: how much each further interview still tells."""

from collections.abc import Iterator
from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened_database
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.research.saturation.curves import StoppingRule
from app.research.saturation.read import Wanted, read_saturation
from app.research.saturation.schemas import Saturation

app = typer.Typer()


@app.command()
def saturation(
    study: options.StudyName = None,
    segment: Annotated[str | None, typer.Option(help="Only interviews with people of this segment.")] = None,
    language: Annotated[str | None, typer.Option(help="Only what was said in this language.")] = None,
    base: Annotated[int, typer.Option(min=1, max=100, help="Interviews whose codes are the measure.")] = 4,
    run: Annotated[int, typer.Option(min=1, max=100, help="Interviews that are looked at together.")] = 2,
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="Most new information of a run, as a share of the base.")
    ] = 0.05,
    planned: Annotated[int | None, typer.Option(min=1, max=10_000, help="How many interviews were planned.")] = None,
    by_persons: Annotated[bool, typer.Option("--by-persons", help="Count only what persons tagged.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the random orders.")] = 0,
    told_in: Annotated[str, typer.Option(help="Language of the sentence: en, de, es.")] = "en",
    as_json: options.AsJson = False,
) -> None:
    """Show how much each further interview still tells, and whether the study can stop."""
    wanted = Wanted(segment, language, StoppingRule(base, run, threshold), planned, by_persons, seed, told_in)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_saturation(session, slug, wanted)
    if as_json:
        write_json(found)
    else:
        write(_lines(found))


def _lines(found: Saturation) -> Iterator[Line]:
    yield line((found.sentence, "bold"))
    shares = {run.last: run.share for run in found.runs}
    for step in found.steps:
        share = f"{shares[step.number]:>7.1%}" if step.number in shares else " " * 7
        yield line(
            f"{step.number:>4}  {step.interview:<8}{step.distinct:>5}",
            (f"  {step.lower:>3}–{step.upper:<4}", "dim"),
            (share, "yellow"),
            f"  {' '.join(step.new)}",
        )
    if found.steps:
        about = (
            "codes so far, in random orders (middle 90 %), new in the run up to here as a share of the base, new codes"
        )
        yield line((about, "dim"))
