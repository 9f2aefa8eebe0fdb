"""`verbatim economics`: which customers bring the money, and who of them was interviewed."""

from collections.abc import Iterator, Sequence

import typer

from app.commands import options
from app.commands.customers import import_file
from app.commands.files import deliver, format_of, picture
from app.commands.opening import opened_database
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.commands.value_scheme import scheme
from app.evidence.economics import Group
from app.research.charts.picture import draw, stack
from app.research.economics.figures import economics_charts, economics_csv
from app.research.economics.read import Wanted, read_economics
from app.research.economics.schemas import Economics, Invitation

app = typer.Typer(help="Show which customers bring the money, who of them was interviewed, and whom to invite next.")
app.command("import")(import_file)
app.command()(scheme)

_HEADER = (
    f"{'':<14}{'customers':>10}{'purchases':>11}{'revenue €':>14}{'share':>8}{'mean LTV €':>12}"
    f"{'interviewed':>13}{'share':>8}{'heard/paid':>12}"
)


@app.callback(invoke_without_command=True)
def economics(
    context: typer.Context,
    study: options.StudyName = None,
    planned: options.Planned = None,
    told_in: options.ToldIn = "en",
    file_format: options.FigureFormats = None,
    output: options.Output = None,
    as_json: options.AsJson = False,
) -> None:
    """Show which customers bring the money, who of them was interviewed, and whom to invite next."""
    if context.invoked_subcommand is not None:
        return
    chosen = format_of(file_format, output, options.FIGURES)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_economics(session, slug, Wanted(planned, told_in))
    if chosen:
        deliver(_figure(found, chosen, told_in), output)
    elif as_json:
        write_json(found)
    else:
        write(_lines(found))


def _figure(found: Economics, chosen: str, language: str) -> str | bytes:
    if chosen == "csv":
        return economics_csv(found)
    return picture(stack([draw(chart) for chart in economics_charts(found, language)]), chosen)


def _lines(found: Economics) -> Iterator[Line]:
    yield line((found.study, "bold"), f": {found.customers} customers, {found.revenue_eur:,.2f} € in all")
    for sentence in found.sentences:
        yield line((sentence, "bold"))
    if not found.customers:
        return
    yield from _table("LTV band", found.bands, found.unclassified_bands)
    yield from _table("class", found.classes, found.unclassified_classes)
    yield line()
    if found.interviewed_without_customer:
        yield line(f"interviewed and no known customers: {found.interviewed_without_customer}")
    yield from _invitations("band", found.invite_next.bands)
    yield from _invitations("class", found.invite_next.classes)


def _invitations(grouping: str, invitations: Sequence[Invitation]) -> Iterator[Line]:
    for invitation in invitations:
        named = f", such as {', '.join(invitation.customers)}" if invitation.customers else ""
        yield line(("invite next: ", "bold"), f"{invitation.wanting} of {grouping} {invitation.name}{named}")


def _table(name: str, groups: Sequence[Group], unclassified: Group | None) -> Iterator[Line]:
    yield line()
    yield line((name + _HEADER[len(name) :], "dim"))
    for group in (*groups, *([unclassified] if unclassified else [])):
        purchases = "–" if group.mean_purchases is None else f"{group.mean_purchases:.1f}"
        ltv = "–" if group.mean_ltv_eur is None else f"{group.mean_ltv_eur:,.2f}"
        coverage = "–" if group.coverage is None else f"{group.coverage:.2f}"
        yield line(
            f"{group.name:<14}{group.customers:>10}{purchases:>11}{group.revenue_eur:>14,.2f}"
            f"{group.revenue_share:>8.1%}{ltv:>12}{group.interviewed:>13}{group.interview_share:>8.1%}{coverage:>12}"
        )
