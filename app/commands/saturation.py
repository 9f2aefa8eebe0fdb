"""`verbatim saturation`: how much each further interview still tells."""

from collections.abc import Iterator
from typing import Annotated

import typer

from app.commands import options
from app.commands.files import deliver, format_of, picture
from app.commands.opening import opened_database
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.research.charts.picture import draw
from app.research.saturation.curves import StoppingRule
from app.research.saturation.figures import groups_csv, saturation_chart, saturation_csv
from app.research.saturation.read import Grouping, Wanted, read_groups, read_saturation
from app.research.saturation.schemas import Saturation, SaturationGroups

app = typer.Typer()


@app.command()
def saturation(
    study: options.StudyName = None,
    segment: Annotated[str | None, typer.Option(help="Only interviews with people of this segment.")] = None,
    language: Annotated[str | None, typer.Option(help="Only what was said in this language.")] = None,
    by: Annotated[Grouping | None, typer.Option(help="Compare all segments, or all languages.")] = None,
    base: Annotated[int, typer.Option(min=1, max=100, help="Interviews whose codes are the measure.")] = 4,
    run: Annotated[int, typer.Option(min=1, max=100, help="Interviews that are looked at together.")] = 2,
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="Most new information of a run, as a share of the base.")
    ] = 0.05,
    planned: options.Planned = None,
    by_persons: Annotated[bool, typer.Option("--by-persons", help="Count only what persons tagged.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the random orders.")] = 0,
    told_in: options.ToldIn = "en",
    file_format: options.FigureFormats = None,
    output: options.Output = None,
    as_json: options.AsJson = False,
) -> None:
    """Show how much each further interview still tells, and whether the study can stop."""
    chosen = format_of(file_format, output, options.FIGURES)
    if by and (segment or language or chosen in ("svg", "png")):
        raise typer.BadParameter("it compares all groups in one table: leave the rest out", param_hint="--by")
    wanted = Wanted(segment, language, StoppingRule(base, run, threshold), planned, by_persons, seed, told_in)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_groups(session, slug, by, wanted) if by else read_saturation(session, slug, wanted)
    if chosen:
        deliver(_figure(found, chosen, told_in), output)
    elif as_json:
        write_json(found)
    else:
        write(_lines(found) if isinstance(found, Saturation) else _group_lines(found))


def _figure(found: Saturation | SaturationGroups, chosen: str, language: str) -> str | bytes:
    if isinstance(found, SaturationGroups):
        return groups_csv(found)
    if chosen == "csv":
        return saturation_csv(found)
    return picture(draw(saturation_chart(found, language)), chosen)


def _group_lines(found: SaturationGroups) -> Iterator[Line]:
    yield line((f"{found.by:<20}{'interviews':>10}{'codes':>8}{'last new':>10}  verdict", "dim"))
    for group in found.groups:
        yield line(f"{group.name:<20}{group.interviews:>10}{group.codes:>8}{group.last_new:>10}  {group.verdict}")
        yield line((group.sentence, "dim"), indent=2)


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
